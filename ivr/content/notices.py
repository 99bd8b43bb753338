"""Notices: what volunteers announce for some days, as clips that exist already, and the hours that it changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ivr.callflow.actions import Clip
from ivr.callflow.line import Line, Notices
from ivr.content.hours import NEEDS, Occasion, occasions
from ivr.content.models import CLOCK, Closure, Code, Model, Move, Name, Times
from ivr.content.services import OpenNow
from ivr.content.services import when as when_said

Change = Literal["cancelled", "moved", "none"]
SPOKEN = "notice."  # begins the id of a clip that a volunteer spoke
WITHOUT_KEYS = "without-keys"  # the place of somebody who presses nothing
ESSENTIALS = "essentials"


class Notice(Model):
    """One notice: from the day on which it was made to its last, both included.

    Its service is cancelled, or moved to begin `at` another hour, or its usual times hold (`none`). `spoken` are
    the languages in which its volunteer, `by`, says something too. The name `id` is given once.
    """

    id: Name
    service: Name
    change: Change
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    at: Annotated[str, StringConstraints(pattern=rf"^({CLOCK})?$")] = ""
    by: str = ""
    spoken: tuple[Code, ...] = ()

    def on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.first <= day <= self.last


def changed(times: Times, notices: Iterable[Notice]) -> Times:
    """Return the times of a service with the dated exceptions of these notices, which are all of this service."""
    closed = [Closure.model_validate(_days(one)) for one in notices if one.change == "cancelled"]
    moved = [Move.model_validate({**_days(one), "at": one.at}) for one in notices if one.change == "moved"]
    return times.model_copy(update={"closed": (*times.closed, *closed), "moved": (*moved, *times.moved)})


def _days(notice: Notice) -> dict[str, date]:
    return {"from": notice.first, "to": notice.last}


def noticed(line: Line, current: Callable[[], tuple[Notice, ...]]) -> Line:
    """Return a line that says the notices of the moment at which it is asked, the nearest need first."""
    if not isinstance(line.open_now, OpenNow):
        return line  # it knows of no services
    told = _Noticed(line.open_now, current)
    return replace(line, open_now=told.open_now, notices=told.notices)


@dataclass(frozen=True)
class _Noticed:
    """What is open now, and the notices that change it."""

    usual: OpenNow
    current: Callable[[], tuple[Notice, ...]]
    _nothing: Notices = field(default_factory=Notices)

    def open_now(self, at: datetime, language: str) -> tuple[tuple[Clip, ...], ...]:
        """Return the notices, then what is open now and next, each as its clips."""
        notices = self._now(at)
        if not notices:
            return self.usual(at, language)
        open_now = self._changed(notices)
        said = {one.id: self._said(one, open_now, at, language) for one in notices}
        told = {one.service for one in notices if said[one.id] and one.change != "none"}
        rest = [one for one in occasions(open_now.services, at) if one.service not in told]
        return (*(clips for clips in said.values() if clips), *(open_now.entry(one, at, language) for one in rest))

    def notices(self, place: str, at: datetime, language: str) -> Notices:
        """Return what a place says first, and which of its clips are not said meanwhile."""
        here = self.usual.heard_in.get(place, ())
        notices = [one for one in self._now(at) if one.service in here]
        if not notices:
            return self._nothing
        open_now = self._changed(notices)
        said = {one.id: self._said(one, open_now, at, language) for one in notices}
        told = {one.service for one in notices if said[one.id] and one.change != "none"}
        silent = frozenset(clip for clip, services in self.usual.tells.items() if told & {*services})
        first = tuple(clips for clips in said.values() if clips)
        return Notices((*first, *self._in_place_of_essentials(place, told, at, language)), silent)

    def _in_place_of_essentials(
        self, place: str, told: set[str], at: datetime, language: str
    ) -> tuple[tuple[Clip, ...], ...]:
        """Return the entries of what the essentials also tell, where a notice silences them."""
        essential = self.usual.tells.get(ESSENTIALS, ())
        if place != WITHOUT_KEYS or not told & {*essential}:
            return ()
        others: Mapping[str, Times] = {
            name: self.usual.services[name] for name in essential if name not in told and name in self.usual.services
        }
        return tuple(self.usual.entry(one, at, language) for one in occasions(others, at))

    def _now(self, at: datetime) -> list[Notice]:
        known = self.usual.services
        found = [one for one in self.current() if one.on(at.date()) and one.service in known]
        return sorted(found, key=lambda one: (NEEDS.index(known[one.service].need), one.id))

    def _changed(self, notices: Iterable[Notice]) -> OpenNow:
        by_service: dict[str, list[Notice]] = {}
        for one in notices:
            by_service.setdefault(one.service, []).append(one)
        services = {name: changed(self.usual.services[name], some) for name, some in by_service.items()}
        return replace(self.usual, services={**self.usual.services, **services})

    def _said(self, notice: Notice, open_now: OpenNow, at: datetime, language: str) -> tuple[Clip, ...]:
        """Return the clips of a notice, none where it has nothing to tell any more, or not in this language."""
        spoken = (Clip(language, f"{SPOKEN}{notice.id}"),) if language in notice.spoken else ()
        if notice.change == "none":
            return spoken
        times = open_now.services[notice.service]
        when = next(iter(occasions({notice.service: times}, at)), None)
        change = _cancelled(notice, when, at) if notice.change == "cancelled" else _moved(notice, when, at)
        if not change:
            return spoken
        telephone = (times.telephone,) if times.telephone else ()
        return (*spoken, *(Clip(language, clip) for clip in (f"service.{notice.service}", *change, *telephone)))


def _cancelled(notice: Notice, when: Occasion | None, at: datetime) -> tuple[str, ...]:
    """Return the clips that say that a service is cancelled, and when it takes place again."""
    if when and when.wall and when.wall.date() > notice.last:
        return ("notice-cancelled", "notice-next", *when_said(when, at))
    return ("notice-cancelled",)


def _moved(notice: Notice, when: Occasion | None, at: datetime) -> tuple[str, ...]:
    """Return the clips of the new hour; none where the last time at that hour is over."""
    if when and when.wall and when.how in ("at", "began") and notice.on(when.wall.date()):
        return ("notice-new-time", *when_said(when, at))
    return ()
