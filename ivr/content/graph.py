"""The menus drawn as an SVG tree: each place, the key that leads there, and a returning caller's seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import escape

from ivr.callflow.line import WITNESS, Choice, Line
from ivr.content.models import Content
from ivr.content.ways import LANGUAGES, MAIN_MENU, WITNESS_LINE, choices, ways

ROW, HEIGHT, MARGIN = 26, 20, 16  # pixels: of a row, of a box in it, around the drawing
LETTER, INSIDE = 7.4, 10  # pixels: of a letter, beside the words of a box
GAP, BEND = 92, 14  # pixels: from one box to the next, from a box to the bend of an edge
COLOURS = {"menu": "#dbe8f5", "section": "#ffffff", "now": "#dff0d8", "witness": "#f8dede"}


@dataclass(frozen=True)
class _Box:
    """A place in the drawing; `row` may lie between two rows. One that was drawn before is drawn `again`, alone."""

    place: Choice
    key: str
    depth: int
    row: float
    below: tuple["_Box", ...] = ()
    again: bool = False

    def all(self) -> Iterator["_Box"]:
        """Yield it and all below it."""
        yield self
        for box in self.below:
            yield from box.all()


class _Tree:
    """Places every menu and section once, where the shortest way leads; other ways end in a box that is drawn again."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._rows = count()
        self._homes = {MAIN_MENU: (LANGUAGES, "key")}
        for place in ways(line):
            for key, choice in choices(line, place):
                self._homes.setdefault(choice, (place, key))

    def grow(self) -> _Box:
        """Return the languages, from which everything begins."""
        main, witness = self._box(MAIN_MENU, "key", 1), _Box(WITNESS_LINE, WITNESS, 1, next(self._rows))
        return _Box(LANGUAGES, "", 0, main.row, (main, witness))

    def _box(self, place: Choice, key: str, depth: int) -> _Box:
        below = tuple(
            self._box(choice, pressed, depth + 1)
            if self._homes[choice] == (place, pressed)
            else _Box(choice, pressed, depth + 1, next(self._rows), again=True)
            for pressed, choice in choices(self._line, place)
        )
        row = (below[0].row + below[-1].row) / 2 if below else next(self._rows)
        return _Box(place, key, depth, row, below)


class _Sheet:
    """Turns boxes into SVG; the boxes of a column are equally wide."""

    def __init__(self, root: _Box, titles: Mapping[Choice, str], arrivals: Mapping[Choice, float]) -> None:
        self._titles = titles
        self._arrivals = arrivals
        self._root = root
        self._widths: dict[int, float] = {}
        for box in root.all():
            width = len(titles[box.place]) * LETTER + 2 * INSIDE
            self._widths[box.depth] = max(width, self._widths.get(box.depth, 0))

    def drawing(self) -> str:
        """Return the whole drawing."""
        deepest = max(self._widths)
        width = self._left(deepest) + self._widths[deepest] + MARGIN
        height = 2 * MARGIN + ROW * (max(box.row for box in self._root.all()) + 1)
        size = f'width="{width:.0f}" height="{height:.0f}"'
        font = 'font-family="Helvetica, Arial, sans-serif" font-size="13"'
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {font}>',
                "<title>The menus of the line</title>",
                '<rect width="100%" height="100%" fill="#ffffff"/>',
                *(shape for box in self._root.all() for shape in (*self._edges(box), *self._shape(box))),
                "</svg>\n",
            )
        )

    def _left(self, depth: int) -> float:
        return MARGIN + sum(self._widths[column] + GAP for column in range(depth))

    def _middle(self, box: _Box) -> float:
        return MARGIN + ROW * box.row + ROW / 2

    def _edges(self, box: _Box) -> Iterator[str]:
        right = self._left(box.depth) + self._widths[box.depth]
        for below in box.below:
            level = self._middle(below)
            yield (
                f'<path d="M{right:.1f} {self._middle(box):.1f}H{right + BEND:.1f}V{level:.1f}H{right + GAP:.1f}" '
                'fill="none" stroke="#8a8a8a"/>'
            )
            seconds = self._arrivals.get(below.place)
            after = "" if seconds is None else f'<tspan dx="5" fill="#666666">{seconds:.1f} s</tspan>'
            yield (
                f'<text x="{right + BEND + 5:.1f}" y="{level - 3:.1f}" font-size="12">'
                f'<tspan font-weight="bold">{below.key or "then"}</tspan>{after}</text>'
            )

    def _shape(self, box: _Box) -> Iterator[str]:
        left, middle = self._left(box.depth), self._middle(box)
        dashes = ' stroke-dasharray="4 3"' if box.again else ""
        at = f'x="{left:.1f}" y="{middle - HEIGHT / 2:.1f}"'
        size = f'width="{self._widths[box.depth]:.1f}" height="{HEIGHT}"'
        yield f'<rect {at} {size} rx="4" fill="{_colour(box.place)}" stroke="#555555"{dashes}/>'
        yield f'<text x="{left + INSIDE:.1f}" y="{middle + 4.5:.1f}">{escape(self._titles[box.place])}</text>'


def svg(line: Line, content: Content, arrivals: Mapping[Choice, float]) -> str:
    """Return the drawing as SVG text, the same for the same content.

    `arrivals` says after how many seconds a returning caller reaches a place (`seconds.arrivals`); a place that
    it lacks is drawn with its key alone.
    """
    return _Sheet(_Tree(line).grow(), _titles(content), arrivals).drawing()


def _titles(content: Content) -> dict[Choice, str]:
    return {
        LANGUAGES: "Languages",
        WITNESS_LINE: "Witness line",
        Choice(now=True): content.phrases["now-title"].says,
        **{Choice(menu=name): menu.title for name, menu in content.menus.items()},
        **{Choice(section=name): section.title for name, section in content.sections.items()},
    }


def _colour(place: Choice) -> str:
    if place == WITNESS_LINE:
        return COLOURS["witness"]
    return COLOURS["now" if place.now else "section" if place.section else "menu"]
