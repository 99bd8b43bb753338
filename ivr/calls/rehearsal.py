"""The simulator's desk and studio: reports and notices that exist only while one conversation is rehearsed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.callflow.errands import AskInForce, CheckPin, EndNotice, Errand, InForce, Nobody, Publish, Volunteer
from ivr.calls.terminal import SPOKEN
from ivr.reports import desk

RECEIPT = "482915730662"
PIN = "12345678"
VOLUNTEER = Volunteer("alice", ("en", "fr"))


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
    """Behaves like the studio, for one volunteer; no caller hears its notices."""

    def __init__(self) -> None:
        self._in_force: dict[str, InForce] = {}

    def perform(self, errand: Errand[Any]) -> object:
        """Do one errand."""
        match errand:
            case CheckPin():
                return VOLUNTEER if errand.digits == PIN else Nobody()
            case Publish():
                new = errand.announced
                self._in_force[new.service] = InForce(new.service, new.service, new)
                return True
            case AskInForce():
                return tuple(self._in_force.values())
            case EndNotice():
                del self._in_force[errand.id]
        return None
