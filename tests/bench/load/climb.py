"""The climb: every kind takes each level in turn, until two tries in a row fail; then between, where it ends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.bench.load.peers import Kind
from tests.bench.load.step import Seen

LEVELS = (200, 350, 500, *range(600, 900, 50), 1000, 1400)
NEAR = 0.1
"""A highest level is known when the next one, which failed, is within this share of it."""
ROUND = 10
"""Levels in between are multiples of so many calls."""


@dataclass
class Way:
    """How far one kind has come."""

    held: int = 0
    failed: int | None = None
    seen: list[Seen] = field(default_factory=list)

    @property
    def between(self) -> int | None:
        """The level to try next between the highest that was held and the lowest that failed; None where it is near."""
        if self.failed is None or self.failed - self.held <= NEAR * self.held:
            return None
        level = round((self.held + self.failed) / 2 / ROUND) * ROUND
        return level if self.held < level < self.failed else None


def climb(
    step: Callable[[Kind, int], Seen], kinds: Iterable[Kind] = Kind, levels: Iterable[int] = LEVELS
) -> dict[Kind, Way]:
    """Return how far each kind came; `step` has so many calls of a kind call at once.

    A step that fails is tried once more, because other work on the machine makes steps fail too.
    """
    ways = {kind: Way() for kind in kinds}
    for level in levels:
        for kind, way in ways.items():
            if way.failed is None:
                _try(step, kind, way, level)
    while open_ways := [(kind, way) for kind, way in ways.items() if way.between]:
        for kind, way in open_ways:
            _try(step, kind, way, way.between or 0)
    return ways


def _try(step: Callable[[Kind, int], Seen], kind: Kind, way: Way, level: int) -> None:
    for _ in range(2):
        way.seen.append(step(kind, level))
        if way.seen[-1].held:
            way.held = level
            return
    way.failed = level
