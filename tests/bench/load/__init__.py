"""How many calls the line holds at once, beside a native dialplan and beside pyst2 in the same Asterisk."""

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from ivr.settings import Settings
from tests import release as releases
from tests.bench.load import aims, picture, soak
from tests.bench.load.climb import LEVELS, Way, climb
from tests.bench.load.peers import Kind, install
from tests.bench.load.step import Plan, Seen, Step
from tests.bench.machine import machine
from tests.running_line import RunningLine, running_line

RESULTS = Path(__file__).parents[1] / "results"
PORTS = 8000
"""UDP ports for sound: two a call."""
ALL_GONE = 60
"""Seconds that the calls of the step before may take to be gone; then Asterisk is started anew."""
PLACES = 4000
"""Calls that the server would take: it is the machine that ends the climb."""


def measure(long: bool) -> None:
    """Print the climb and its aims and, when it may take long, half an hour's soak; keep both in `results/`."""
    release = releases.read(Settings().prompts)
    with (
        running_line(release, rtp_ports=PORTS, calls_at_once=PLACES) as line,
        tempfile.TemporaryDirectory(prefix="calais-load-") as folder,
    ):
        install(line.asterisk, release, Path(folder))
        _climb(line, Path(folder))
        if long:
            _soak(line, Path(folder))


def _climb(line: RunningLine, folder: Path) -> None:
    print(aims.HEAD, flush=True)

    def step(kind: Kind, calls: int) -> Seen:
        _clear(line)
        seen = Step(line, kind, Plan(calls), folder).run()
        print(aims.row(seen), flush=True)
        return seen

    ways = climb(step, (Kind.NATIVE, Kind.OURS))
    ways |= climb(step, (Kind.PYST2,), (100, *LEVELS))  # last: its scripts stay for long after a step too much for them
    print("  highest held:", ", ".join(f"{kind.value} {way.held}" for kind, way in ways.items()))
    print("\n".join(map(str, aims.aims(ways))), flush=True)
    _keep(ways)


def _clear(line: RunningLine) -> None:
    """Return when nobody calls: pyst2's scripts may stay for ever after a step that was too much for them."""
    try:
        line.asterisk.wait_channels(0, ALL_GONE)
    except AssertionError:
        line.asterisk.kill()
        line.asterisk.start()


def _keep(ways: dict[Kind, Way]) -> None:
    steps = [seen for way in ways.values() for seen in way.seen]
    _write(
        "load",
        {
            "held": {kind.value: way.held for kind, way in ways.items()},
            "aims": [vars(aim) for aim in aims.aims(ways)],
            "steps": [seen.as_dict() for seen in steps],
        },
    )
    where = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}; open dots: not held; dashed: 150 ms"
    (RESULTS / "load.svg").write_text(picture.svg(steps, where), encoding="utf-8")


def _soak(line: RunningLine, folder: Path) -> None:
    print(f"  {soak.MINUTES} minutes of {soak.CALLS} calls at once", flush=True)
    seen, looks = soak.soak(line, folder)
    print(f"{aims.HEAD}\n{aims.row(seen)}")
    print("\n".join(soak.told(looks)), flush=True)
    _write("soak", {"step": seen.as_dict(), "figures": looks.figures})


def _write(name: str, found: dict[str, object]) -> None:
    when = {"date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": machine(), "load": os.getloadavg()[0]}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({**when, **found}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
