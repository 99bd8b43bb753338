"""The simulator's desk and studio: reports and notices that exist only while one conversation is rehearsed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.callflow.actions import Clip
from ivr.callflow.errands import (
    AskInForce,
    AskToJudge,
    AskToRecord,
    CheckPin,
    EndNotice,
    Errand,
    InForce,
    Judge,
    KeepTake,
    Nobody,
    Publish,
    Speak,
    Spoken,
    ToJudge,
    Volunteer,
)
from ivr.callflow.line import Line
from ivr.calls.booth import as_callers_come
from ivr.calls.house import Recorder
from ivr.calls.terminal import SPOKEN
from ivr.reports import desk

RECEIPT = "482915730662"
PIN = "12345678"
VOLUNTEER = Volunteer("alice", ("en", "fr"))
TAPE = "tape:rehearsal"


class RehearsalDesk:
    """Behaves like the desk, and keeps nothing."""

    def __init__(self) -> None:
        self.parts = 0

    def new_report(self) -> str:
        """Return the one report there is."""
        return "rehearsal"

    def has_room(self) -> bool:
        """Say that there is room."""
        return True

    def recording(self, report: str, part: int) -> Path:
        """Return a name to which nothing is written."""
        self.parts = part
        return Path(f"{report}.{part}")

    def note(self, report: str, part: int, facts: Mapping[str, Any]) -> None:
        """Forget it."""

    def kept(self, report: str, part: int, timeout: float) -> desk.Kept | None:  # noqa: ARG002 - the desk's signature
        """Say that the speech was kept."""
        return desk.Kept(SPOKEN, voice=True, complete=True)

    def issue(self, report: str) -> str | None:  # noqa: ARG002 - the desk's signature
        """Return the rehearsal's receipt."""
        return RECEIPT

    def find(self, code: str) -> desk.Found | desk.Unknown | desk.Later:
        """Know that one receipt."""
        return desk.Found("rehearsal", self.parts + 1, None) if code == RECEIPT else desk.Unknown()

    def heard(self, answer: Path) -> None:
        """There are no answers."""


class RehearsalStudio:
    """Behaves like the studio, for one volunteer, who judges what they recorded; no caller hears of it."""

    def __init__(self, phone: Recorder, line: Line) -> None:
        self._phone = phone
        self._line = line
        self._in_force: dict[str, InForce] = {}
        self._waiting: list[ToJudge] = []

    def perform(self, errand: Errand[Any]) -> object:  # noqa: PLR0911 - one line a kind of errand
        """Do one errand."""
        match errand:
            case CheckPin():
                return VOLUNTEER if errand.digits == PIN else Nobody()
            case Publish():
                return self._publish(errand)
            case AskInForce():
                return tuple(self._in_force.values())
            case EndNotice():
                del self._in_force[errand.id]
            case Speak():
                self._phone.record(TAPE, errand.longest)
                return Spoken(Clip(errand.language, TAPE))
            case AskToRecord():
                return tuple(Clip(errand.language, clip) for clip in as_callers_come(self._line))
            case KeepTake():
                self._waiting.append(ToJudge(errand.clip, errand.spoken))
                return True
            case AskToJudge():
                return tuple(self._waiting)
            case Judge():
                self._waiting = [one for one in self._waiting if one.spoken != errand.spoken]
                return True
        return None

    def leave(self) -> None:
        """Nothing is left of it."""

    def _publish(self, asked: Publish) -> bool:
        new = asked.announced
        self._in_force[new.service] = InForce(new.service, new.service, None if asked.spoken else new, asked.spoken)
        return True
