"""What the studio asks of the outside: who a volunteer is, the notices in force, what is recorded, and to change it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from ivr.callflow.actions import Action, Clip, Full

A = TypeVar("A")


class Errand(Action[A]):
    """A request that only the studio makes."""


@dataclass(frozen=True)
class Volunteer:
    """Who has called, and the languages that they speak, by their codes."""

    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Nobody:
    """No volunteer has this PIN."""


@dataclass(frozen=True)
class Locked:
    """Too many wrong PINs: for a while no PIN is looked at, a right one neither."""


@dataclass(frozen=True)
class CheckPin(Errand[Volunteer | Nobody | Locked]):
    """Ask whose PIN these digits are; they are shown nowhere, not even in a fault's report."""

    digits: str = field(repr=False)


@dataclass(frozen=True)
class Announced:
    """What keys say of a service up to its `last` day: it begins `at` an hour like 18:30, or is cancelled (empty)."""

    service: str
    at: str
    last: date


@dataclass(frozen=True)
class InForce:
    """A notice that callers hear now; `announced` is nothing for one of words alone, which are `spoken`."""

    id: str
    service: str
    announced: Announced | None
    spoken: tuple[Clip, ...] = ()


@dataclass(frozen=True)
class Publish(Errand[bool]):
    """Let callers hear a notice from `on` (today) on; tell whether they do.

    Where words were `spoken` in some languages, those alone are the notice, and the usual hours hold.
    """

    announced: Announced
    on: date
    spoken: tuple[Clip, ...] = ()


@dataclass(frozen=True)
class AskInForce(Errand[tuple[InForce, ...]]):
    """Ask which notices are in force at a time."""

    at: datetime


@dataclass(frozen=True)
class EndNotice(Errand[None]):
    """End a notice; it is kept among those that are over."""

    id: str


@dataclass(frozen=True)
class Spoken:
    """What a volunteer said; the clip is there to be heard until the call ends."""

    clip: Clip


@dataclass(frozen=True)
class Unheard:
    """What was recorded holds no voice."""


@dataclass(frozen=True)
class Speak(Errand[Spoken | Unheard | Full]):
    """Sound the tone and record a volunteer in a language, `longest` seconds at the most."""

    language: str
    longest: float


@dataclass(frozen=True)
class AskToRecord(Errand[tuple[Clip, ...]]):
    """Ask which clips of a language no person speaks, but for those of which a recording waits."""

    language: str


@dataclass(frozen=True)
class KeepTake(Errand[bool]):
    """Keep what was spoken as a take of a clip, until another volunteer has judged it; tell whether it is kept."""

    clip: Clip
    spoken: Clip


@dataclass(frozen=True)
class ToJudge:
    """A take that waits: the clip whose words it says, and what was spoken."""

    clip: Clip
    spoken: Clip


@dataclass(frozen=True)
class AskToJudge(Errand[tuple[ToJudge, ...]]):
    """Ask which takes of others wait, in the languages of this volunteer."""


@dataclass(frozen=True)
class Judge(Errand[bool]):
    """Find a take good, so that the line will speak with it, or bad; both are kept. Tell whether that is done."""

    spoken: Clip
    good: bool
