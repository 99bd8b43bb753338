"""One process under watch: started in a group of its own, listened to, killed whole."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

FIRST_BEAT = 30.0
"""Seconds a process has until its first beat: a busy machine starts slowly."""
SHORT_LIFE = 10.0
"""A process that lived for fewer seconds waits before it is started again, longer each time."""
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Process:
    """A program that the line needs.

    `beats_within` is how many seconds it may be silent before it counts as frozen: it then gets a
    NOTIFY_SOCKET and is ready when it says so (ivr/heartbeat.py). Without it, `ready` tells whether it does its
    work. `stop` asks it to end in its own way, before SIGTERM; `patience` is how many seconds it has to end.
    What a `quiet` process prints is thrown away.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    beats_within: float | None = None
    ready: Callable[[], bool] = lambda: True
    stop: Callable[[], object] = lambda: None
    patience: float = 10.0
    quiet: bool = False


class Watched:
    """A process that runs, or is about to run again."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self._said_ready = False
        self._running: subprocess.Popen[bytes] | None = None
        self._short_lives = 0
        self._started_at = 0.0
        self._last_beat = 0.0
        self._start_at = 0.0
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        name = f"calais-line-{secrets.token_hex(8)}"
        self._ear.bind(f"\0{name}")
        self._address = f"@{name}"

    def start(self) -> None:
        """Run it; it ends with this process, whatever ends this process (setpriv's pdeathsig)."""
        self._started_at = time.monotonic()
        self._last_beat = self._started_at + FIRST_BEAT
        self._said_ready = False
        output = subprocess.DEVNULL if self.process.quiet else None
        self._running = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *self.process.argv],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
        )

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name not in {"NOTIFY_SOCKET", "WATCHDOG_USEC"}}
        if self.process.beats_within is not None:
            own["NOTIFY_SOCKET"] = self._address
            own["WATCHDOG_USEC"] = str(int(self.process.beats_within * 1_000_000))
        return own | dict(self.process.environment)

    def listen(self) -> None:
        """Take in the beats since the last time."""
        while word := self._word():
            self._last_beat = time.monotonic()
            self._said_ready = self._said_ready or b"READY=1" in word.split(b"\n")

    def ready(self) -> bool:
        """Return whether it does its work."""
        return self.process.ready() if self.process.beats_within is None else self._said_ready

    def _word(self) -> bytes:
        try:
            return self._ear.recv(4096)
        except BlockingIOError:
            return b""

    def ended(self) -> str:
        """Return how it ended ("ended with status 1"), nothing while it runs."""
        status = self._running.poll() if self._running else None
        if status is None:
            return ""
        return f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"

    def trouble(self) -> str:
        """Return what is wrong with it, nothing when all is well."""
        if how := self.ended():
            return how
        allowed = self.process.beats_within
        if self._running and allowed is not None and time.monotonic() - self._last_beat > allowed:
            return f"gave no sign of life for {allowed:g} s"
        return ""

    def bury(self) -> float:
        """Kill what is left of it; return in how many seconds it is to be started again."""
        lived = time.monotonic() - self._started_at
        self._end()
        self._short_lives = self._short_lives + 1 if lived < SHORT_LIFE else 0
        pause = min(2.0 ** (self._short_lives - 2), LONGEST_PAUSE) if self._short_lives > 1 else 0.0
        self._start_at = time.monotonic() + pause
        return pause

    def start_when_due(self) -> None:
        """Run it again, when it was buried and its pause is over."""
        if self._running is None and time.monotonic() >= self._start_at:
            self.start()

    def stop(self) -> None:
        """End it, gently at first, and wait until it is gone."""
        if self._running and self._running.poll() is None:
            self.process.stop()
            _signal(self._running, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(self.process.patience)
        self._end()
        self._ear.close()

    def _end(self) -> None:
        """Kill the whole group: a program that it started does not outlive it."""
        if self._running:
            _signal(self._running, signal.SIGKILL)
            self._running.wait()
            self._running = None


def _signal(running: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, number)
