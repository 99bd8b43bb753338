"""A call without Asterisk for tests: a phone, a desk and a handler that write down what is done with them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ivr.callflow.actions import Action, Clip, Story, do
from ivr.calls.agi import SoundMissing, Tape
from ivr.calls.handler import Handler
from ivr.calls.house import House
from ivr.reports import desk

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONGEST = 300.0  # seconds of a recording


class Played:
    """A phone that notes what it is told; `happens` gives, by sound or command, a key or what is raised there."""

    def __init__(self, happens: Mapping[str, str | BaseException] = {}, missing: Sequence[str] = ()) -> None:
        self.heard: list[str] = []
        self.variables: list[tuple[str, str]] = []
        self.recorded: list[tuple[str, float]] = []
        self.tape = Tape(5.0, in_time=True)
        self._happens = dict(happens)
        self._missing = missing

    def play(self, sound: str) -> str | None:
        return self._do(sound)

    def say(self, sound: str) -> None:
        self._do(sound)

    def wait(self, seconds: float) -> str | None:
        return self._do(f"{seconds:g} s")

    def record(self, sound: str, seconds: float) -> Tape:
        self._do("tone")
        self.recorded.append((sound, seconds))
        return self.tape

    def connect(self, number: str, rings: int, longest: int) -> bool:
        return self._do(f"calls {number} for {rings} s, {longest} s at most") == "spoke"

    def set_variable(self, name: str, value: str) -> None:
        self.heard.append(f"{name}={value}")
        self.variables.append((name, value))

    def _do(self, what: str) -> str | None:
        if what in self._missing:
            raise SoundMissing(what)
        self.heard.append(what)
        happened = self._happens.pop(what, None)
        if isinstance(happened, BaseException):
            raise happened
        return happened


class Desk:
    """A desk of reports in memory; a test sets what it answers, or what it raises."""

    def __init__(self) -> None:
        self.room = True
        self.sealed: dict[int, desk.Kept] = {}
        self.digits: str | None = "123456789012"
        self.known: desk.Found | desk.Unknown | desk.Later = desk.Unknown()
        self.notes: list[tuple[str, int, dict[str, Any]]] = []
        self.asked: list[tuple[str, int]] = []
        self.removed: list[Path] = []
        self.broken: Exception | None = None
        self._named = 0

    def new_report(self) -> str:
        self._named += 1
        return f"report-{self._named}"

    def has_room(self) -> bool:
        if self.broken:
            raise self.broken
        return self.room

    def recording(self, report: str, part: int) -> Path:
        return Path(f"{report}.{part}")

    def note(self, report: str, part: int, facts: Mapping[str, Any]) -> None:
        self.notes.append((report, part, dict(facts)))

    def kept(self, report: str, part: int, timeout: float) -> desk.Kept | None:  # noqa: ARG002 - the desk's signature
        self.asked.append((report, part))
        return self.sealed.get(part)

    def issue(self, report: str) -> str | None:  # noqa: ARG002 - the desk's signature
        return self.digits

    def find(self, code: str) -> desk.Found | desk.Unknown | desk.Later:  # noqa: ARG002 - the desk's signature
        return self.known

    def heard(self, answer: Path) -> None:
        self.removed.append(answer)


def handler(phone: Played, house: House | None = None, *folders: str) -> Handler:
    """Return a handler; a clip may be in each of the `folders`, which end with a slash."""

    def sounds(clip: Clip) -> tuple[str, ...]:
        return tuple(f"{folder}{clip.language}/{clip.id}" for folder in folders or ("",))

    return Handler(phone, sounds, house or House(Desk(), LONGEST), lambda: NOON)


def story(*actions: Action[Any] | Exception, answers: list[object] | None = None) -> Story[None]:
    """Do these actions one after the other, and raise where an exception stands among them."""
    for one in actions:
        if isinstance(one, Exception):
            raise one
        answer = yield from do(one)
        if answers is not None:
            answers.append(answer)


def clips(*names: str) -> tuple[Clip, ...]:
    return tuple(Clip(*name.split("/")) for name in names)
