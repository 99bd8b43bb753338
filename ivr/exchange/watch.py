"""The watch behind `ivr run`: starts what the line needs, and again what died or froze; stops what it started."""

import contextlib
import fcntl
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from ivr.problems import ToMend

from .watched import Process, Watched

LOOK = 0.1
"""Seconds between two looks at the processes."""
START = 60.0
"""Seconds that a process has to become ready."""


class WatchFailed(ToMend):
    """The line cannot be opened; the sentence says what to do."""


def run(processes: Sequence[Process], *, say: Callable[[str], object], opened: Callable[[], object]) -> None:
    """Start the processes in order, each when the one before is ready; then call `opened`.

    Watch until SIGINT or SIGTERM, then stop all in reverse order. `say` gets short lines for a
    person. To be called from the main thread. Raises WatchFailed when a process does not become ready.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a process that crashed held in memory stays there
    with _asked_to_stop() as stopping, contextlib.ExitStack() as stops:
        started: list[Watched] = []
        for process in processes:
            started.append(Watched(process))
            stops.callback(started[-1].stop)
            _start(started[-1], started, stopping)
        if not stopping.is_set():
            opened()
        while not stopping.wait(LOOK):
            _look(started, say)
        say("Closing the line.")


def _start(watched: Watched, started: Sequence[Watched], stopping: threading.Event) -> None:
    watched.start()
    until = time.monotonic() + START
    while not watched.ready() and not stopping.is_set():
        for each in started:  # who is silent on a machine so busy may beat again; once the line is open, it must
            each.listen()
            if how := each.ended():
                raise WatchFailed(f"The {each.process.name} {how} before the line was open: see what it said above.")
        if time.monotonic() > until:
            raise WatchFailed(f"The {watched.process.name} was not ready after {START:g} s: try again.")
        stopping.wait(LOOK / 4)


def _look(started: Sequence[Watched], say: Callable[[str], object]) -> None:
    for watched in started:
        watched.listen()
        if why := watched.trouble():
            pause = watched.bury()
            again = f"in {pause:g} s" if pause else "now"
            say(f"The {watched.process.name} {why}; it is started again {again}.")
        watched.start_when_due()


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold the file `lock` alone; raise WatchFailed when somebody else does."""
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WatchFailed(
                f"The line already runs with the folder {lock.parent}: stop it first, or choose another with IVR_STATE."
            ) from None
        yield


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
