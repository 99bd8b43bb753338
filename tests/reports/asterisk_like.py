"""Writes recordings as Asterisk does: whole steps of 32 KiB, the rest and perhaps a shortening at the end."""

import os
import random
import sys
import time
from pathlib import Path

from tests.reports.sealed_line import speech

STEP = 32 * 1024
SHORTENED = 4800  # bytes: what a `#` cuts, about 0.3 seconds


def sound_of(name: str) -> bytes:
    """The same sound for the same name, in any process."""
    chance = random.Random(name)
    return speech(chance.uniform(0.2, 14), seed=chance.randrange(10**6))


def main(folder: Path, names: list[str], pause: float) -> None:
    sounds = {name: sound_of(name) for name in names}
    files = {name: os.open(folder / f"{name}.1.sln", os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in names}
    for step in range(0, max(map(len, sounds.values())), STEP):
        for name in names:
            os.write(files[name], sounds[name][step : step + STEP])
            time.sleep(pause)
    for place, name in enumerate(names):
        if place % 2:
            os.truncate(files[name], max(0, len(sounds[name]) - SHORTENED))
        os.close(files[name])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[3:], float(sys.argv[2]))
