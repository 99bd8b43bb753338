"""Answers the errands of one call of the studio; without the right PIN it does nothing."""

import logging
from typing import Any

from ivr.callflow.actions import Clip
from ivr.callflow.errands import (
    Announced,
    AskInForce,
    AskToJudge,
    AskToRecord,
    CheckPin,
    EndNotice,
    Errand,
    InForce,
    Judge,
    KeepTake,
    Locked,
    Nobody,
    Publish,
    Speak,
    Volunteer,
)
from ivr.calls.board import NoSuchNotice
from ivr.calls.booth import Booth
from ivr.calls.publications import Publications
from ivr.content.notices import SPOKEN, Notice
from ivr.reports.disk import DiskFull

log = logging.getLogger(__name__)


class Studio:
    """The outside of one call; it remembers which volunteer has called."""

    def __init__(self, publications: Publications, booth: Booth) -> None:
        self._publications = publications
        self._booth = booth
        self._volunteer: Volunteer | None = None

    def perform(self, errand: Errand[Any]) -> object:
        """Do one errand; raise PermissionError before the right PIN."""
        if isinstance(errand, CheckPin):
            return self._check(errand.digits)
        if self._volunteer is None:
            raise PermissionError("the studio does nothing before the right PIN.")
        match errand:
            case Publish():
                return self._publish(self._volunteer, errand)
            case AskInForce():
                return tuple(_in_force(one) for one in self._publications.board.in_force(errand.at.date()))
            case EndNotice():
                self._end(self._volunteer, errand.id)
                return None
            case _:
                return self._record(self._volunteer, errand)

    def _record(self, volunteer: Volunteer, errand: Errand[Any]) -> object:
        match errand:
            case Speak():
                return self._booth.speak(errand)
            case AskToRecord():
                return self._booth.to_record(errand)
            case KeepTake():
                return self._booth.keep(volunteer, errand)
            case AskToJudge():
                return self._booth.to_judge(volunteer)
            case Judge():
                return self._booth.judge(volunteer, errand)
            case _:
                raise TypeError(f"the studio knows no {type(errand).__name__}.")

    def leave(self) -> None:
        """Forget what this call recorded and did not keep."""
        self._booth.leave()

    def _check(self, digits: str) -> Volunteer | Nobody | Locked:
        found = self._publications.volunteers.whose(digits)
        if isinstance(found, Volunteer):
            self._volunteer = found
        elif isinstance(found, Nobody) and self._publications.volunteers.locked():
            self._publications.locked()
        return found

    def _publish(self, volunteer: Volunteer, asked: Publish) -> bool:
        try:
            self._publications.publish(volunteer.name, asked)
        except (OSError, DiskFull) as error:
            log.error("a notice could not be published: %s", error)  # noqa: TRY400 - no traceback helps
            return False
        return True

    def _end(self, volunteer: Volunteer, name: str) -> None:
        try:
            self._publications.end(volunteer.name, name)
        except NoSuchNotice:
            return  # somebody else ended it meanwhile


def _in_force(notice: Notice) -> InForce:
    keys = None if notice.change == "none" else Announced(notice.service, notice.at, notice.last)
    return InForce(notice.id, notice.service, keys, tuple(Clip(code, f"{SPOKEN}{notice.id}") for code in notice.spoken))
