"""What is open now, as clips: one for each service and one or two for when, in the order of the language."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ivr.callflow.actions import Clip
from ivr.content.hours import Occasion, occasions
from ivr.content.models import Times
from ivr.content.notation import MINUTE, clock, since_midnight, wrong_days, wrong_hours
from ivr.problems import Problem

WAYS = ("hours", "starts", "days", "condition", "unknown")
HOUR = re.compile(r"\d{1,2}:\d{2}")
SAID_WITH_AN_HOUR = {"until": "open-until", "began": "open-began", "at": "at-hour"}  # a clip's beginning: its phrase


@dataclass(frozen=True)
class OpenNow:
    """The services of a release and the languages that say when before which; it answers `Line.open_now`.

    `heard_in` are the services of each section, `tells` those of each clip that says when or where they are.
    """

    services: Mapping[str, Times]
    when_first: frozenset[str] = frozenset()
    heard_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, at: datetime, language: str) -> tuple[tuple[Clip, ...], ...]:
        """Return what is open at a time (with the line's time zone) and what opens next, each as its clips."""
        return tuple(self.entry(one, at, language) for one in occasions(self.services, at))

    def entry(self, one: Occasion, at: datetime, language: str) -> tuple[Clip, ...]:
        """Return the clips that say of one service which it is and when."""
        which, said_when = (f"service.{one.service}",), when(one, at)
        said = said_when + which if language in self.when_first else which + said_when
        telephone = self.services[one.service].telephone
        return tuple(Clip(language, clip) for clip in ((*said, telephone) if telephone else said))


def when(one: Occasion, at: datetime) -> tuple[str, ...]:
    """Return the clips that say when, as `words` names them."""
    hour = f"{one.wall:%H-%M}" if one.wall else ""
    day = _day(one.day, at.date()) if one.day else ""
    match one.how:
        case "always":
            return ("open-always",)
        case "at":
            return day, f"at.{hour}"
        case "day":
            return ("open-today",) if day == "today" else (day, "hours-unknown")
        case "unknown":
            return ("hours-unknown",)
        case "condition":
            return ()  # its own sentence says it
    return (f"{one.how}.{hour}",)


def _day(day: date, today: date) -> str:
    return {0: "today", 1: "tomorrow"}.get((day - today).days, f"day-{day.isoweekday()}")


def spoken_hours(services: Iterable[Times]) -> list[str]:
    """Return every hour, as `18:30`, that can be said: the half hours, ready for a change, and what services name."""
    half_hours = {clock(number * 30 * MINUTE) for number in range(48)}
    return sorted(half_hours.union(*(_named(times) for times in services)))


def _named(times: Times) -> Iterator[str]:
    dated = (*(one.hours for one in times.opened), *(one.at for one in times.moved))
    for text in (times.hours, times.starts.at if times.starts else "", *dated):
        yield from (clock(since_midnight(hour)) for hour in HOUR.findall(text))


def mistakes(services: Mapping[str, Times], clips: Container[str]) -> Iterator[Problem]:
    """Yield whatever is wrong with the times of services; `clips` are those of the leaflet."""
    for name, times in services.items():
        for path, sentence in (*_one_way(times), *_readable(times), *_dated(times)):
            yield Problem(f"services/{name}.yaml", path, sentence)
        if times.telephone and times.telephone not in clips:
            sentence = "is no clip of the leaflet: name one like secours-catholique.phone."
            yield Problem(f"services/{name}.yaml", "telephone", sentence)


def _one_way(times: Times) -> Iterator[tuple[str, str]]:
    ways = [way for way in WAYS if getattr(times, way)]
    if not ways:
        yield "", f"does not say when: write one of {', '.join(WAYS)}."
    elif len(ways) > 1:
        yield ways[1], f"says when in another way than {ways[0]!r}: keep one of the two."


def _readable(times: Times) -> Iterator[tuple[str, str]]:
    if times.hours and (wrong := wrong_hours(times.hours)):
        yield "hours", wrong
    if times.days and (wrong := wrong_days(times.days)):
        yield "days", wrong
    if times.starts and (wrong := wrong_days(times.starts.days)):
        yield "starts.days", wrong


def _dated(times: Times) -> Iterator[tuple[str, str]]:
    if times.anchor and times.every_weeks == 1:
        yield "anchor", "counts nothing: write `every_weeks` too, or remove it."
    if times.over_by != "24:00" and not times.days:
        yield "over_by", "belongs to `days`: remove it."
    spans = [(f"closed.{number}", one.first, one.last) for number, one in enumerate(times.closed)]
    spans += [(f"moved.{number}", one.first, one.last) for number, one in enumerate(times.moved)]
    for path, first, last in spans:
        if last < first:
            yield path, "ends before it begins: mend one of the days."
