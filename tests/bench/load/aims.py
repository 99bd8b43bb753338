"""What the figures are held against, and how the steps are told: as lines for a person and as JSON for later."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from tests.bench.load.climb import Way
from tests.bench.load.peers import Kind
from tests.bench.load.step import Seen

AT = 500
"""The calls at once at which the server's memory is looked at."""
HEAD = (
    "  who     calls failed  keys lost   key ms p50/p99  sampled p50/p99   packets lost late"
    "   ms a call  generator  Asterisk  server MB  load"
)


@dataclass(frozen=True)
class Aim:
    """One figure against its aim; `met` is None where there was nothing to measure."""

    what: str
    seen: float | None
    aim: str
    met: bool | None

    def __str__(self) -> str:
        seen = "not measured" if self.seen is None else f"{self.seen:g}"
        return f"  {self.what}: {seen} (aim: {self.aim}){'' if self.met is not False else ' - missed'}"


def row(seen: Seen) -> str:
    """Return a step as a line below HEAD."""
    return (
        f"  {seen.kind:7}{seen.calls:6}{seen.failed:7}{seen.keys:6}{seen.lost_keys:5}"
        f"{seen.median:9.1f} /{seen.slow:7.1f}{seen.sampled_median:8.1f} /{seen.sampled_slow:7.1f}"
        f"{seen.packets:10}{seen.lost_packets:5}{seen.late_packets:5}{seen.processor:12.1f}{seen.generator:11.2f}"
        f"{seen.asterisk_memory:10.0f}{seen.server_memory:11.0f}{seen.load:6.1f}  {'held' if seen.held else 'not held'}"
    )


def aims(ways: Mapping[Kind, Way]) -> list[Aim]:
    """Return each figure of issue 6 with its aim."""
    native, ours, pyst2 = (ways[kind] for kind in (Kind.NATIVE, Kind.OURS, Kind.PYST2))
    pairs = list(_pairs(native, ours))
    processor = median(one.processor / other.processor for one, other in pairs) if pairs else None
    later = median(one.median - other.median for one, other in pairs) if pairs else None
    of_native = ours.held / native.held if native.held else None
    of_pyst2 = ours.held / pyst2.held if pyst2.held else None
    memory = next((seen.server_memory for seen in reversed(ours.seen) if seen.calls >= AT), None)
    return [
        _aim("highest number held, as a share of the native dialplan's", of_native, "at least 0.9", 0.9, least=True),
        _aim("highest number held, times that of pyst2", of_pyst2, "at least 2", 2, least=True),
        _aim("processor time of a call, times the native dialplan's", processor, "at most 1.1", 1.1),
        _aim("milliseconds from key to prompt more than the native dialplan's, median", later, "at most 5", 5),
        _aim(f"server's memory at {AT} calls or more, megabytes", memory, "under 150", 150),
    ]


def _pairs(native: Way, ours: Way) -> Iterator[tuple[Seen, Seen]]:
    """Yield our held step and the dialplan's of each level that both held."""
    held = {seen.calls: seen for seen in native.seen if seen.held}
    return ((seen, held[seen.calls]) for seen in ours.seen if seen.held and seen.calls in held)


def _aim(what: str, seen: float | None, aim: str, limit: float, *, least: bool = False) -> Aim:
    if seen is None:
        return Aim(what, None, aim, None)
    return Aim(what, round(seen, 2), aim, seen >= limit if least else seen <= limit)
