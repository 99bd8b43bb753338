"""The receipt process: makes and looks up receipts, one at a time, so that guessing is slow.

It listens on a unix socket, one line of JSON a question. It remembers no code and writes none down. It
reads reports and changes none: what of a receipt belongs into a report, the sealer puts there.
"""

import contextlib
import json
import os
import resource
import select
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, Final

from ivr import heartbeat
from ivr.reports import answers, code, disk
from ivr.reports.folder import CARD, Report, all_reports
from ivr.reports.memory import REPORT_NAME, Memory, drop

RECEIPT: Final = "receipt.json"
HEARD: Final = b'{"heard"'
WRONG_AN_HOUR: Final = 60
_HOUR: Final = 3600.0
_LONGEST_QUESTION: Final = 256  # bytes
_PATIENCE: Final = 0.5  # seconds that the asking process may take to say its question
_PARTS_A_CALL: Final = 100  # a later call counts its parts from 101, 201 …: two calls at once never share a number
_PUT_WITHIN: Final = 5.0  # seconds that the sealer has to put a receipt into its report
_LOOK_EVERY: Final = 0.02  # seconds
_ANSWER_LIVES: Final = 1800.0  # seconds in memory; longer than any call


def run(listen: Path, reports: Path, salt: Path, memory: Path, *, stop: Event | None = None) -> None:
    """Answer on the socket `listen` until `stop` is set; `salt` is this line's file, made the first time."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o007)
    room = Memory(memory)
    room.make()
    window = Window(reports, code.site_salt(salt), room)
    listen.parent.mkdir(parents=True, exist_ok=True)
    listen.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(listen))
        door.listen(128)
        door.settimeout(0.5)
        heartbeat.ready()
        stop = stop or Event()
        while not stop.is_set():
            heartbeat.beat()
            answers.forget(room, _ANSWER_LIVES)
            with contextlib.suppress(OSError):  # nobody asked, or who asked has gone
                _serve(door.accept()[0], window)


class Window:
    """Where receipts are asked for; it knows the reports' folders and this line's salt."""

    def __init__(self, reports: Path, salt: bytes, memory: Memory, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with no wrong code counted."""
        self._reports = reports
        self._salt = salt
        self._memory = memory
        self._clock = clock
        self._wrong: deque[float] = deque()
        self._calls: dict[str, int] = {}

    def issue(self, name: str) -> str | None:
        """Return new digits for the report called `name`; None if it has a receipt or is not on disk yet."""
        report = Report(self._reports / name)
        if not REPORT_NAME.fullmatch(name) or not (report.path / CARD).exists() or (report.path / RECEIPT).exists():
            return None
        digits = code.new_digits()
        receipt = code.derive(digits, self._salt)
        handed = self._memory.receipts / f"{name}.json"
        drop(handed, json.dumps({"tag": receipt.tag, "key": receipt.key}) + "\n")
        _wait_until_gone(handed)
        return digits if read(report).get("tag") == receipt.tag else None

    def find(self, digits: str) -> dict[str, Any]:
        """Look digits up; every question that could be a guess costs one derivation, found or not."""
        if not code.is_code(digits):
            return {"unknown": True}
        if self._too_many_wrong():
            return {"later": True}
        receipt = code.derive(digits, self._salt)
        for report in all_reports(self._reports):
            if read(report).get("tag") == receipt.tag:
                answer = answers.open_for(report, receipt.identity, self._memory)
                return {"report": report.name, "part": self._next_part(report), "answer": str(answer or "")}
        self._wrong.append(self._clock())
        return {"unknown": True}

    def answer(self, question: bytes) -> dict[str, Any]:
        """Answer one question; anything that is none is answered with nothing."""
        try:
            asked = json.loads(question)
            kind, value = next(iter(asked.items()))
        except (ValueError, RecursionError, AttributeError, StopIteration):
            return {}
        if kind == "issue" and isinstance(value, str):
            digits = self.issue(value)
            return {"digits": digits} if digits else {}
        if kind == "heard" and isinstance(value, str):
            if answers.NAME.fullmatch(value):
                (self._memory.answers / value).unlink(missing_ok=True)
            return {}
        return self.find(value) if kind == "find" and isinstance(value, str) else {}

    def _too_many_wrong(self) -> bool:
        while self._wrong and self._clock() - self._wrong[0] > _HOUR:
            self._wrong.popleft()
        return len(self._wrong) >= WRONG_AN_HOUR

    def _next_part(self, report: Report) -> int:
        """Return a number that no other call uses, also one that comes at the same moment."""
        last = max((part.number for part in report.parts()), default=1)
        calls = max(self._calls.get(report.name, 0), last // _PARTS_A_CALL) + 1
        self._calls[report.name] = calls
        return calls * _PARTS_A_CALL + 1


def put(handed: Path, reports: Path) -> None:
    """Put a new receipt into its report (the sealer's part), or drop it where it cannot be. Raises DiskFull."""
    report = Report(reports / handed.stem)
    try:
        if (report.path / CARD).exists() and not (report.path / RECEIPT).exists():
            disk.put(report.path / RECEIPT, handed.read_bytes())
    finally:
        handed.unlink(missing_ok=True)


def _wait_until_gone(handed: Path) -> None:
    """Return when the sealer has taken what was handed to it; take it back where no sealer works."""
    until = time.monotonic() + _PUT_WITHIN
    while handed.exists():
        if time.monotonic() > until:
            handed.unlink(missing_ok=True)
        time.sleep(_LOOK_EVERY)


def read(report: Report) -> dict[str, str]:
    """Return a report's receipt: `tag` and public `key`; empty when it has none."""
    try:
        told = json.loads((report.path / RECEIPT).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _serve(wire: socket.socket, window: Window) -> None:
    with wire:
        wire.settimeout(_PATIENCE)
        with wire.makefile("rb") as questions:
            question = questions.readline(_LONGEST_QUESTION)
        if question.startswith(HEARD):
            window.answer(question)  # said in passing: nobody waits for an answer
        elif _still_there(wire):
            wire.sendall(json.dumps(window.answer(question)).encode() + b"\n")


def _still_there(wire: socket.socket) -> bool:
    """Tell whether who asked still waits; a receipt that nobody would hear must not be made."""
    return not select.select([wire], [], [], 0)[0]  # readable after the question means closed
