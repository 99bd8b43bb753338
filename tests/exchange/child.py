"""A little process for the tests of the watch: it beats once, notes its process id, and does what it is told.

Arguments: a file that gets a line with the process id at each start, and what to do then. A file beside it,
`.lived`, appears when it has beaten for twice as long as it may be silent.
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ivr import heartbeat

MANY = 6  # intervals: twice the silence that the watch allows
SLOW = 2.0  # seconds until a slow one is ready: more than that silence


def beat_for_ever(notes: Path) -> None:
    for beats in itertools.count():
        heartbeat.beat()
        if beats == MANY:
            notes.with_suffix(".lived").touch()
        time.sleep(heartbeat.interval())


def main(notes: Path, behaviour: str) -> None:
    if behaviour == "family":
        subprocess.Popen([sys.executable, __file__, str(notes), "sleep"])
    with notes.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if behaviour == "die":
        sys.exit(3)
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour == "sleep":
        signal.pause()
    if behaviour == "slow":
        time.sleep(SLOW)
    heartbeat.ready()
    if behaviour == "silent":
        signal.pause()
    beat_for_ever(notes)


main(Path(sys.argv[1]), sys.argv[2])
