"""The figures drawn as SVG: for each language a table of days, what was asked for and where callers gave up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

from ivr.calls.figures import Day
from ivr.content.models import Content
from ivr.content.notices import WITHOUT_KEYS

ROW, CELL, NAMES, MARGIN, GAP = 20, 34, 260, 16, 14  # pixels: of a row, a day, the names, around, between tables
SMALL = 'font-size="10"'
CALLED, ASKED, GAVE_UP = "#5f8f5f", "#3f76b5", "#c8702a"
NO_LANGUAGE = "No language chosen"
LEGEND = (
    "Counted in fives: 10 means 10 to 14, &lt;5 fewer than five, an empty field none; grey days were not counted.",
    "Green: calls. Blue: asked for. Orange: gave up there without any answer. What fewer than five callers of a",
    "language asked for is not kept. Calls that came to the witness line are never counted.",
)


@dataclass(frozen=True)
class _Row:
    """One line of a table: its name, its colour, and a count for each day that has one."""

    name: str
    colour: str
    counts: Mapping[date, int]


def span(last: date, count: int) -> list[date]:
    """Return so many days, the last one included."""
    return [last - timedelta(days=ago) for ago in reversed(range(count))]


def svg(days: Mapping[date, Day], shown: Sequence[date], content: Content, only: Sequence[str] = ()) -> str:
    """Return the drawing of the days in `shown` as SVG text; `only` names the languages, else all that called."""
    titles = _titles(content)
    names = {language.code: language.name for language in content.languages}
    called = {language for day in shown for language in days.get(day, {})}
    codes = [code for code in (*names, *sorted(called - names.keys())) if code in (only or called)]
    tables = [(names.get(code, code or NO_LANGUAGE), _rows(code, days, shown, titles)) for code in codes]
    return "\n".join((*_sheet(tables, shown, days), "</svg>\n"))


def _titles(content: Content) -> dict[str, str]:
    return {
        "languages": "Choosing a language",
        "open-now": content.phrases["now-title"].says,
        WITHOUT_KEYS: "Nothing pressed: the most needed",
        **{name: menu.title for name, menu in content.menus.items()},
        **{name: section.title for name, section in content.sections.items()},
    }


def _rows(code: str, days: Mapping[date, Day], shown: Sequence[date], titles: Mapping[str, str]) -> list[_Row]:
    found = {day: days[day].get(code) for day in shown if day in days}
    counts = {day: one for day, one in found.items() if one}

    def rows(colour: str, before: str, asked: Mapping[date, Mapping[str, int]]) -> Iterator[_Row]:
        places = {place for one in asked.values() for place in one}
        for place in sorted(places, key=lambda one: (-sum(day.get(one, 0) for day in asked.values()), one)):
            numbers = {day: one[place] for day, one in asked.items() if place in one}
            yield _Row(before + titles.get(place, place), colour, numbers)

    return [
        _Row("Calls", CALLED, {day: one.calls for day, one in counts.items()}),
        *rows(ASKED, "", {day: one.asked for day, one in counts.items()}),
        *rows(GAVE_UP, "Gave up: ", {day: one.gave_up for day, one in counts.items()}),
    ]


def _sheet(tables: Sequence[tuple[str, list[_Row]]], shown: Sequence[date], days: Mapping[date, Day]) -> Iterator[str]:
    height = 2 * MARGIN + ROW * len(LEGEND) + sum(GAP + ROW * (1 + len(rows)) for _, rows in tables)
    width = 2 * MARGIN + NAMES + CELL * max(len(shown), 14)
    font = 'font-family="Helvetica, Arial, sans-serif" font-size="12"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" {font}>'
    yield f"<title>What callers asked for, {shown[0]} to {shown[-1]}</title>"
    yield '<rect width="100%" height="100%" fill="#ffffff"/>'
    most = max((count for _, rows in tables for row in rows for count in row.counts.values()), default=0)
    top = MARGIN
    for title, rows in tables:
        yield _text(MARGIN, top, title, 'font-weight="bold"')
        yield from (_text(_left(at), top, f"{day.day}.{day.month}", SMALL) for at, day in enumerate(shown))
        for number, row in enumerate(rows, 1):
            yield _text(MARGIN, top + ROW * number, row.name)
            yield from _cells(row, shown, days, top + ROW * number, most)
        top += ROW * (1 + len(rows)) + GAP
    for number, sentence in enumerate(LEGEND):
        yield f'<text x="{MARGIN}" y="{top + ROW * number + 14}" fill="#555555">{sentence}</text>'


def _cells(row: _Row, shown: Sequence[date], days: Mapping[date, Day], top: int, most: int) -> Iterator[str]:
    for at, day in enumerate(shown):
        if day not in days:
            yield _box(at, top, "#eeeeee", 1)
        elif day in row.counts:
            count = row.counts[day]
            yield _box(at, top, row.colour, 0.15 + 0.6 * count / most if most else 0.15)
            yield _text(_left(at), top, str(count) if count else "<5")


def _box(at: int, top: int, colour: str, strength: float) -> str:
    size = f'width="{CELL - 2}" height="{ROW - 2}"'
    return f'<rect x="{_left(at) - 4}" y="{top}" {size} fill="{colour}" fill-opacity="{strength:.2f}"/>'


def _left(at: int) -> int:
    return MARGIN + NAMES + CELL * at


def _text(left: int, top: int, words: str, style: str = "") -> str:
    return f'<text x="{left}" y="{top + 14}" {style}>{escape(words)}</text>'.replace(" >", ">")
