"""One step of the climb: so many calls at once of one kind, held for a while, and what was seen meanwhile."""

import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.load.graph import START, graph, walk
from tests.bench.load.keypad import Keypad, Pressed
from tests.bench.load.marks import Mark, marks
from tests.bench.load.peers import Kind
from tests.bench.load.phones import Phones, SampledCall
from tests.bench.load.sipp import Sipp
from tests.bench.processes import memory, processor_time
from tests.phone.sound import TICK
from tests.running_line import RunningLine

KEYS = "121"
"""English, food and showers, meals."""
LANGUAGE = "en"
SLOWEST = 0.150
"""Seconds from a key to the next prompt that one call in a hundred may exceed."""
FEWEST = 0.95
"""The share of the calls that must have begun in time: else it is the generator that fails, or nobody answers."""


@dataclass(frozen=True)
class Plan:
    """How a step goes: `calls` at once, of which the `phones` are sampled; all times in seconds.

    The calls become as many as they are to be within the length of one; then it is measured for `window`.
    """

    calls: int
    phones: int = 10
    seconds: float = 20
    window: float = 20

    @property
    def rate(self) -> float:
        """How many calls SIPp begins in a second."""
        return (self.calls - self.phones) / self.seconds


@dataclass(frozen=True)
class Seen:
    """What was seen in a step. Times are milliseconds, memory is megabytes, `processor` is per call."""

    kind: str
    calls: int
    began: int
    failed: int
    keys: int
    lost_keys: int
    median: float
    slow: float
    sampled_median: float
    sampled_slow: float
    packets: int
    lost_packets: int
    late_packets: int
    processor: float
    generator: float
    asterisk_memory: float
    server_memory: float
    load: float
    in_time: bool

    @property
    def held(self) -> bool:
        """Whether the step was held: everything answered, nothing lost, keys quick."""
        lost = self.failed + self.lost_keys + self.lost_packets
        return not lost and self.in_time and max(self.slow, self.sampled_slow) < SLOWEST * 1000

    def as_dict(self) -> dict[str, object]:
        """Return it for a file."""
        figures = {name: None if value == math.inf else value for name, value in asdict(self).items()}
        return {**figures, "held": self.held}


def marks_of(line: RunningLine) -> list[Mark]:
    """Return the marks of what is heard after each of the keys."""
    nodes = graph(line.release)
    wanted = walk(nodes, KEYS)
    place, heard = START, list(nodes[START].clips)
    for key in KEYS:
        place = nodes[place].keys[key]
        heard += nodes[place].clips
    return marks(line.release.clips, wanted, heard)


class Step:
    """One step under way."""

    def __init__(
        self,
        line: RunningLine,
        kind: Kind,
        plan: Plan,
        folder: Path,
        meanwhile: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Begin; `meanwhile` is called every ten milliseconds with the time (time.monotonic)."""
        self.kind = kind
        self._meanwhile = meanwhile
        self._plan = plan
        self._line = line
        self._known = marks_of(line)
        self._keypad = Keypad(KEYS, self._known, plan.seconds)
        now = time.monotonic()
        self._phones = Phones(plan.phones, self._dial, plan.seconds, now)
        calls = math.ceil(plan.rate * (plan.seconds + plan.window))
        self._sipp = Sipp(
            line.asterisk.sip,
            kind.value,
            rate=plan.rate,
            calls=calls,
            seconds=plan.seconds,
            keypad=self._keypad.port,
            folder=folder,
        )

    def _dial(self) -> SampledCall:
        return SampledCall(self._line.asterisk.sip, self.kind.value, KEYS, self._known)

    def run(self) -> Seen:
        """Let everybody call, and return what was seen."""
        try:
            self._until(self._plan.seconds)
            since, before, begun = time.time(), self._computed(), self._begun()
            self._until(self._plan.window)
            after, new = self._computed(), self._begun() - begun
            used, load = self._memory(), os.getloadavg()[0]
            self._phones.done = True
            self._until(self._plan.seconds + 30, ending=True)
        finally:
            self._sipp.stop()
            self._keypad.close()
            self._phones.close()
        processor = (after[0] - before[0]) / max(new, 1)
        generator = (after[1] - before[1]) / self._plan.window
        return self._seen(since, new, processor, generator, used, load)

    def _until(self, seconds: float, *, ending: bool = False) -> None:
        began = due = time.monotonic()
        half = False
        while (now := time.monotonic()) < began + seconds and not (ending and self._phones.over and self._sipp.over):
            for port in self._sipp.answered():
                self._keypad.take(port, now)
            self._keypad.tick(now)
            self._meanwhile(now)
            if half := not half:
                self._phones.tick(now)
            due = max(due + TICK / 2, now - TICK)
            time.sleep(max(0, due - time.monotonic()))

    def _begun(self) -> int:
        return len(self._keypad.calls) + len(self._phones.calls)

    def _roots(self) -> list[int]:
        server = [self._line.processes["serve"].pid] if self.kind is Kind.OURS else []
        return [self._line.asterisk.process.pid, *server]

    def _computed(self) -> tuple[float, float]:
        return processor_time(*self._roots()), processor_time(self._sipp.process.pid) + time.process_time()

    def _memory(self) -> tuple[float, float]:
        of = memory(*self._roots())
        asterisk = max(of.values())
        return asterisk, sum(of.values()) - asterisk

    def _seen(
        self, since: float, new: int, processor: float, generator: float, used: tuple[float, float], load: float
    ) -> Seen:
        calls = self._phones.calls
        sampled = [key for call in calls for key in call.pressed]
        keys = [key for call in self._keypad.calls for key in call.pressed] + sampled
        median, slow = times(keys, since)
        sampled_median, sampled_slow = times(sampled, since)
        plan = self._plan
        return Seen(
            kind=self.kind.value,
            calls=plan.calls,
            began=self._begun(),
            failed=self._sipp.failed() + sum(call.failed for call in calls),
            keys=len(keys),
            lost_keys=sum(key.took is None for key in keys),
            median=median,
            slow=slow,
            sampled_median=sampled_median,
            sampled_slow=sampled_slow,
            packets=sum(call.packets for call in calls),
            lost_packets=sum(call.lost for call in calls),
            late_packets=sum(call.late for call in calls),
            processor=round(processor * 1000, 2),
            generator=round(generator, 3),
            asterisk_memory=used[0],
            server_memory=used[1],
            load=round(load, 1),
            in_time=new >= FEWEST * plan.window * (plan.rate + plan.phones / plan.seconds) - 2,
        )


def times(keys: list[Pressed], since: float) -> tuple[float, float]:
    """Return the median and the 99th percentile of the milliseconds to the next prompt; nothing heard is infinite."""
    took = sorted(math.inf if key.took is None else key.took for key in keys if key.released >= since)
    if not took:
        return math.inf, math.inf
    return tuple(round(took[math.ceil(share * len(took)) - 1] * 1000, 1) for share in (0.5, 0.99))  # type: ignore[return-value] # two of them
