"""A whole line for tests: Asterisk, the server, the sealer and the receipts, as `ivr run` starts them."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ivr.reports.alive import is_sealing
from tests.asterisk_fixture import CHECKOUT, RunningAsterisk, World, free_port, running_asterisk
from tests.phone import Phone
from tests.release import Published

IVR = CHECKOUT / ".venv/bin/ivr"


@dataclass
class RunningLine:
    """A line that takes calls; `settings` are the variables of its processes, `server` those of its server alone."""

    asterisk: RunningAsterisk
    release: Published
    settings: dict[str, str]
    server: dict[str, str] = field(default_factory=dict)
    inside: tuple[str, ...] = ()
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return Path(self.settings["IVR_STATE"])

    def phone(self, **options: object) -> Phone:
        return Phone(self.asterisk.sip, **{"clips": self.release.clips, **options})

    def start(self, verb: str) -> None:
        environment = {**os.environ, **self.settings, **(self.server if verb == "serve" else {})}
        log = (self.state / f"{verb}.log").open("ab")
        self.processes[verb] = subprocess.Popen([*self.inside, IVR, verb], env=environment, stdout=log, stderr=log)

    def stop(self, verb: str, number: signal.Signals = signal.SIGTERM) -> None:
        self.processes[verb].send_signal(number)
        self.processes[verb].wait(60)

    def log(self, verb: str) -> str:
        return (self.state / f"{verb}.log").read_text()


@contextlib.contextmanager
def running_line(
    release: Published, *, at: str = "", world: World = World(), **settings: object
) -> Iterator[RunningLine]:
    """Run a line on free ports, with its own state and memory; nothing of it is left afterwards.

    `at` is a time in UTC, `2026-11-23 11:00:30`, from which the server's clock goes on. `world` is around all
    its processes, but its variables are those of Asterisk and the server alone.
    """
    port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="calais-state-") as state,
        running_asterisk(
            agi_port=port, prompts=release.folder, world=world, **_known_to_asterisk(settings)
        ) as asterisk,
    ):
        ours = {
            "agi_port": port,
            "state": state,
            "memory": asterisk.memory,
            "prompts": release.folder,
            **settings,
        }
        variables = {f"IVR_{name.upper()}": str(value) for name, value in ours.items() if name != "trunk"}
        line = RunningLine(asterisk, release, variables, {**world.variables, **(faked(at) if at else {})}, world.inside)
        try:
            for verb in ("seal", "receipts", "serve"):
                line.start(verb)
            asterisk.wait_for(lambda: listens(port), 60, "the server")
            asterisk.wait_for(lambda: is_sealing(line.state / "reports"), 60, "the sealer")
            yield line
        finally:
            for process in line.processes.values():
                process.kill()
                process.wait()


def faked(at: str) -> dict[str, str]:
    """Return the variables that set a clock, but not the one that measures how time passes."""
    return {**_libfaketime(), "FAKETIME": f"@{at}", "TZ": "UTC"}


def settable(clock: Path) -> World:
    """Return a world whose clock goes by what the file `clock` says at any moment: `-3600` is an hour ago.

    The sealer and the receipts, which go by the clock that nobody sets, cannot live in it: libfaketime breaks
    their sleep (clock_nanosleep until a moment of the monotonic clock).
    """
    return World(variables={**_libfaketime(), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1"})


def _libfaketime() -> dict[str, str]:
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, text=True, check=True).stdout
    library = next(path for path in listed.split() if path.endswith("/libfaketime.so.1"))
    return {"LD_PRELOAD": library, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def _known_to_asterisk(settings: dict[str, object]) -> dict[str, object]:
    known = ("longest_call", "longest_report", "dtmf_mode", "script_entries", "trunk", "rtp_ports")
    known += ("sip_address", "here", "rota", "call_back")
    return {name: value for name, value in settings.items() if name in known}


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        import socket

        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False
