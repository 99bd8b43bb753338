"""Draws the climb: how soon a key counts and what a call costs, over the calls at once, a line for each kind."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.bench.load.peers import Kind
from tests.bench.load.step import SLOWEST, Seen

COLOURS = {Kind.NATIVE: "#767676", Kind.OURS: "#1f6f8b", Kind.PYST2: "#c0562f"}
NAMES = {Kind.NATIVE: "native dialplan", Kind.OURS: "this line", Kind.PYST2: "pyst2, a script a call"}
WIDTH, HEIGHT, LEFT, TOP, GAP = 340, 220, 60, 60, 80
ROOM = 24  # between two numbers of calls, of which others are left out


@dataclass(frozen=True)
class Panel:
    """One of the two drawings: what is drawn upwards, in which unit, from `low` to `high`, and the lines across."""

    title: str
    value: Callable[[Seen], float]
    low: float
    high: float
    marks: Sequence[float]
    logarithmic: bool = False
    limit: float | None = None

    def up(self, value: float) -> float:
        """Return how far up a value lies, 0 to 1; what is beyond lies at the edge."""
        if self.logarithmic:
            value, low, high = (math.log(max(one, self.low)) for one in (value, self.low, self.high))
        else:
            low, high = self.low, self.high
        return min(1.0, max(0.0, (value - low) / (high - low)))


def svg(steps: Sequence[Seen], where: str) -> str:
    """Return the drawing as SVG text; `where` names the machine and the day."""
    most = max((seen.calls for seen in steps), default=1)
    dearest = max((seen.processor for seen in steps if math.isfinite(seen.processor)), default=1)
    high = 50 * math.ceil(dearest / 50)
    panels = (
        Panel(
            "Key to next prompt, 99 in 100 within (ms)",
            lambda seen: seen.slow,
            1,
            1000,
            (1, 10, 100, 1000),
            logarithmic=True,
            limit=SLOWEST * 1000,
        ),
        Panel(
            "Processor time of a call of 20 s (ms)",
            lambda seen: seen.processor,
            0,
            high,
            [high * part / 5 for part in range(6)],
        ),
    )
    width, height = 2 * (LEFT + WIDTH) + GAP, TOP + HEIGHT + 80
    font = 'font-family="Helvetica, Arial, sans-serif" font-size="13"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" {font}>',
            "<title>How many calls the line holds at once</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            *_legend(),
            *(shape for number, panel in enumerate(panels) for shape in _panel(panel, number, steps, most)),
            f'<text x="{LEFT}" y="{height - 12}" font-size="11" fill="#666666">{escape(where)}</text>',
            "</svg>\n",
        )
    )


def _legend() -> Iterator[str]:
    for number, kind in enumerate(Kind):
        left = LEFT + 190 * number
        yield f'<path d="M{left} 18h24" stroke="{COLOURS[kind]}" stroke-width="3"/>'
        yield f'<text x="{left + 30}" y="22">{NAMES[kind]}</text>'


def _panel(panel: Panel, number: int, steps: Sequence[Seen], most: int) -> Iterator[str]:
    left, bottom = LEFT + number * (WIDTH + GAP), TOP + HEIGHT
    yield f'<text x="{left}" y="{TOP - 12}" font-weight="bold">{panel.title}</text>'
    for mark in panel.marks:
        level = bottom - HEIGHT * panel.up(mark)
        yield f'<path d="M{left} {level:.1f}h{WIDTH}" stroke="#e2e2e2"/>'
        yield f'<text x="{left - 6}" y="{level + 4:.1f}" text-anchor="end" font-size="11">{mark:g}</text>'
    if panel.limit:
        level = bottom - HEIGHT * panel.up(panel.limit)
        yield f'<path d="M{left} {level:.1f}h{WIDTH}" stroke="#b00020" stroke-dasharray="5 4"/>'
    written = -math.inf
    for calls in sorted({seen.calls for seen in steps if seen.kind == Kind.NATIVE.value}):
        place = left + WIDTH * calls / most
        yield f'<path d="M{place:.1f} {bottom}v5" stroke="#555555"/>'
        if place >= written + ROOM:
            written = place
            yield f'<text x="{place:.1f}" y="{bottom + 18}" text-anchor="middle" font-size="10">{calls}</text>'
    yield f'<text x="{left + WIDTH}" y="{bottom + 36}" text-anchor="end" font-size="11">calls at once</text>'
    for kind in Kind:
        yield from _curve(panel, kind, [seen for seen in steps if seen.kind == kind.value], left, most)


def _curve(panel: Panel, kind: Kind, steps: Sequence[Seen], left: float, most: int) -> Iterator[str]:
    """Draw the best try of each level: a full dot where it was held, an open one where not."""
    best: dict[int, Seen] = {}
    for seen in sorted(steps, key=lambda seen: seen.held):
        best[seen.calls] = seen
    points = [
        (left + WIDTH * calls / most, TOP + HEIGHT * (1 - panel.up(panel.value(seen))), seen.held)
        for calls, seen in sorted(best.items())
    ]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
    yield f'<path d="M{line}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>'
    for x, y, held in points:
        fill = COLOURS[kind] if held else "#ffffff"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{fill}" stroke="{COLOURS[kind]}"/>'
