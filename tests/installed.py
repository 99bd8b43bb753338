"""A machine that scripts/install put the line on, below a folder: its units run as the users that they name.

systemd itself does not run here. What a unit says of its user, groups, capabilities and umask is done by setpriv,
and the folders stand at their real places inside a bubblewrap; the other walls are left out, so that whatever these
tests find closed is closed by owners and modes alone.
"""

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.asterisk_fixture import CACHE, CHECKOUT, free_port
from tests.phone import Phone
from tests.release import Published

PYTHON = "/opt/calais-line/current/.venv/bin/python"
RIGHTS = ["sudo", "-n"] if os.getuid() else []  # other users are started and files given to them: root alone can


def install(root: Path, *options: str) -> str:
    """Install the line below `root`, or take it away; return what was said."""
    command = [*RIGHTS, CHECKOUT / "scripts/install", "--root", root, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unit(root: Path, name: str) -> dict[str, list[str]]:
    """Return what the unit `calais-line-<name>.service` and the walls of all of them say, in this order."""
    units = root / "etc/systemd/system"
    told: dict[str, list[str]] = {}
    for file in (units / f"calais-line-{name}.service", units / "calais-line-.service.d/walls.conf"):
        for line in file.read_text().splitlines():
            key, is_set, value = line.partition("=")
            if is_set and not line.startswith("#"):
                told.setdefault(key, []).append(value)
    return told


@dataclass
class Machine:
    """The line below `root`, with the release and the port that its telephones call."""

    root: Path
    release: Published
    port: int
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def memory(self) -> Path:
        return self.root / "run/calais-line"

    @property
    def state(self) -> Path:
        return self.root / "var/lib/calais-line"

    def phone(self) -> Phone:
        return Phone(("127.0.0.1", self.port), clips=self.release.clips)

    def run(self, name: str, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a program with the rights of a unit."""
        return subprocess.run(self._as(name, command), capture_output=True, text=True, check=False, timeout=60)

    def start(self, name: str, ready: Callable[[], bool]) -> None:
        """Start a unit, and return when it is ready."""
        for before in unit(self.root, name).get("ExecStartPre", ()):
            done = self.run(name, *shlex.split(before))
            assert done.returncode == 0, done.stderr
        (command,) = unit(self.root, name)["ExecStart"]
        log = self.root / f"{name}.log"
        with log.open("wb") as output:
            self.running.append(subprocess.Popen(self._as(name, shlex.split(command)), stdout=output, stderr=output))
        self.wait_for(ready, f"{name} to be ready", log)

    def wait_for(self, happened: Callable[[], bool], what: str, log: Path | None = None) -> None:
        until = time.monotonic() + 60
        while not happened():
            assert time.monotonic() < until, f"waited for {what}; {log.read_text() if log else ''}"
            time.sleep(0.05)

    def stop(self) -> None:
        for process in reversed(self.running):
            subprocess.run([*RIGHTS, "kill", "-KILL", str(process.pid)], check=True)
            process.wait()

    def _as(self, name: str, command: tuple[str, ...] | list[str]) -> list[str]:
        told = unit(self.root, name)
        (user,), (umask,) = told["User"], told["UMask"][:1]
        groups = ",".join([*told.get("SupplementaryGroups", ()), *self._groups(user)])
        capability = told.get("AmbientCapabilities", [""])[0].lower().removeprefix("cap_")
        caps = f"-all,+{capability}" if capability else "-all"
        words = ["setpriv", "--reuid", user, "--regid", user, *(["--groups", groups] if groups else ["--clear-groups"])]
        words += ["--no-new-privs", "--inh-caps", caps, "--ambient-caps", caps, "--bounding-set", caps, "--"]
        settings = [f"{key}={value}" for key, _, value in (one.partition("=") for one in told["Environment"])]
        shell = ["sh", "-c", f'umask {umask}; cd {told["WorkingDirectory"][0]}; exec "$@"', "sh"]
        return [
            *RIGHTS,
            *self._place(told),
            *words,
            "env",
            "-i",
            "PATH=/usr/bin:/usr/sbin",
            *settings,
            *shell,
            *command,
        ]

    def _groups(self, user: str) -> list[str]:
        """Return the groups whose member a user is, as systemd gives them to a unit of that user."""
        listed = (line.split(":") for line in (self.root / "etc/group").read_text().splitlines())
        return [name for name, _, _, members in listed if user in members.split(",")]

    def _place(self, told: dict[str, list[str]]) -> list[str]:
        """Return the beginning of a command that sees this machine's folders where they belong."""
        etc = ("ld.so.cache", "alternatives", "ssl", "localtime", "nsswitch.conf", "hosts", "resolv.conf")
        version = (self.root / "opt/calais-line/current").readlink()
        usr = [word for name in ("bin", "sbin", "lib", "lib64") for word in _as_on_the_host(Path("/", name))]
        binds = [
            *((Path("/usr"), Path("/usr")), (Path("/sys"), Path("/sys"))),
            *((Path("/etc", name), Path("/etc", name)) for name in etc),
            *((self.root / "etc" / name, Path("/etc", name)) for name in ("passwd", "group", "calais-line")),
            (self.root / "opt/calais-line", Path("/opt/calais-line")),
            (CHECKOUT / ".venv", version / ".venv"),
            (Path(sys.base_prefix), Path(sys.base_prefix)),
            (CACHE / "asterisk-root", Path("/var/cache/calais-line/asterisk-root")),
            (self.release.folder, Path("/srv/calais-line/prompts")),
        ]
        for bind in told.get("BindReadOnlyPaths", ()):
            source, _, target = bind.removeprefix("-").partition(":")
            binds.append((self.root / source.lstrip("/"), Path(target)))
        read_only = [word for source, target in binds if source.exists() for word in ("--ro-bind", source, target)]
        written = [word for place in ("run", "var/lib") for word in ("--bind", *self._at(place))]
        above = sorted({parent for _, target in binds for parent in target.parents} | {Path("/run"), Path("/var/lib")})
        open_to_all = [word for folder in above[1:] for word in ("--perms", "0755", "--dir", folder)]
        box = ["bwrap", "--cap-add", "ALL", "--dev", "/dev", "--proc", "/proc", "--dir", "/tmp", "--die-with-parent"]  # noqa: S108
        box += ["--unshare-pid"]  # who changes the user no longer dies with the parent, but with its first process
        return [*box, *usr, *map(str, [*open_to_all, *written, *read_only]), "--"]

    def _at(self, place: str) -> tuple[Path, Path]:
        return self.root / place / "calais-line", Path("/", place, "calais-line")


def _as_on_the_host(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.exists() else []


@contextlib.contextmanager
def installed(release: Published, readers: str) -> Iterator[Machine]:
    """Install the line below a folder in memory, with a list of readers, and open it on free ports."""
    root = Path(tempfile.mkdtemp(prefix="calais-installed-", dir="/dev/shm"))
    root.chmod(0o755)
    machine = Machine(root, release, free_port(socket.SOCK_DGRAM))
    agi = free_port()
    try:
        install(root)
        version = (root / "opt/calais-line/current").readlink()
        for place in (root / str(version).lstrip("/") / ".venv", root / "var/cache/calais-line/asterisk-root"):
            subprocess.run([*RIGHTS, "mkdir", "-p", place], check=True)
        put(root / "etc/calais-line/readers.txt", readers)
        ours = f"sip_port: {machine.port}\nagi_port: {agi}\nrtp_first: 28000\nrtp_last: 29998\nlongest_report: 600\n"
        ours += "readers: /etc/calais-line/readers.txt\n"
        settings = root / "etc/calais-line/calais.yaml"
        put(settings, settings.read_text() + ours)
        subprocess.run([*RIGHTS, "systemd-tmpfiles", f"--root={root}", "--create", "calais-line.conf"], check=True)
        memory = machine.memory
        machine.start("seal", (memory / "kept/room.json").exists)
        machine.start("receipts", (memory / "door/receipts.socket").exists)
        machine.start("server", lambda: _listens(agi))
        machine.start("asterisk", lambda: _boots(machine))
        yield machine
    finally:
        machine.stop()
        subprocess.run([*RIGHTS, "rm", "-rf", root], check=True)


def put(file: Path, text: str) -> None:
    """Write a file as root."""
    subprocess.run([*RIGHTS, "tee", file], input=text.encode(), stdout=subprocess.DEVNULL, check=True)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _boots(machine: Machine) -> bool:
    ask = "from ivr import wiring; from ivr.settings import Settings; print(wiring.exchange(Settings()).ready())"
    told = machine.run("asterisk", PYTHON, "-c", ask)
    return told.stdout.strip() == "True"
