"""A build of many clips in a process of its own, to be killed or starved."""

import resource
import sys
from pathlib import Path

from ivr.prompts.build import build
from tests.prompts import spoken


def many(count: int) -> list[spoken.Utterance]:
    return [spoken.said("en", f"day.{number}", f"In the evening of day {number}.") for number in range(count)]


def told(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    folder, count, largest_file = sys.argv[1:]
    if int(largest_file):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest_file),) * 2)
    summary = build(many(int(count)), spoken.VOICES, "{}", Path(folder), progress=told)
    told(*summary.failed)
