"""What a call costs beside one of the dialplan's at the same moment: two Asterisks meet the same machine.

A step takes a minute, and from one minute to the next a machine that others share may be a fifth slower.
"""

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from threading import Barrier

from ivr.settings import Settings
from tests import release as releases
from tests.bench.load.peers import Kind, install
from tests.bench.load.step import Plan, Seen, Step
from tests.running_line import running_line

CALLS = 150
"""At once, of each of both."""
TIMES = 5


def measure(long: bool) -> None:  # it takes six minutes either way
    """Print the processor time of a call of the dialplan and of the line, and how many times the one the other is."""
    anew = multiprocessing.get_context("spawn")
    with anew.Manager() as manager, ProcessPoolExecutor(2, anew) as both:
        together = manager.Barrier(2)
        native, ours = (both.submit(steps, kind, together) for kind in (Kind.NATIVE, Kind.OURS))
        told(native.result(), ours.result())


def steps(kind: Kind, together: Barrier) -> list[Seen]:
    """Return what was seen of so many calls of a kind, each time beginning together with the other kind's."""
    release = releases.read(Settings().prompts)
    with running_line(release) as line, tempfile.TemporaryDirectory(prefix="calais-load-") as folder:
        install(line.asterisk, release, Path(folder))
        seen = []
        for _ in range(TIMES):
            together.wait()
            seen.append(Step(line, kind, Plan(CALLS), Path(folder)).run())
            line.asterisk.wait_channels(0, 60)
        return seen


def told(native: list[Seen], ours: list[Seen]) -> None:
    """Print both, time by time, and the middle of the ratios."""
    ratios = [one.processor / other.processor for one, other in zip(ours, native, strict=True)]
    for one, other, ratio in zip(ours, native, ratios, strict=True):
        fair = "" if one.held and other.held else " - not all was held"
        print(f"  {CALLS} of each at once: {other.processor:.1f} and {one.processor:.1f} ms, {ratio:.2f} times{fair}")
    print(f"  processor time of a call, times the native dialplan's: {median(ratios):.2f} (aim: at most 1.1)")
