"""`ivr build` again and again, each in processes of its own that can be killed; what it imports is imported once.

Each line of the input asks for a build; its process and then its exit code are answered. What a build says goes
into the file that is named as the argument.
"""

import os
import random
import sys

from ivr import __main__ as command_line
from ivr.prompts import publish  # noqa: F401 - what `ivr build` imports late


def be_ivr_build(log: str) -> None:
    """Run the verb in a process group with its workers, and end."""
    os.setpgid(0, 0)
    os.sched_setaffinity(0, {random.choice([*os.sched_getaffinity(0)])})  # one worker starts sooner than two
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["ivr", "build"]
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
