"""`ivr build` again and again, each in processes of its own that can be killed; what they import is imported once.

Each line of the input asks for a build; its process and then its exit code are answered. What a build says goes
into the file that is named as the argument.
"""

import os
import random
import signal
import socket
import sys
from pathlib import Path

from ivr import __main__ as command_line
from ivr.prompts import (
    publish,  # noqa: F401 - what `ivr build` imports late
    worker,
    workers,
)
from ivr.prompts.engines import espeak  # noqa: F401 - and its workers

HIGHEST = 256  # of the files that a build opens


class Forked:
    """Stands in for the Popen of the program that forks workers, without the second that it takes to load."""

    def __init__(self, shelf: str, door: socket.socket) -> None:
        self.pid = os.fork() or be_forge(shelf, door)

    def poll(self) -> None:
        """Say that it goes on."""

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> None:
        os.waitpid(self.pid, 0)


def be_forge(shelf: str, door: socket.socket) -> int:
    """Run the program, its workers as patient as everybody else, and end."""
    os.dup2(door.fileno(), 0)
    os.closerange(3, HIGHEST)  # among them the build's end of the door: who holds it does not see that the build ended
    worker.PATIENCE = 0
    try:
        worker.main(Path(shelf))
    finally:
        os._exit(0)


def be_ivr_build(log: str) -> int:
    """Run the verb in a process group with its workers, and end."""
    os.setpgid(0, 0)
    os.sched_setaffinity(0, {random.choice([*os.sched_getaffinity(0)])})  # one worker is enough for few clips
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["ivr", "build"]
    workers.Forge._start = lambda forge, door: Forked(forge._command[-1], door)
    code: object = 0
    try:
        command_line.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        os._exit(1 if code else 0)


def answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for _ in sys.stdin:
        child = os.fork() or be_ivr_build(sys.argv[1])
        answer(child)
        answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
