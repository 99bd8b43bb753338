"""Services and a clock in, what is open now and what opens next out: a pure function."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from ivr.content.models import Times
from ivr.content.notation import DAY, MINUTE, Rule, of_days, of_hours, since_midnight, span

WEEK = 7 * DAY
NEEDS = ("food", "washing", "doctor", "shelter", "clothes", "learning")  # the nearest first
_AN_HOUR = 60  # minutes that what has a new hour and no known end counts as open
_LONGEST = 2  # days after which a span is over, even one that is written as 22:00-46:00

How = Literal["until", "always", "began", "at", "day", "unknown", "condition"]


@dataclass(frozen=True)
class Occasion:
    """When a service is open; `wall` is the moment to be said, as the clock on the wall shows it.

    Open now: `until` its end, `always` (no end within a day), or since it `began`. Open later: `at` a moment.
    On a `day`, today's too, at hours that nobody knows. Or all of it is `unknown`, or depends on a `condition`.
    """

    service: str
    how: How
    wall: datetime | None = None

    @property
    def now(self) -> bool:
        """Whether it is open at this moment."""
        return self.how in ("until", "always", "began")

    @property
    def day(self) -> date | None:
        """The day on which people place the moment: midnight ends the day before."""
        if self.wall is None:
            return None
        return (self.wall - MINUTE).date() if self.how == "at" else self.wall.date()


Known = Literal["hours", "begin", "day"]


@dataclass(frozen=True)
class _Window:
    """One opening, in UTC; `known` says whether both its hours, its beginning, or only its day is known."""

    begins: datetime
    ends: datetime
    known: Known


def occasions(services: Mapping[str, Times], at: datetime) -> list[Occasion]:
    """Return what is open at a time, then what opens within seven days; `at` carries the line's time zone.

    First what is open now, then today and tomorrow, then later or not known; in each the nearest need first.
    """
    found = [_occasion(name, times, at) for name, times in services.items()]
    tomorrow, last = at.date() + DAY, at.replace(tzinfo=None) + WEEK

    def order(one: Occasion) -> tuple[int, int, datetime, str]:
        part = 0 if one.now else 1 if one.day and one.day <= tomorrow else 2
        return part, NEEDS.index(services[one.service].need), one.wall or last, one.service

    return sorted((one for one in found if one), key=order)


def _occasion(name: str, times: Times, at: datetime) -> Occasion | None:
    now, wall = at.astimezone(UTC), at.replace(tzinfo=None)
    today = datetime.combine(wall, time())
    for window in _joined(_windows(times, at.date(), at.tzinfo)):
        begins, ends = (one.astimezone(at.tzinfo).replace(tzinfo=None) for one in (window.begins, window.ends))
        if window.ends <= now or begins >= (today if window.known == "day" else wall) + WEEK:
            continue
        if window.known == "day":
            return Occasion(name, "day", begins)
        if window.begins > now:
            return Occasion(name, "at", begins)
        if window.known == "begin":
            return Occasion(name, "began", begins)
        return Occasion(name, "until", ends) if ends - wall < DAY else Occasion(name, "always")
    if _rule(times) or _closed(times, at.date()):
        return None
    return Occasion(name, "condition" if times.condition else "unknown")


def _windows(times: Times, today: date, zone: tzinfo | None) -> Iterator[_Window]:
    """Yield every opening that may still last, or that begins within seven days."""
    days = [today + number * DAY for number in range(-_LONGEST, WEEK.days + 2)]
    for begins, ends, known in (*_regular(times, days), *_one_offs(times, days)):
        yield _Window(_comes(begins, zone), _comes(ends, zone), known)


def _regular(times: Times, days: Sequence[date]) -> Iterator[tuple[datetime, datetime, Known]]:
    rule = _rule(times)
    known: Known = "begin" if times.starts else "day" if times.days else "hours"
    better = {one.on for one in times.opened} if known == "day" else set[date]()
    for day in days:
        usual = list(rule.on(day)) if rule and _in_turn(times, day) else []
        if _closed(times, day) or (rule and not usual):
            continue
        if at := _moved(times, day):
            yield _at_another_hour(times, datetime.combine(day, time()) + since_midnight(at), usual)
        elif day not in better:
            yield from ((begins, ends, known) for begins, ends in usual)


def _at_another_hour(
    times: Times, begins: datetime, usual: Sequence[tuple[datetime, datetime]]
) -> tuple[datetime, datetime, Known]:
    """Return an opening of which only the new hour is known; it counts as open until its usual end, if that is later.

    Where nobody knows the usual days, it takes place each day.
    """
    ends = begins + (times.starts.lasts if times.starts else _AN_HOUR) * MINUTE
    return begins, ends if times.starts else max([ends, *(end for _, end in usual)]), "begin"


def _one_offs(times: Times, days: Sequence[date]) -> Iterator[tuple[datetime, datetime, Known]]:
    for one in times.opened:
        if one.on in days:
            begins, ends = (datetime.combine(one.on, time()) + since for since in span(one.hours))
            yield begins, ends, "hours"


def _joined(windows: Iterable[_Window]) -> list[_Window]:
    """Return the windows by their beginning; those that meet and whose hours are known become one."""
    joined: list[_Window] = []
    for one in sorted(windows, key=lambda window: (window.known != "hours", window.begins)):
        last = joined[-1] if joined else None
        if last and last.known == one.known == "hours" and one.begins <= last.ends:
            joined[-1] = replace(last, ends=max(last.ends, one.ends))
        elif one.begins < one.ends:
            joined.append(one)
    return sorted(joined, key=lambda window: window.begins)


def _rule(times: Times) -> Rule | None:
    """Return the rule of a service, nothing where nobody knows its hours or its weeks."""
    if times.every_weeks > 1 and not times.anchor:
        return None
    if times.hours:
        return of_hours(times.hours)
    if times.starts:
        return of_days(times.starts.days, times.starts.lasts * MINUTE, since_midnight(times.starts.at))
    return of_days(times.days, since_midnight(times.over_by)) if times.days else None


def _closed(times: Times, day: date) -> bool:
    return any(one.first <= day <= one.last for one in times.closed)


def _moved(times: Times, day: date) -> str:
    return next((one.at for one in times.moved if one.first <= day <= one.last), "")


def _in_turn(times: Times, day: date) -> bool:
    """Tell whether a day is in one of the weeks, each from Monday on, in which the service takes place."""
    if not times.anchor:
        return True
    monday, anchor = (one - timedelta(days=one.weekday()) for one in (day, times.anchor))
    return (monday - anchor) // DAY // 7 % times.every_weeks == 0


def _comes(wall: datetime, zone: tzinfo | None) -> datetime:
    """Return the first moment, in UTC, at which the clock on the wall shows this hour, or has skipped it."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    while (moment - MINUTE).astimezone(zone).replace(tzinfo=None) >= wall:
        moment -= MINUTE
    return moment
