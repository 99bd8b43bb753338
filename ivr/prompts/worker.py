"""The program that makes clips: it loads what that takes once, then forks a worker for each socket it is handed.

A worker is sent Wanteds as lines of JSON and answers each with null or the reason for failure. All of them end by
themselves when whoever started them is killed (what they listen to ends), and an engine that crashes or hangs
takes only its worker along, and one clip. The fork server of `multiprocessing` would stay as long as whoever started
it, and leave a folder behind where that is killed.
"""

import json
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter

from ivr.prompts.engines import SynthesisFailed
from ivr.prompts.make import make
from ivr.prompts.manifest import Wanted
from ivr.prompts.sound import SoundRefused

_WANTED = TypeAdapter(Wanted)
LONGEST = 120.0  # seconds for a clip; an engine that takes more hangs
PATIENCE = 10  # nice: calls on the same machine come first


def main(shelf: Path) -> None:
    """Fork a worker for each socket that comes in by the standard input, a socket too, until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us, whose end we then see
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ended us while we loaded; from now on we end with our workers
    with suppress(PermissionError):  # a filter on system calls may refuse it; the clips are made all the same
        os.nice(PATIENCE)
    door = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    while handed := socket.recv_fds(door, 1, 1)[1]:
        link = socket.socket(fileno=handed[0])
        if not os.fork():
            door.close()
            for ends in (signal.SIGTERM, signal.SIGALRM):  # whoever started us may ignore the second
                signal.signal(ends, signal.SIG_DFL)
            _work(link, shelf)
            os._exit(0)
        link.close()  # else the next worker would hold it too, and nobody see that this one has ended
        _reap(os.WNOHANG)
    _reap(0)


def _reap(options: int) -> None:
    """Let go the workers that have ended, so that the time they took is known; unless WNOHANG, wait for all."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _work(link: socket.socket, shelf: Path) -> None:
    """Make clips until the link ends."""
    with suppress(ConnectionError):  # whoever started us is gone; the last clip is kept all the same
        for line in link.makefile("rb"):
            signal.setitimer(signal.ITIMER_REAL, LONGEST)  # which ends the process, whatever hangs in it
            why_not = _why_not(_WANTED.validate_json(line), shelf)
            signal.setitimer(signal.ITIMER_REAL, 0)
            link.sendall(json.dumps(why_not).encode() + b"\n")


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
    os._exit(0)  # to take apart what was loaded takes longer than a clip, and the build waits for it
