"""OpenStreetMap's `opening_hours`: which spans hold on which day, and what in it no caller could be told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined] # its types leave the error out

COUNTRY = "FR"  # whose public holidays PH means
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_OPEN_END = re.compile(r"\d:\d{2}\s*\+")
_UNSPEAKABLE = re.compile(r"sunrise|sunset|dawn|dusk|unknown|\"|:\d{2}\s*/", re.IGNORECASE)
_ODD_WEEKS = re.compile(r"week[^;]*/", re.IGNORECASE)
_BETWEEN_RULES = re.compile(r"; |, | \|\| ")  # as the library writes an expression back
_PLACE = re.compile(r"--> \d+:(\d+)")


@dataclass(frozen=True)
class Rule:
    """Spans, each from and to so long after midnight, and the days on which they hold.

    A span belongs to the day on which it begins, a night too. `days` is open in minute 0 of each day on
    which span 0 holds, in minute 1 where span 1 holds, and so on: the library knows weekdays, holidays, seasons
    and exceptions, but (2.1.4) it keeps the second half of a night whose evening a holiday has closed.
    """

    days: OpeningHours
    spans: tuple[tuple[timedelta, timedelta], ...]

    def on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield begin and end, by the clock on the wall, of what begins on a day."""
        midnight = datetime.combine(day, time())
        for number, (begin, end) in enumerate(self.spans):
            if self.days.is_open(midnight + number * MINUTE):
                yield midnight + begin, midnight + end


def of_hours(expression: str) -> Rule:
    """Return the rule of an expression with hours, such as `Mo-Fr 14:00-18:00; PH off`."""
    spans: list[tuple[timedelta, timedelta]] = []

    def numbered(found: re.Match[str]) -> str:
        spans.append(span(found[0]))
        return f"{clock((len(spans) - 1) * MINUTE)}-{clock(len(spans) * MINUTE)}"

    marked = _SPAN.sub(numbered, expression.replace("24/7", "00:00-24:00"))
    return Rule(OpeningHours(marked, country=COUNTRY), tuple(spans))


def of_days(expression: str, lasts: timedelta, begin: timedelta = timedelta()) -> Rule:
    """Return the rule of an expression without hours, such as `Mo-Fr; PH off`."""
    return Rule(OpeningHours(expression, country=COUNTRY), ((begin, begin + lasts),))


def span(text: str) -> tuple[timedelta, timedelta]:
    """Return begin and end of `22:00-06:00` after midnight; an end that is not later is the next day's."""
    begin, end = (since_midnight(one) for one in text.split("-"))
    return begin, end if end > begin else end + DAY


def since_midnight(text: str) -> timedelta:
    """Return how long after midnight the clock shows `18:30`."""
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def clock(after_midnight: timedelta) -> str:
    """Return what the clock shows so long after midnight, as `18:30`."""
    hours, minutes = divmod(after_midnight % DAY // MINUTE, 60)
    return f"{hours:02}:{minutes:02}"


def wrong_hours(expression: str) -> str | None:
    """Return what is wrong with an expression that should hold hours, as a sentence; nothing if it is right."""
    if wrong := _unreadable(expression):
        return wrong
    if _OPEN_END.search(expression):
        return "has no end (+): write `starts` with days, at and lasts."
    if _ODD_WEEKS.search(expression):
        return "counts weeks anew each year, so it fails in the 53rd: write `every_weeks` and `anchor`."
    rule = of_hours(expression)
    for part in _BETWEEN_RULES.split(str(rule.days)):
        if part.endswith("closed") and ":" in part:
            return "closes for some hours: write the hours that remain."
        if not part.endswith("closed") and ":" not in part:
            return f"has days without hours ({part}): write `days` where the hours are not known."
    return None if rule.spans else "holds no hours: write when it is open."


def wrong_days(expression: str) -> str | None:
    """Return what is wrong with an expression that should hold days alone; nothing if it is right."""
    if wrong := _unreadable(expression):
        return wrong
    return "holds hours: write days alone, such as Mo-Fr." if ":" in expression else None


def _unreadable(expression: str) -> str | None:
    try:
        OpeningHours(expression, country=COUNTRY)
    except ParserError as error:
        place = _PLACE.search(str(error))
        sign = int(place[1]) if place else 1
        where = f"from its sign {sign} on, {expression[sign - 1 :]!r}" if expression[sign - 1 :] else "at its end"
        why = str(error).rpartition("= ")[2].strip()
        return f"cannot be read {where} ({why}): write it like Mo-Fr 14:00-18:00, or `starts` for a beginning alone."
    if found := _UNSPEAKABLE.search(expression):
        return f"holds {found[0]!r}, which no caller can be told: write plain hours, `condition` or `unknown`."
    return None
