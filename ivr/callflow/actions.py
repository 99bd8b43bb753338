"""What a story may ask of the outside world, and what the world may answer."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, Generic, TypeVar, cast

A = TypeVar("A")
T = TypeVar("T")


class Action(Generic[A]):
    """One request of a story; `A` is the type of its answer."""


Story = Generator[Action[Any], Any, T]


def do(action: Action[A]) -> Story[A]:
    """Hand `action` to whoever runs the story and return its answer; the one cast lives here."""
    return cast("A", (yield action))


@dataclass(frozen=True)
class Clip:
    """One recorded sentence, in one language."""

    language: str
    id: str


@dataclass(frozen=True)
class Key:
    """A key was pressed while the clip number `during` was playing (their count: after the last)."""

    pressed: str
    during: int


@dataclass(frozen=True)
class Silence:
    """No key came until the patience was over."""


@dataclass(frozen=True)
class Ask(Action[Key | Silence]):
    """Play clips, any key cuts them, then wait `patience` seconds for a key."""

    clips: tuple[Clip, ...]
    patience: float


@dataclass(frozen=True)
class Say(Action[None]):
    """Play clips that no key cuts: the last words of a call."""

    clips: tuple[Clip, ...]


@dataclass(frozen=True)
class Moment:
    """The line's clock (`at` has a time zone), the seconds since the answer, and how many there may be just now."""

    at: datetime
    elapsed: float
    longest: float = inf


@dataclass(frozen=True)
class Look(Action[Moment]):
    """Look at the clock."""


@dataclass(frozen=True)
class Reached(Action[None]):
    """The call has come to a place: a menu, a section, `languages` or `witness`."""

    language: str
    place: str


@dataclass(frozen=True)
class Recorded:
    """A recording of `seconds` ended; `in_time` is false where the longest time ended it."""

    seconds: float
    in_time: bool


@dataclass(frozen=True)
class Full:
    """There is no room to record."""


@dataclass(frozen=True)
class Record(Action[Recorded | Full]):
    """Sound the tone and record a new part of the report, `longest` seconds at the most.

    `about` names the question that the part answers; the first account answers none.
    """

    longest: float
    about: str = ""


@dataclass(frozen=True)
class Note(Action[None]):
    """Add what the caller chose to the report, sealed with it."""

    name: str
    value: str | bool


@dataclass(frozen=True)
class Kept:
    """What this call recorded is sealed: its seconds, whether a voice is in it, whether that is all."""

    seconds: float
    voice: bool
    complete: bool = True


@dataclass(frozen=True)
class NotYet:
    """It is not known yet; the recording is safe all the same."""


@dataclass(frozen=True)
class AskKept(Action[Kept | NotYet]):
    """Ask what was kept of what this call recorded."""


@dataclass(frozen=True)
class Receipt:
    """Twelve digits with which a caller comes back to the report."""

    digits: str


@dataclass(frozen=True)
class Later:
    """Not now: too many tried, or the receipts cannot be reached."""


@dataclass(frozen=True)
class IssueReceipt(Action[Receipt | Later]):
    """Ask for a receipt of the report of this call."""


@dataclass(frozen=True)
class Found:
    """The receipt is known, and this call's parts now go to its report; `answer` tells whether one waits."""

    answer: bool


@dataclass(frozen=True)
class Unknown:
    """No report has this receipt."""


@dataclass(frozen=True)
class FindReceipt(Action[Found | Unknown | Later]):
    """Look up twelve digits that the caller pressed."""

    digits: str


@dataclass(frozen=True)
class HearAnswer(Action[Key | Silence]):
    """Play the spoken answer to the report that was found; any key cuts it."""


@dataclass(frozen=True)
class Connected:
    """The caller has spoken with a person, and that is over."""


@dataclass(frozen=True)
class NoAnswer:
    """Nobody could be reached."""


@dataclass(frozen=True)
class Connect(Action[Connected | NoAnswer]):
    """Let the caller speak with whoever is on duty for a section, until one of the two hangs up."""

    section: str
