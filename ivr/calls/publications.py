"""Publishing and ending notices, by telephone or from the command line: each is told by mail to every volunteer."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr.callflow.errands import Publish
from ivr.calls.board import Board
from ivr.calls.recordings import Recordings
from ivr.calls.volunteers import Volunteers
from ivr.content.notices import Notice
from ivr.reports import outbox
from ivr.reports.disk import DiskFull
from ivr.reports.outbox import Mail

_CHANGES = {"cancelled": "cancelled", "moved": "begins at {at}", "none": "spoken words, the usual hours"}
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Publications:
    """The notice board, the volunteers, the folder of mails that wait to be sent, and what was recorded."""

    board: Board
    volunteers: Volunteers
    mails: Path
    recordings: Recordings

    def publish(self, by: str, asked: Publish) -> Notice:
        """Let callers hear a notice. Raise OSError or DiskFull."""
        new = asked.announced
        change = "none" if asked.spoken else "moved" if new.at else "cancelled"
        notice = self.board.publish(
            lambda notice: self.recordings.keep_notice(notice.id, asked.spoken),
            by=by,
            service=new.service,
            change=change,
            at=new.at,
            spoken=tuple(one.language for one in asked.spoken),
            **{"from": asked.on, "to": new.last},
        )
        self._mail(f"Notice: {summary(notice)}", f"Published by {by}. If it is wrong: `ivr notices end {notice.id}`.")
        return notice

    def end(self, by: str, name: str) -> Notice:
        """End a notice. Raise NoSuchNotice or OSError."""
        notice = self.board.end(name)
        self._mail(f"Notice ended: {summary(notice)}", f"Ended by {by}. Callers hear the usual hours again.")
        return notice

    def locked(self) -> None:
        """Tell every volunteer that the studio is locked."""
        text = "Too many wrong PINs: for an hour the studio lets nobody in. `ivr volunteers unlock` opens it sooner."
        self._mail("The studio is locked", text)

    def _mail(self, subject: str, text: str) -> None:
        """Mail every volunteer; where that fails it is logged, for what the mail tells of is done already."""
        try:
            if to := self.volunteers.mails():
                outbox.post(self.mails, Mail(subject, f"{subject}.\n\n{text}", to))
        except (OSError, DiskFull) as error:
            _log.error("no volunteer gets the mail %r: %s", subject, error)


def summary(notice: Notice) -> str:
    """Return in one line which service, what is new, and until when."""
    change = _CHANGES[notice.change].format(at=notice.at)
    spoken = f", spoken in {' '.join(notice.spoken)}" if notice.spoken else ""
    return f"{notice.service}, {change}, until {notice.last:%A %d %B %Y}{spoken}"
