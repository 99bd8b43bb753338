"""`ivr build` again and again, each in processes of its own that can be killed; what they import is imported once.

Each line of the input asks for a build; its process and then its exit code are answered. What a build says goes
into the file that is named as the argument.
"""

import os
import random
import signal
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
    """Stands in for the Popen of a worker: the same program, without the second that it takes to load."""

    def __init__(self, shelf: str) -> None:
        theirs, ours = os.pipe()
        answers, said = os.pipe()
        self.pid = os.fork() or be_worker(shelf, theirs, said)
        os.close(theirs)
        os.close(said)
        self.stdin, self.stdout = os.fdopen(ours, "wb"), os.fdopen(answers, "rb")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def communicate(self) -> None:
        self.stdin.close()
        self.stdout.close()
        os.waitpid(self.pid, 0)


def be_worker(shelf: str, asked: int, answers: int) -> int:
    """Run a worker, as patient as everybody else, and end."""
    os.dup2(asked, 0)
    os.dup2(answers, 1)
    os.closerange(3, HIGHEST)  # the others' pipes: whoever holds one does not see that the build has ended
    sys.stdin = os.fdopen(0)
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
    workers.Worker._start = lambda one: Forked(one._command[-1])
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
