"""`ivr run` as a process of its own, with the processes that it starts."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pyrage

from ivr.reports.folder import all_reports
from ivr.reports.opening import Opened, open_report
from tests.asterisk_fixture import free_port
from tests.phone import CallRefused, NotHeard, Phone
from tests.release import Published
from tests.running_line import IVR


class Run:
    """One `ivr run`, its printed lines, and the processes that it started."""

    def __init__(self, folder: Path, prompts: Path, **settings: object) -> None:
        self.port = free_port(socket.SOCK_DGRAM)
        self.folder = folder
        self.output = folder / "output"
        self.memory = Path(f"/dev/shm/calais-run-{self.port}")  # noqa: S108 - memory is the point
        ours = {
            "IVR_SIP_PORT": self.port,
            "IVR_AGI_PORT": free_port(),
            "IVR_RTP_FIRST": 30000,
            "IVR_RTP_LAST": 31999,
            "IVR_STATE": folder / "state",
            "IVR_MEMORY": self.memory,
            "IVR_PROMPTS": prompts,
            **{f"IVR_{name.upper()}": value for name, value in settings.items()},
        }
        self.settings = {name: str(value) for name, value in ours.items()}
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            environment = {**os.environ, **self.settings}
            return subprocess.Popen([IVR, "run"], env=environment, stdout=output, stderr=output)

    def printed(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while words not in self.printed():
            assert time.monotonic() < until, f"waited for {words!r}:\n{self.printed()}"
            time.sleep(0.05)

    def started(self) -> dict[str, int]:
        """The processes below the run, by their verb, and `asterisk` (not the box around it)."""
        listed = subprocess.run(
            ["ps", "-e", "-ww", "-o", "pid,args"], capture_output=True, text=True, check=True
        ).stdout
        found = {}
        for pid, words in re.findall(r"(\d+) (.*)", listed):
            environment = b""
            with contextlib.suppress(OSError):  # of another user, or gone already
                environment = Path(f"/proc/{pid}/environ").read_bytes()
            if str(self.folder).encode() in environment and int(pid) != self.process.pid:
                found[words.split()[-1].replace("-f", "asterisk")] = int(pid)
        return found

    def wait_started(self, name: str) -> int:
        """Return the process of that name, when it runs."""
        until = time.monotonic() + 40
        while name not in (started := self.started()):
            assert time.monotonic() < until, f"no {name} was started again:\n{self.printed()}"
            time.sleep(0.05)
        return started[name]

    def wait_port_free(self) -> None:
        """Return when an Asterisk that was killed has left its port, which takes its many threads a moment."""
        until = time.monotonic() + 20
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            while True:
                try:
                    return probe.bind(("127.0.0.1", self.port))
                except OSError:
                    assert time.monotonic() < until, f"port {self.port} stays in use"
                    time.sleep(0.02)

    def phone(self, release: Published) -> Phone:
        return Phone(("127.0.0.1", self.port), clips=release.clips)

    def wait_answers(self, release: Published) -> float:
        """Return when the line answers with its menu, and when that call began (time.monotonic)."""
        for _ in range(40):
            began = time.monotonic()
            with contextlib.suppress(NotHeard, CallRefused), self.phone(release) as phone:
                phone.call("line-en", timeout=5)
                phone.hears("en/main.1", timeout=3)
                return began
            time.sleep(0.1)
        raise AssertionError(f"the line did not open again:\n{self.printed()}")

    def sealed_since(self, known: set[str]) -> list[Opened]:
        """Wait until nothing is left in memory; open each new report as a reader does."""
        until = time.monotonic() + 60
        while list((self.memory / "recordings").iterdir()):
            assert time.monotonic() < until, f"recordings are left in memory:\n{self.printed()}"
            time.sleep(0.1)
        state = self.folder / "state"
        reader = pyrage.x25519.Identity.from_str((state / "practice/one.key").read_text().strip())
        new = (one for one in all_reports(state / "reports") if one.name not in known and not one.card().trial)
        return [open_report(one, reader) for one in new]


@contextlib.contextmanager
def opened_run(folder: Path, prompts: Path, **settings: object) -> Iterator[Run]:
    """Open a line with its state below `folder`, and close it; nothing of it stays in memory."""
    run = Run(folder, prompts, **settings)
    try:
        run.wait_for("The line is open:")
        yield run
    finally:
        run.process.send_signal(signal.SIGTERM)
        run.process.wait(20)
        shutil.rmtree(run.memory, ignore_errors=True)
