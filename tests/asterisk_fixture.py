"""A real Asterisk for tests: its own folders, free ports, gone without a trace afterwards."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.content.rota import rota_of
from ivr.exchange import asterisk
from ivr.exchange.instance import Exchange, Wiring

CHECKOUT = Path(__file__).parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calais-line"
LOOPBACK = "127.0.0.1"
PORTS = (10000, 32000)
"""Below those that Linux gives to whoever asks for any."""
DICE = random.SystemRandom()  # hypothesis sets the other's seed


@dataclass(frozen=True)
class World:
    """What is around an Asterisk: the program that it runs inside of, and further variables of its environment."""

    inside: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass
class RunningAsterisk:
    """An Asterisk that takes calls on `sip`; recordings lie in `memory`/recordings."""

    exchange: Exchange
    wiring: Wiring
    process: subprocess.Popen[bytes]
    world: "World"

    @property
    def sip(self) -> tuple[str, int]:
        """The address that a telephone calls."""
        return LOOPBACK, self.wiring.sip_port

    @property
    def sip_port(self) -> int:
        """The UDP port of SIP."""
        return self.wiring.sip_port

    @property
    def memory(self) -> Path:
        """The folder in memory; the dialplan records into its folder `recordings`."""
        return self.exchange.memory

    def rx(self, command: str) -> str:
        """Return what Asterisk's console prints for a command."""
        return self.exchange.tell(command)

    def channels(self) -> int:
        """Return how many calls Asterisk has now."""
        return int(self.rx("core show channels count").split()[0])

    def wait_channels(self, count: int, timeout: float = 10) -> None:
        """Return when Asterisk has so many calls."""
        self.wait_for(lambda: self.channels() == count, timeout, f"{count} channels")

    def recordings(self) -> list[Path]:
        """Return the files that were recorded, oldest first."""
        found: list[tuple[int, Path]] = []
        for file in (self.memory / "recordings").iterdir():
            with contextlib.suppress(FileNotFoundError):  # sealed between these two lines
                found.append((file.stat().st_mtime_ns, file))
        return [file for _, file in sorted(found)]

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 10, what: str = "it") -> None:
        """Return when `predicate` is true; it is asked every 30 ms."""
        until = time.monotonic() + timeout
        while not predicate():
            assert time.monotonic() < until, f"waited {timeout} s for {what}; Asterisk's log:\n{self.log()}"
            time.sleep(0.03)

    def log(self) -> str:
        """Return the warnings and errors so far."""
        return self.exchange.log.read_text(encoding="utf-8", errors="replace") if self.exchange.log.exists() else ""

    def stop(self) -> None:
        """End it and all its calls, and wait until it is gone."""
        if self.process.poll() is None:
            with contextlib.suppress(asterisk.AsteriskFailed):
                self.exchange.tell("core stop now")
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it like a crash."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def start(self) -> None:
        """Run it again after `stop` or `kill`."""
        self.process = _start(self.exchange, self.world)


@contextlib.contextmanager
def running_asterisk(
    *,
    agi_port: int,
    prompts: Path,
    longest_call: int = 600,
    longest_report: int = 120,
    dtmf_mode: str = "auto",
    script_entries: bool = False,
    studio_by_trunk: bool = False,
    ivr: Path = CHECKOUT / ".venv/bin/ivr",
    trunk: str = "",
    memory: Path | None = None,
    rtp_ports: int = 2000,
    world: World = World(),
    sip_address: str = LOOPBACK,
    here: str = "127.0.0.2",
    rota: Path | None = None,
    call_back: Path | None = None,
) -> Iterator[RunningAsterisk]:
    """Run a real Asterisk whose dialplan calls the FastAGI server on `agi_port`.

    `prompts` is the folder with `current/`, `trunk` the text of a trunk file. `memory` is made (below /dev/shm)
    and removed when none is given.
    """
    folder = Path(tempfile.mkdtemp(prefix="calais-asterisk-"))
    ours = memory or Path(tempfile.mkdtemp(prefix="calais-memory-", dir="/dev/shm"))
    (folder / "trunk.conf").write_text(trunk, encoding="utf-8")
    first = random.randrange(40000, 60000 - rtp_ports, 2)
    wiring = Wiring(
        sip_address=sip_address,
        here=here,
        sip_port=free_port(socket.SOCK_DGRAM),
        rtp_first=first,
        rtp_last=first + rtp_ports - 1,
        agi_port=agi_port,
        prompts=prompts,
        ivr=ivr,
        trunk=folder / "trunk.conf",
        longest_call=longest_call,
        longest_report=longest_report,
        dtmf_mode=dtmf_mode,
        script_entries=script_entries,
        studio_by_trunk=studio_by_trunk,
    )
    exchange = Exchange(asterisk.find(CACHE / "asterisk-root"), folder / "state", ours)
    exchange.prepare(CHECKOUT / "asterisk-conf", wiring, rota_of(rota) if rota else None, calls_back=bool(call_back))
    running = RunningAsterisk(exchange, wiring, _start(exchange, world), world)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
        if memory is None:
            shutil.rmtree(ours, ignore_errors=True)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of loopback that nobody uses now, nor is given to whoever asks for any port before it is used."""
    while True:
        port = DICE.randrange(*PORTS)
        with socket.socket(socket.AF_INET, kind) as probe, contextlib.suppress(OSError):
            probe.bind((LOOPBACK, port))
            return port


def _start(exchange: Exchange, world: World) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        (*world.inside, *exchange.command()),
        env={**os.environ, **world.variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        exchange.wait_ready(120)
    except asterisk.AsteriskFailed:
        process.kill()
        raise
    return process
