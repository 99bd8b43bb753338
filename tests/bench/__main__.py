"""Measures the line, in pairs and several times, and prints what was seen with the machine it was seen on."""

import argparse
import os
from collections.abc import Callable
from datetime import UTC, datetime

from tests.bench import load, prompts, witness
from tests.bench.load import cost
from tests.bench.machine import machine

PARTS: dict[str, Callable[[bool], None]] = {
    "prompts": prompts.measure,
    "witness": witness.measure,
    "cost": cost.measure,
    "load": load.measure,
}
"""What can be measured; each is told whether it may take long."""


def main() -> None:
    """Measure the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without one")
    parser.add_argument("--long", action="store_true", help="also what takes more than minutes")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"no part is called {', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    print(f"{datetime.now(UTC):%Y-%m-%d} on {machine()}, load {os.getloadavg()[0]:.1f}", flush=True)
    for name in asked.parts or PARTS:
        print(f"\n{name}", flush=True)
        PARTS[name](asked.long)


if __name__ == "__main__":
    main()
