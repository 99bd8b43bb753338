"""One Asterisk of ours: its folders, its command line, talking to it, and whether it is ready."""

import contextlib
import dataclasses
import os
import re
import select
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from . import apologies, back, box, persons
from .asterisk import Asterisk, AsteriskFailed
from .configure import configure
from .watched import Process

if TYPE_CHECKING:
    from ivr.content.rota import Rota

NAMES_A_HOST = re.compile(r"^\s*\w+\s*=(?!\s*/)[^;\n]*[a-z0-9-]\.[a-z]{2,}", re.IGNORECASE | re.MULTILINE)


BACKSTOP = 120
"""Seconds above the server's own limits, after which Asterisk itself ends a call."""


@dataclass(frozen=True)
class Wiring:
    """What differs between one exchange and the next; each field fills the WORD of its name in the templates.

    `prompts` is the folder with `current/`, `ivr` the program that serves one call as a plain AGI script
    (entries `agi-line` and so on, only where `script_entries`), `trunk` a file with a provider's endpoint,
    which may be missing; with `studio_by_trunk` its calls may reach the studio. `here` is
    a second address of SIP, for telephones on this machine. `longest_*` are seconds.
    """

    sip_address: str
    sip_port: int
    rtp_first: int
    rtp_last: int
    agi_port: int
    prompts: Path
    ivr: Path
    trunk: Path
    longest_call: int
    longest_report: int
    dtmf_mode: str = "auto"
    script_entries: bool = False
    studio_by_trunk: bool = False
    here: str = "127.0.0.2"


@dataclass(frozen=True)
class Exchange:
    """An Asterisk with its folders: `state` holds its files and its socket, `memory` what callers say."""

    asterisk: Asterisk
    state: Path
    memory: Path

    @property
    def configuration(self) -> Path:
        """The folder of Asterisk's files, filled in."""
        return self.state / "etc"

    @property
    def log(self) -> Path:
        """The file of warnings and errors."""
        return self.state / "log/messages.log"

    def prepare(self, templates: Path, wiring: Wiring, rota: "Rota | None" = None, *, calls_back: bool = False) -> None:
        """Make the folders that Asterisk writes to, readable for nobody else, fill in its files, keep the apologies.

        It can call those of the `rota`, and who is to be called back; without them nobody.
        Raises ConfigurationFailed when a value does not fit into Asterisk's files.
        """
        folders = [self.state / name for name in ("etc", "lib/keys", "log", "run")]
        for folder in (self.state, self.memory, *folders, *(self.memory / name for name in ("recordings", "spool"))):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        words = {name.upper(): _word(value) for name, value in dataclasses.asdict(wiring).items()}
        configure(
            templates,
            self.configuration,
            {
                **words,
                "BACKSTOP": str(BACKSTOP),
                "ETC": str(self.configuration),
                "STATE": str(self.state),
                "MEMORY": str(self.memory),
                "MODULES": str(self.asterisk.modules),
                "DOCUMENTATION": str(self.asterisk.documentation),
            },
        )
        apologies.keep(wiring.prompts, self.state / "apologies")
        persons.write(self.configuration, rota, wiring.longest_call + wiring.longest_report + BACKSTOP)
        back.write(self.configuration, wiring.agi_port, calls_back=calls_back)
        back.forget(self.memory / "spool/outgoing")
        names = f"localhost {socket.gethostname()} A.ROOT-SERVERS.NET"
        hosts = (f"{address} {names}\n" for address in ("127.0.0.1", "::1"))
        (self.state / "hosts").write_text("".join(hosts), encoding="ascii")
        (self.state / "resolv.conf").write_text(resolver(wiring.trunk), encoding="utf-8")

    def command(self) -> tuple[str, ...]:
        """Return the command line that runs Asterisk in the foreground."""
        inside = box.box(
            writable=(self.state, self.memory), hosts=self.state / "hosts", resolver=self.state / "resolv.conf"
        )
        return (*inside, *self._asterisk(), "-f")

    def become(self) -> NoReturn:
        """Become this Asterisk, in the foreground and without a box: whoever started this process shuts it in."""
        line = (*self._asterisk(), "-f")
        os.execv(line[0], line)  # noqa: S606 - no shell is wanted

    def process(self) -> Process:
        """Return Asterisk as a process for the watch; it ends by its own command, so that recordings are whole."""
        return Process("Asterisk", self.command(), ready=self.ready, stop=self.stop, quiet=True)

    def stop(self) -> None:
        """Ask Asterisk to end now, with all its calls; nothing when it does not run."""
        with contextlib.suppress(AsteriskFailed):
            self.tell("core stop now")

    def leave(self, seconds: float = 10) -> None:
        """Ask Asterisk to end as soon as nobody calls; until then it takes calls as usual.

        Its console would wait for that: we leave when it says so. Raises AsteriskFailed as `tell` does.
        """
        line = [*self._asterisk(), "-rx", "core stop when convenient"]
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as console:
            told = console.stdout.fileno() if console.stdout else -1
            says, _, _ = select.select([told], [], [], seconds)
            stays = bool(says) and bool(os.read(told, 4096))
            if stays or not says:
                console.kill()
        if console.returncode and not stays:
            raise AsteriskFailed(f"Asterisk does not run here, or does not answer; see {self.log}.")

    def tell(self, command: str, seconds: float = 10) -> str:
        """Return what Asterisk prints for a command of its console (`core show channels`).

        Raises AsteriskFailed when it does not run or does not answer in time.
        """
        line = [*self._asterisk(), "-rx", command]
        try:
            done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AsteriskFailed(f"Asterisk did not answer {command!r} in {seconds} s; see {self.log}.") from None
        if done.returncode:
            raise AsteriskFailed(f"Asterisk does not run here; see {self.log}.")
        return done.stdout

    def ready(self) -> bool:
        """Return whether Asterisk has loaded everything and takes calls."""
        try:
            return "fully booted" in self.tell("core waitfullybooted", seconds=5)
        except AsteriskFailed:
            return False

    def wait_ready(self, seconds: float = 30) -> None:
        """Return when Asterisk takes calls; raise AsteriskFailed after `seconds`."""
        until = time.monotonic() + seconds
        while not self.ready():
            if time.monotonic() > until:
                raise AsteriskFailed(f"Asterisk was not ready after {seconds} s; see {self.log}.")
            time.sleep(0.05)

    def _asterisk(self) -> tuple[str, ...]:
        return (*self.asterisk.program, "-C", str(self.configuration / "asterisk.conf"))


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def resolver(trunk: Path) -> str:
    """Return the name servers that Asterisk may ask: none, unless the trunk names a host.

    Otherwise whoever offers sound at an address of letters makes it ask, and holds up everybody's calls meanwhile.
    """
    told = trunk.read_text(encoding="utf-8") if trunk.is_file() else ""
    if not NAMES_A_HOST.search(told) or not box.RESOLVER.is_file():
        return "# Nobody is asked for names: nothing here needs one.\n"
    lines = box.RESOLVER.read_text(encoding="utf-8").splitlines()
    return "\n".join([*(line for line in lines if line.startswith("nameserver")), "options timeout:1 attempts:1", ""])
