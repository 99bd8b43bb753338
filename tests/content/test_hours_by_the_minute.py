"""What is open now, against a search that looks at the clock on the wall minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.content.hours import Occasion, occasions
from tests.content.services import PARIS, service

DAY, MINUTE, WEEK = timedelta(days=1), timedelta(minutes=1), timedelta(days=7)
Span = tuple[timedelta, timedelta]
Shut = tuple[int, int]
Turn = tuple[int, int] | None
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NIGHTS = (
    *(date(2026, 3, 28), date(2027, 3, 27), date(2026, 10, 24), date(2027, 10, 30)),  # the clock changes
    *(date(2026, 12, 26), date(2027, 1, 2), date(2024, 2, 28), date(2026, 12, 31)),  # week 53, years, a leap day
)

moments = st.builds(
    lambda day, minutes: (datetime.combine(day, time(), UTC) + minutes * MINUTE).astimezone(PARIS),
    st.sampled_from(NIGHTS) | st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.integers(0, 2 * 24 * 60),
)
weekdays = st.sets(st.sampled_from(range(7)), min_size=1)
spans = st.tuples(
    st.integers(0, 24 * 60 - 1) | st.sampled_from([0, 90, 120, 135, 150, 180]),
    st.integers(1, 24 * 60) | st.sampled_from([15, 30, 60, 24 * 60]),
).map(lambda one: (one[0] * MINUTE, (one[0] + one[1]) * MINUTE))
offsets = st.integers(-4, 10)
closures = st.lists(st.tuples(offsets, st.integers(0, 6)), max_size=2)
one_offs = st.lists(st.tuples(offsets, spans), max_size=2)
turns = st.none() | st.tuples(st.integers(2, 4), st.integers(-60, 60))


class Made:
    """A service that was made up: the days on which it holds, told without the notation."""

    def __init__(self, at: datetime, days: set[int], shut: list[tuple[int, int]], turn: tuple[int, int] | None) -> None:
        self.today = at.date()
        self.days = days
        self.shut = [(self.today + first * DAY, self.today + (first + more) * DAY) for first, more in shut]
        self.turn = turn

    def holds(self, day: date) -> bool:
        if day.weekday() not in self.days or any(first <= day <= last for first, last in self.shut):
            return False
        if not self.turn:
            return True
        weeks, anchor = self.turn
        week = [(one.toordinal() - 1) // 7 for one in (day, self.today + anchor * DAY)]
        return (week[0] - week[1]) % weeks == 0

    def windows(self, spans: list[Span]) -> list[tuple[datetime, datetime]]:
        days = [self.today + number * DAY for number in range(-3, 11) if self.holds(self.today + number * DAY)]
        return [
            (datetime.combine(day, time()) + begin, datetime.combine(day, time()) + end)
            for day in days
            for begin, end in spans
        ]

    @property
    def fields(self) -> dict[str, Any]:
        written: dict[str, Any] = {"closed": [{"from": first, "to": last} for first, last in self.shut]}
        if self.turn:
            written |= {"every_weeks": self.turn[0], "anchor": self.today + self.turn[1] * DAY}
        return written

    @property
    def names(self) -> str:
        return ",".join(DAYS[day] for day in sorted(self.days))


def hhmm(since: timedelta) -> str:
    return f"{since // timedelta(hours=1) % 24:02}:{since // MINUTE % 60:02}"


def by_the_minute(windows: list[tuple[datetime, datetime]], at: datetime) -> tuple[bool, datetime | None]:
    """Tell whether it is open, and when that changes: an hour has come once the clock showed it or a later one."""
    first = at.astimezone(UTC).replace(minute=0) - 3 * DAY
    start = first.replace(tzinfo=None) - 3 * DAY
    is_open = bytearray(20 * 24 * 60)
    for begins, ends in windows:
        for minute in range((begins - start) // MINUTE, (ends - start) // MINUTE):
            is_open[minute] = True
    now = (at - first) // MINUTE
    latest, open_now = 0, None
    for number, wall in enumerate(walls(first)):
        latest = max(latest, (wall - start) // MINUTE)
        if number == now:
            open_now = is_open[latest]
        elif open_now is not None and is_open[latest] != open_now:
            return bool(open_now), wall
    assert open_now is not None
    return bool(open_now), None


def walls(first: datetime) -> Iterator[datetime]:
    """Yield what the clock on the wall shows in each minute of eleven days; it changes at full hours only."""
    for hour in range(11 * 24):
        wall = (first + hour * timedelta(hours=1)).astimezone(PARIS).replace(tzinfo=None)
        for minute in range(60):
            yield wall + minute * MINUTE


def found(at: datetime, **fields: Any) -> Occasion | None:
    return next(iter(occasions({"it": service(**fields)}, at)), None)


@settings(deadline=None)
@given(moments, weekdays, st.lists(spans, min_size=1, max_size=3), closures, one_offs, turns)
def test_hours_are_what_the_minutes_say(
    at: datetime, days: set[int], spans: list[Span], shut: list[Shut], special: list[tuple[int, Span]], turn: Turn
) -> None:
    made = Made(at, days, shut, turn)
    extra = [(made.today + day * DAY, span) for day, span in special]
    windows = made.windows(spans) + [
        (datetime.combine(day, time()) + begin, datetime.combine(day, time()) + end) for day, (begin, end) in extra
    ]
    open_now, change = by_the_minute(windows, at)
    wall = at.replace(tzinfo=None)
    expected = None
    if open_now and change and change - wall < DAY:
        expected = Occasion("it", "until", change)
    elif open_now:
        expected = Occasion("it", "always")
    elif change and change < wall + WEEK:
        expected = Occasion("it", "at", change)
    hours = f"{made.names} " + ",".join(f"{hhmm(begin)}-{hhmm(end)}" for begin, end in spans)
    opened = [{"on": day, "hours": f"{hhmm(begin)}-{hhmm(end)}"} for day, (begin, end) in extra]
    assert found(at, hours=hours, opened=opened, **made.fields) == expected


HOLIDAYS = frozenset({"05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25", "01-01"})  # of each year
FEAST_DAYS = [date(2026, 5, 1), date(2027, 7, 14), date(2026, 11, 1), date(2026, 12, 25), date(2027, 1, 1)]


@settings(deadline=None)
@given(st.sampled_from(FEAST_DAYS), st.integers(-36 * 60, 36 * 60), spans)
def test_a_holiday_of_france_closes_what_begins_on_it(feast: date, minutes: int, one: Span) -> None:
    at = (datetime.combine(feast, time(12), UTC) + minutes * MINUTE).astimezone(PARIS)
    made = Made(at, set(range(7)), [], None)
    windows = [(begins, ends) for begins, ends in made.windows([one]) if f"{begins:%m-%d}" not in HOLIDAYS]
    open_now, change = by_the_minute(windows, at)
    answer = found(at, hours=f"Mo-Su {hhmm(one[0])}-{hhmm(one[1])}; PH off")
    assert (answer is not None and answer.now) == open_now
    if not open_now and change and change < at.replace(tzinfo=None) + WEEK:
        assert answer == Occasion("it", "at", change)


@settings(deadline=None)
@given(moments, weekdays, spans, closures)
def test_nothing_is_told_whose_end_is_past(at: datetime, days: set[int], one: Span, shut: list[Shut]) -> None:
    made = Made(at, days, shut, None)
    answer = found(at, hours=f"{made.names} {hhmm(one[0])}-{hhmm(one[1])}", **made.fields)
    if answer and answer.wall:
        assert answer.wall >= at.replace(tzinfo=None)


@settings(deadline=None)
@given(moments, st.sampled_from([{"unknown": True}, {"days": "Sa", "every_weeks": 2}]))
def test_what_nobody_knows_is_told_as_not_known_at_every_time(at: datetime, fields: dict[str, Any]) -> None:
    assert found(at, **fields) == Occasion("it", "unknown")


@settings(deadline=None)
@given(moments, weekdays, st.integers(0, 24 * 60 - 1), st.integers(5, 720), closures, turns)
def test_starts_are_what_the_minutes_say(
    at: datetime, days: set[int], begin: int, lasts: int, shut: list[Shut], turn: Turn
) -> None:
    made = Made(at, days, shut, turn)
    windows = made.windows([(begin * MINUTE, (begin + lasts) * MINUTE)])
    open_now, change = by_the_minute(windows, at)
    answer = found(at, starts={"days": made.names, "at": hhmm(begin * MINUTE), "lasts": lasts}, **made.fields)
    if open_now:
        assert answer is not None
        assert answer.how == "began"
        assert any(ends - begins == lasts * MINUTE for begins, ends in windows if begins <= at.replace(tzinfo=None))
    elif change and change < at.replace(tzinfo=None) + WEEK:
        assert answer == Occasion("it", "at", change)
    else:
        assert answer is None


@settings(deadline=None)
@given(moments, weekdays, closures, turns)
def test_days_alone_are_the_first_that_holds(at: datetime, days: set[int], shut: list[Shut], turn: Turn) -> None:
    made = Made(at, days, shut, turn)
    day = next((one for one in (made.today + number * DAY for number in range(7)) if made.holds(one)), None)
    expected = Occasion("it", "day", datetime.combine(day, time())) if day else None
    assert found(at, days=made.names, **made.fields) == expected
