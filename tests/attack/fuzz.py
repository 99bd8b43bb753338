"""Feeds the targets with changed bytes for so many seconds: `python -m tests.attack.fuzz SECONDS [TARGET ...]`.

Guided by coverage (atheris, libFuzzer) where atheris exists, else by chance alone, and says which. What breaks a
target is written into a file `crash-…` of this folder, and the program ends with another code than 0.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

GUIDED = find_spec("atheris") is not None
HERE = f"Python {sys.version_info.major}.{sys.version_info.minor}"
MODE = (
    "guided by coverage"
    if GUIDED
    else f"by chance alone, not guided: atheris does not exist for {HERE} on this machine"
)
TARGETS = ("wire", "yaml", "po", "receipts")
RUNS = "stat::number_of_executed_units:"  # libFuzzer's own words
LONGEST = 4096  # bytes


def main(seconds: int, *chosen: str) -> int:
    """Run every target, or those chosen, at once; return how many broke."""
    print(f"{seconds} s each, {MODE}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir="/dev/shm") as quick:  # libFuzzer ends without tidying up
        environment = {**os.environ, "TMPDIR": quick}
        running = {
            target: subprocess.Popen(
                [sys.executable, "-m", __spec__.name, f"--{target}", str(seconds)], env=environment
            )
            for target in chosen or TARGETS
        }
        broken = [target for target, process in running.items() if process.wait()]
    for target in broken:
        print(f"{target} broke: see above.")
    return len(broken)


def guided(name: str, seconds: int) -> None:
    """Let libFuzzer change bytes, towards code that was not reached yet; it ends this process."""
    import atheris

    with atheris.instrument_imports(include=["ivr", "polib", "yaml"], enable_loader_override=False):
        from tests.attack import targets

    folder = Path(f"seeds-{name}")
    folder.mkdir(exist_ok=True)
    for seed in targets.seeds(name):
        (folder / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    with targets.targets() as known:
        ends = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], *ends, "-print_final_stats=1", "-verbosity=0", str(folder)], known[name])
        atheris.Fuzz()


def by_chance(name: str, seconds: int) -> None:
    """Change bytes by chance."""
    from tests.attack import targets

    chance = random.Random(name)
    known_seeds = [*targets.seeds(name), b""]
    until = time.monotonic() + seconds
    runs = 0
    with targets.targets() as known:
        while time.monotonic() < until:
            octets = changed(chance, known_seeds)
            runs += 1
            try:
                known[name](octets)
            except BaseException:
                Path(f"crash-{hashlib.sha1(octets, usedforsecurity=False).hexdigest()}").write_bytes(octets)
                raise
    print(f"{RUNS} {runs}", flush=True)


def changed(chance: random.Random, seeds: list[bytes]) -> bytes:
    """Return one of the seeds, cut, repeated, joined with another, and with some bytes changed."""
    one, other = chance.choice(seeds), chance.choice(seeds)
    octets = bytearray(one[: chance.randint(0, len(one))] + other[chance.randint(0, len(other)) :])[:LONGEST]
    for _ in range(chance.randint(0, 8)):
        place = chance.randint(0, len(octets))
        octets[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return bytes(octets)


if __name__ == "__main__":
    if sys.argv[1].startswith("--"):
        (guided if GUIDED else by_chance)(sys.argv[1][2:], int(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
