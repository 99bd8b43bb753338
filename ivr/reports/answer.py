"""Answering a report, on a reader's own computer: a spoken answer that the receipt alone opens."""

import io
import secrets
import subprocess
import wave
from pathlib import Path
from shutil import which
from typing import Final

import pyrage

from ivr.problems import ToMend
from ivr.reports import disk
from ivr.reports.answers import PAD
from ivr.reports.folder import Report
from ivr.reports.memory import BYTES_A_SECOND, RATE
from ivr.reports.receipt import read

LONGEST: Final = 180  # seconds: the caller pays for each


class CannotAnswer(ToMend):
    """The answer cannot be made; the sentence says what to do."""


def answer(report: Report, recording: Path) -> Path:
    """Seal a recording to the receipt of a report, beside it; `ivr reports sync` brings it to the line.

    Raises CannotAnswer, DiskFull.
    """
    key = read(report).get("key")
    if key is None:
        raise CannotAnswer(
            f"{report.name} has no receipt: the caller hung up before it was told. Nobody could hear it."
        )
    sound = telephone_sound(recording)
    if not 0 < len(sound) <= LONGEST * BYTES_A_SECOND:
        raise CannotAnswer(
            f"An answer lasts up to {LONGEST // 60} minutes: cut {recording}, the caller pays by the minute."
        )
    plain = _wave(sound)
    padded = plain.ljust(-(-len(plain) // PAD) * PAD, b"\0")
    path = report.path / f"answer-{secrets.token_hex(6)}.wav.age"
    disk.put(path, pyrage.encrypt(padded, [pyrage.x25519.Recipient.from_str(key)]))
    return path


def telephone_sound(recording: Path) -> bytes:
    """Read any sound file that sox reads as 8000 Hertz, 16 bit, mono. Raises CannotAnswer."""
    if not which("sox"):
        raise CannotAnswer("Answers need the program sox: install it (`apt install sox libsox-fmt-all`).")
    form = ["-t", "raw", "-r", str(RATE), "-e", "signed-integer", "-b", "16", "-c", "1"]
    made = subprocess.run(["sox", "-V1", str(recording.absolute()), *form, "-"], capture_output=True, check=False)
    if made.returncode:
        reason = made.stderr.decode(errors="replace").strip()
        raise CannotAnswer(f"{recording} is no sound that sox reads ({reason}): record WAV, FLAC or MP3.")
    return made.stdout


def _wave(sound: bytes) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    return written.getvalue()
