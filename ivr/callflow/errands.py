"""What the studio asks of the outside: who a volunteer is, which notices are in force, and to change them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from ivr.callflow.actions import Action

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
    """A notice that callers hear now; `announced` is nothing for one that is only spoken."""

    id: str
    service: str
    announced: Announced | None


@dataclass(frozen=True)
class Publish(Errand[bool]):
    """Let callers hear a notice from `on` (today) on; tell whether they do."""

    announced: Announced
    on: date


@dataclass(frozen=True)
class AskInForce(Errand[tuple[InForce, ...]]):
    """Ask which notices are in force at a time."""

    at: datetime


@dataclass(frozen=True)
class EndNotice(Errand[None]):
    """End a notice; it is kept among those that are over."""

    id: str
