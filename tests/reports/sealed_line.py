"""A line with two readers, Alice and Bob: its folder in memory, its reports, its sealer as a real process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyrage

from ivr.reports.desk import Desk
from ivr.reports.folder import Report
from ivr.reports.keys import Seal
from ivr.reports.memory import Memory, Part
from ivr.reports.seal import Places, Sealer

SEALER = """
import json, sys
from pathlib import Path
from ivr.reports import seal
told = json.loads(sys.argv[1])
places = seal.Places(Path(told["memory"]), Path(told["reports"]), Path(told["mails"]))
seal.run(places, told["keys"], longest=told["longest"])
"""
ALICE = pyrage.x25519.Identity.generate()
BOB = pyrage.x25519.Identity.generate()


def wait_for(happened: Callable[[], Any], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < until, "what was waited for did not happen"
        time.sleep(0.01)
    return found


def speech(seconds: float, seed: int = 1) -> bytes:
    """Syllables of noise between pauses: never twice the same second, loud enough for a telephone."""
    random = np.random.default_rng(seed)
    samples = random.normal(0, 3000, int(seconds * 8000))
    syllables = np.sin(np.arange(samples.size) / 8000 * 2 * np.pi * 3) > 0
    return (samples * syllables).clip(-32768, 32767).astype("<i2").tobytes()


def open_with_age(path: Path, identity: pyrage.x25519.Identity) -> bytes:
    return bytes(pyrage.decrypt(path.read_bytes(), [identity]))


@dataclass
class SealedLine:
    root: Path
    memory: Path
    longest: float = 60
    sealers: list["subprocess.Popen[str]"] = field(default_factory=list)

    @property
    def places(self) -> Places:
        return Places(self.memory, self.root / "reports", self.root / "mails")

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def desk(self) -> Desk:
        return Desk(self.memory, self.root / "receipts.sock")

    @property
    def recordings(self) -> Path:
        return Memory(self.memory).recordings

    def start_sealer(self) -> "subprocess.Popen[str]":
        told = {
            "memory": str(self.memory),
            "reports": str(self.reports),
            "mails": str(self.root / "mails"),
            "keys": [str(ALICE.to_public()), str(BOB.to_public())],
            "longest": self.longest,
        }
        log = (self.root / "sealer.log").open("a")
        sealer = subprocess.Popen([sys.executable, "-c", SEALER, json.dumps(told)], stderr=log, text=True)
        log.close()
        self.sealers.append(sealer)
        return sealer

    def running(self) -> "SealedLine":
        self.start_sealer()
        wait_for((Memory(self.memory).kept / "room.json").exists)
        return self

    def said(self) -> str:
        return (self.root / "sealer.log").read_text()

    def record(self, sound: bytes, report: str = "", part: int = 1) -> Report:
        """Record as Asterisk does, at once, and wait until it is kept."""
        report = report or self.desk.new_report()
        path = self.desk.recording(report, part).with_name(f"{report}.{part}.sln")
        path.write_bytes(sound)
        assert self.desk.kept(report, part, 20)
        wait_for(lambda: not path.exists())
        return Report(self.reports / report)

    def sealed(self, sound: bytes, name: str = "aaaaaaaa", notes: Iterable[dict[str, Any]] = ()) -> Report:
        """Seal a recording that ended, with its notes, in this process; quicker than `record`."""
        (self.recordings / f"{name}.1.sln").write_bytes(sound)
        for note in notes:
            self.desk.note(name, 1, note)
        sealer = Sealer(self.places, Seal([str(ALICE.to_public()), str(BOB.to_public())]), self.longest)
        self.reports.mkdir(exist_ok=True)
        while sealer.look():
            pass
        return Report(self.reports / name)

    def opened(self, report: str, part: int = 1, identity: pyrage.x25519.Identity = ALICE) -> bytes:
        """Open what is sealed of a part: all of its slices, padding included."""
        folder = Report(self.reports / report)
        slices = folder.slices(Part(report, part))
        return b"".join(open_with_age(folder.path / name, identity) for name in slices)

    def stop(self) -> None:
        for sealer in self.sealers:
            if sealer.poll() is None:
                os.kill(sealer.pid, signal.SIGKILL)
            sealer.wait()
