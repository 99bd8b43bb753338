"""A spoken answer on the line: opened with the caller's own digits, into memory, for this one hearing."""

import io
import re
import secrets
import time
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pyrage

from ivr.reports import disk
from ivr.reports.folder import Report, all_reports
from ivr.reports.memory import RATE, Memory

PATTERN: Final = "answer-*.wav.age"
NAME: Final = re.compile(r"[a-z0-9]+\.sln")  # of an opened answer
PAD: Final = 64 * 1024  # bytes: 4 seconds of sound; a sealed answer's size tells no more


def open_for(report: Report, identity: pyrage.x25519.Identity, memory: Memory) -> Path | None:
    """Open a report's answers, one after the other, into one `.sln` in memory; None without any."""
    sound = b"".join(_open(path, identity) for path in sorted(report.path.glob(PATTERN)))
    if not sound:
        return None
    path = memory.answers / f"{secrets.token_hex(10)}.sln"
    path.touch(mode=0o640)
    path.write_bytes(sound)
    return path


def forget(memory: Memory, seconds: float) -> None:
    """Remove opened answers that nobody removed for so many seconds."""
    for path in memory.answers.glob("*.sln"):
        if time.time() - path.stat().st_mtime > seconds:
            path.unlink(missing_ok=True)


def expire(reports: Path, days: int) -> int:
    """Delete the answers that are older than `days` days; return how many."""
    last = disk.midday((datetime.now(UTC) - timedelta(days=days)).date())
    old = [path for report in all_reports(reports) for path in report.path.glob(PATTERN) if path.stat().st_mtime < last]
    for path in old:
        path.unlink()
        disk.blur(path.parent, disk.today())
    return len(old)


def _open(path: Path, identity: pyrage.x25519.Identity) -> bytes:
    """Return an answer's sound, 8000 Hertz, 16 bit; empty if damaged or sealed to another receipt."""
    try:
        with wave.open(io.BytesIO(pyrage.decrypt(path.read_bytes(), [identity]))) as answer:
            if (answer.getframerate(), answer.getsampwidth(), answer.getnchannels()) != (RATE, 2, 1):
                return b""
            sound: bytes = answer.readframes(answer.getnframes())
    except (pyrage.DecryptError, wave.Error, EOFError):
        return b""
    return sound
