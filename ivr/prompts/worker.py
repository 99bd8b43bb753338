"""A process that makes clips: a Wanted as a line of JSON comes in, null or the reason for failure goes out.

It is a program of its own, not a child of `multiprocessing`: it ends by itself when whoever started it is
killed (its input ends), and an engine that crashes takes only one clip along.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from ivr.prompts.engines import SynthesisFailed
from ivr.prompts.make import make
from ivr.prompts.manifest import Wanted
from ivr.prompts.sound import SoundRefused

_WANTED = TypeAdapter(Wanted)
PATIENCE = 10  # nice: calls on the same machine come first


def main(shelf: Path) -> None:
    """Make clips until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us, whose end we then see
    with suppress(PermissionError):  # a filter on system calls may refuse it; the clips are made all the same
        os.nice(PATIENCE)
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a C library that prints must not answer
    with suppress(BrokenPipeError):  # whoever started us is gone; the last clip is kept all the same
        for line in sys.stdin:
            why_not = _why_not(_WANTED.validate_json(line), shelf)
            os.write(answers, json.dumps(why_not).encode() + b"\n")


def _why_not(wanted: Wanted, shelf: Path) -> str | None:
    try:
        make(wanted, shelf)
    except (SynthesisFailed, SoundRefused) as refused:
        return str(refused)
    except OSError as error:
        return f"The clip cannot be written ({error.strerror}): make room, then build again."
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
