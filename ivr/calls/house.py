"""Answers the actions that need the outside: the report of this call, its parts, and receipts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from ivr.callflow.actions import (
    Connected,
    Found,
    Full,
    Kept,
    Later,
    NoAnswer,
    Note,
    NotYet,
    Receipt,
    Record,
    Recorded,
    Unknown,
)
from ivr.callflow.errands import Errand
from ivr.calls.agi import CannotRecord, Tape
from ivr.calls.people import Dialler, People
from ivr.reports import desk as reports

WAIT_FOR_SEALING = 0.5  # seconds between two prompts: a key that comes meanwhile is lost, so no longer


class Recorder(Protocol):
    """The part of a phone that records."""

    def record(self, sound: str, seconds: float) -> Tape:
        """Sound the tone and record; `sound` is a path without its ending."""


class Studio(Protocol):
    """What a volunteer's call needs; `studio.Studio` says more."""

    def perform(self, errand: Errand[Any]) -> object:
        """Do one errand."""

    def leave(self) -> None:
        """Forget what was recorded and not kept."""


class Desk(Protocol):
    """Where reports are handed in; `reports.desk.Desk` says what each of these does."""

    def new_report(self) -> str:
        """Name a report."""

    def has_room(self) -> bool:
        """Tell whether a report fits."""

    def recording(self, report: str, part: int) -> Path:
        """Name a part's sound."""

    def note(self, report: str, part: int, facts: Mapping[str, Any]) -> None:
        """Hand in facts."""

    def kept(self, report: str, part: int, timeout: float) -> reports.Kept | None:
        """Tell what is sealed."""

    def issue(self, report: str) -> str | None:
        """Make a receipt."""

    def find(self, code: str) -> reports.Found | reports.Unknown | reports.Later:
        """Look a receipt up."""

    def heard(self, answer: Path) -> None:
        """Remove an answer."""


class House:
    """The outside of one call; `longest` is the seconds that one recording may last."""

    def __init__(self, desk: Desk, longest: float, studio: Studio | None = None, people: People | None = None) -> None:
        self.longest = longest
        self._people = people
        self._studio = studio
        self._desk = desk
        self._report = ""
        self._recorded: list[tuple[str, int]] = []
        self._next = 1
        self._facts: dict[str, str | bool] = {}
        self._answer: Path | None = None

    def run(self, errand: Errand[Any]) -> object:
        """Do what only the studio asks for; raise PermissionError in any other call."""
        if self._studio is None:
            raise PermissionError("this call is none of the studio's.")
        return self._studio.perform(errand)

    def connect(self, phone: Dialler, section: str) -> Connected | NoAnswer:
        """Let the caller speak with whoever is on duty for a section."""
        spoke = self._people is not None and self._people.connect(phone, section)
        return Connected() if spoke else NoAnswer()

    def record(self, phone: Recorder, action: Record) -> Recorded | Full:
        """Record one more part of this call's report."""
        if not self._desk.has_room():
            return Full()
        self._report = self._report or self._desk.new_report()
        part, self._next = self._next, self._next + 1
        about = {"about": action.about} if action.about else {}
        self._desk.note(self._report, part, {**self._facts, **about})
        self._recorded.append((self._report, part))
        try:
            tape = phone.record(str(self._desk.recording(self._report, part)), action.longest)
        except CannotRecord:
            return Full()
        return Recorded(tape.seconds, tape.in_time)

    def note(self, action: Note) -> None:
        """Keep what the caller chose: with the next part, and at once where there is one already."""
        self._facts[action.name] = action.value
        if self._recorded:
            self._desk.note(*self._recorded[-1], {action.name: action.value})

    def kept(self) -> Kept | NotYet:
        """Return what was kept of all parts of this call."""
        parts = [self._desk.kept(report, part, WAIT_FOR_SEALING) for report, part in self._recorded]
        known = [part for part in parts if part]
        if not known or len(known) < len(parts):
            return NotYet()
        return Kept(
            seconds=sum(part.seconds for part in known),
            voice=any(part.voice for part in known),
            complete=all(part.complete for part in known),
        )

    def issue_receipt(self) -> Receipt | Later:
        """Return a new receipt for this call's report."""
        digits = self._desk.issue(self._report) if self._report else None
        return Receipt(digits) if digits else Later()

    def find_receipt(self, digits: str) -> Found | Unknown | Later:
        """Look a receipt up; what is recorded from now on goes to its report."""
        found = self._desk.find(digits)
        if isinstance(found, reports.Unknown):
            return Unknown()
        if isinstance(found, reports.Later):
            return Later()
        self._report, self._next, self._answer = found.report, found.part, found.answer
        return Found(answer=found.answer is not None)

    def answer(self) -> str | None:
        """Return the sound of the answer that was found, a path without its ending."""
        return str(self._answer.with_suffix("")) if self._answer else None

    def leave(self) -> None:
        """Remove what was opened, or recorded by a volunteer, for this call alone."""
        if self._answer:
            self._desk.heard(self._answer)
        if self._studio:
            self._studio.leave()
