"""The soak: half an hour of calls, while memory, threads and files of the server and of Asterisk are looked at."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.load.peers import Kind
from tests.bench.load.step import Plan, Seen, Step
from tests.bench.processes import memory, open_files, threads
from tests.running_line import RunningLine

MINUTES, CALLS = 30, 100
EVERY = 15.0
"""Seconds between two looks."""
FLAT = 1.05
"""How much more there may be at the end than at the beginning."""


@dataclass
class Looks:
    """What each look saw: `server memory` and so on, in the order of the looks."""

    line: RunningLine
    figures: dict[str, list[float]] = field(default_factory=dict)
    _next: float = 0

    def look(self, now: float) -> None:
        """Look, where it is time."""
        if now < self._next:
            return
        self._next = now + EVERY
        for name, root in (("server", self.line.processes["serve"].pid), ("Asterisk", self.line.asterisk.process.pid)):
            for what, figure in (("memory", memory), ("threads", threads), ("files", open_files)):
                self.figures.setdefault(f"{name} {what}", []).append(sum(figure(root).values()))

    def growth(self) -> dict[str, tuple[float, float]]:
        """Return of each figure the median of the second sixth and that of the last: the first one warms up."""
        sixth = max(1, len(next(iter(self.figures.values()))) // 6)
        return {name: (median(seen[sixth : 2 * sixth]), median(seen[-sixth:])) for name, seen in self.figures.items()}


def soak(line: RunningLine, folder: Path, minutes: float = MINUTES, calls: int = CALLS) -> tuple[Seen, Looks]:
    """Have so many call at once for so long, and return what was seen of the calls and of the processes."""
    looks = Looks(line)
    plan = Plan(calls, window=minutes * 60)
    since = time.monotonic() + plan.seconds  # until then there are fewer calls
    until = since + plan.window

    def meanwhile(now: float) -> None:
        if since < now < until:
            looks.look(now)

    return Step(line, Kind.OURS, plan, folder, meanwhile).run(), looks


def told(looks: Looks) -> list[str]:
    """Return a line for each figure: at the beginning, at the end, and whether that is flat."""
    return [
        f"  {name}: {first:g} in the first minutes, {last:g} in the last"
        f"{' (flat)' if last <= first * FLAT else ' - it grew'}"
        for name, (first, last) in looks.growth().items()
    ]
