"""What the call server may do with reports: hand in sound and notes, ask about receipts. It opens nothing.

No key and no library that could use one is imported here (a test holds that).
"""

import contextlib
import json
import secrets
import shutil
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ivr.reports.memory import BYTES_A_SECOND, Memory, Part, drop

_LOOK_EVERY: Final = 0.05  # seconds
_PLACE_FOR_ANOTHER: Final = 60 * BYTES_A_SECOND  # a minute of sound in memory, if sealing should stand still
_IN_PASSING: Final = 0.5  # seconds: the caller has heard goodbye and pays until this is said
_ASK_FOR: Final = 15.0  # seconds: a receipt takes half of one, and they are made one at a time


@dataclass(frozen=True)
class Kept:
    """What is sealed of a part whose recording ended; not `complete` when the disk was full."""

    seconds: float
    voice: bool
    complete: bool


@dataclass(frozen=True)
class Found:
    """A receipt's report: `part` numbers its next recording, `answer` is the file to play (with `.sln`)."""

    report: str
    part: int
    answer: Path | None


@dataclass(frozen=True)
class Unknown:
    """No report has this receipt."""


@dataclass(frozen=True)
class Later:
    """Receipts cannot be looked up now: too many wrong ones this hour, or too many at once."""


class Desk:
    """The call server's side of the folder in memory and of the receipt process."""

    def __init__(self, memory: Path, receipts: Path) -> None:
        """Take the folder in memory and the socket of the receipt process."""
        self._memory = Memory(memory)
        self._receipts = receipts

    def new_report(self) -> str:
        """Return a random name for a report; nothing exists until its recording has begun."""
        return secrets.token_hex(10)

    def recording(self, report: str, part: int) -> Path:
        """Return the name that `RECORD FILE … sln` takes: without `.sln`, which Asterisk adds."""
        return self._memory.recordings / str(Part(report, part))

    def note(self, report: str, part: int, facts: Mapping[str, Any]) -> None:
        """Hand in what is known of a part: `language`, `question`, `urgent: true` …; it will be sealed."""
        path = self._memory.notes / f"{Part(report, part)}.{secrets.token_hex(6)}.json"
        drop(path, json.dumps(facts, ensure_ascii=False))

    def kept(self, report: str, part: int, timeout: float) -> Kept | None:
        """Wait until a part's recording has ended and is sealed; None after `timeout` seconds."""
        path = self._memory.kept / f"{Part(report, part)}.json"
        until = time.monotonic() + timeout
        while True:
            told = _read(path)
            if told is not None:
                return Kept(float(told["seconds"]), bool(told["voice"]), bool(told["complete"]))
            if time.monotonic() >= until:
                return None
            time.sleep(_LOOK_EVERY)

    def has_room(self) -> bool:
        """Tell whether another full report fits on the disk, and its beginning in memory."""
        told = _read(self._memory.kept / "room.json")
        on_disk = told is None or bool(told["room"])
        return on_disk and shutil.disk_usage(self._memory.root).free > _PLACE_FOR_ANOTHER

    def issue(self, report: str) -> str | None:
        """Return twelve random digits, the receipt for a report; None when none can be made now."""
        told = self._ask({"issue": report})
        return str(told["digits"]) if "digits" in told else None

    def find(self, code: str) -> Found | Unknown | Later:
        """Look a receipt up; `code` is what the caller pressed."""
        told = self._ask({"find": code})
        if "report" in told:
            answer = told.get("answer")
            return Found(str(told["report"]), int(told["part"]), Path(answer) if answer else None)
        return Unknown() if "unknown" in told else Later()

    def heard(self, answer: Path) -> None:
        """Have an answer removed from memory when it was played, or when the caller hung up; waits for nothing."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(_IN_PASSING)
            wire.connect(str(self._receipts))
            wire.sendall(json.dumps({"heard": answer.name}).encode() + b"\n")

    def _ask(self, question: Mapping[str, str]) -> dict[str, Any]:
        """Put one question to the receipt process; an empty answer when it is gone, or busy for too long."""
        try:
            with socket.socket(socket.AF_UNIX) as wire:
                wire.settimeout(_ASK_FOR)
                wire.connect(str(self._receipts))
                wire.sendall(json.dumps(question).encode() + b"\n")
                with wire.makefile("rb") as answers:
                    told = json.loads(answers.readline() or b"{}")
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return told if isinstance(told, dict) else None
