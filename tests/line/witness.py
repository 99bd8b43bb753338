"""A witness's side and a reader's side of a running line: what was spoken, and what opens of it."""

import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pyrage

from ivr.reports.folder import Report, all_reports
from ivr.reports.memory import Part
from ivr.reports.opening import Opened, open_report
from tests.phone import Phone, alaw
from tests.phone.alaw import decoded
from tests.phone.heard import FRAME
from tests.reports import sealed_line
from tests.running_line import RunningLine

QUIET = bytes([alaw.SILENCE]) * 8000  # a second: what `#` cuts off is taken from it
RAW = ("-t", "raw", "-r", "8000", "-e", "signed-integer", "-b", "16", "-c", "1")


@cache
def _steps() -> np.ndarray:
    return np.array([alaw.encode(sample) for sample in range(-32768, 32768)], dtype=np.uint8)


def speech(seconds: float, seed: int = 1) -> bytes:
    """Syllables of noise as A-law, never twice the same."""
    samples = np.frombuffer(sealed_line.speech(seconds, seed), dtype="<i2").astype(np.int32)
    return _steps()[samples + 32768].tobytes()


def to_the_tone(phone: Phone, language: str = "en") -> None:
    """Call, take the shortest way to the tone, and return when it sounds."""
    phone.call(f"line-{language}")
    phone.hears(f"{language}/main.1")
    phone.press("9")
    phone.hears(f"{language}/witness-welcome")
    phone.press("5")
    hears_tone(phone)


def pause(phone: Phone, seconds: float) -> None:
    """Say nothing for a while."""
    until = len(phone.said) + seconds * 8000
    phone.wait_for(lambda: len(phone.said) >= until or phone.ended, seconds + 10, "a pause")


def hears_tone(phone: Phone) -> float:
    """Return when one more tone sounds, with the time at which it began (time.monotonic)."""
    looked, began = phone._place, 0.0

    def sounds() -> bool:
        nonlocal looked, began
        fresh = phone.heard.packets(looked)
        looked += len(fresh)
        began = next((packet.at for packet in fresh if packet and is_tone(packet.payload)), 0.0)
        return bool(began)

    phone.wait_for(sounds, what="the tone")
    phone._place = looked
    return began


def asks_for_the_receipt(phone: Phone, words: bytes) -> str:
    """Speak, end with `#`, and return the twelve digits that the line says."""
    pause(phone, 1)
    phone.say(words + QUIET)
    phone.press("#")
    phone.hears("en/recorded-thanks")
    phone.press("5")
    phone.hears("en/receipt-again", timeout=40)
    return "".join(name[-1] for name in phone.story() if name.startswith("en/digit."))


def is_tone(frame: bytes) -> bool:
    """Tell whether a frame is of 1000 Hertz: its tops come every eighth sample."""
    return len(frame) == FRAME and len({*frame[2::8]}) == len({*frame[6::8]}) == 1 and frame[2] != frame[6]


def is_recording(line: RunningLine, count: int = 1) -> None:
    """Return when Asterisk records so many callers."""
    line.asterisk.wait_for(lambda: len(line.asterisk.recordings()) >= count, 20, f"{count} recordings")


def sealed(line: RunningLine) -> None:
    """Return when no call is left and nothing waits in memory to be sealed."""
    line.asterisk.wait_channels(0)
    line.asterisk.wait_for(lambda: not line.asterisk.recordings(), 90, "the sealing")


def reports(line: RunningLine) -> dict[str, Report]:
    """Return what is on the shelf."""
    return {report.name: report for report in all_reports(line.state / "reports")}


def key(line: RunningLine, name: str = "one") -> Path:
    """Return the file with the secret key of one of the two practice readers."""
    return line.state / f"practice/{name}.key"


def identity(line: RunningLine) -> pyrage.x25519.Identity:
    """Return that secret key, ready to open with."""
    return pyrage.x25519.Identity.from_str(key(line).read_text().strip())


def opened(line: RunningLine, report: Report) -> Opened:
    """Open a report as a reader does."""
    return open_report(report, identity(line))


def with_age_and_sox(line: RunningLine, report: Report, folder: Path, part: int = 1) -> bytes:
    """Open a part's sound with nothing but Debian's age and sox: 16 bit, padding included."""
    slices = [report.path / name for name in report.slices(Part(report.name, part))]
    open_one = ["age", "-d", "-i", str(key(line, "two"))]
    plain = b"".join(subprocess.run([*open_one, name], capture_output=True, check=True).stdout for name in slices)
    played = folder / f"{report.name}.wav"
    subprocess.run(["sox", *RAW, "-", str(played)], input=plain, check=True)
    return subprocess.run(["sox", str(played), *RAW, "-"], capture_output=True, check=True).stdout


def missing_at_the_end(sound: bytes, said: bytes) -> float:
    """Return how many seconds of what a phone said are missing at the end of a recording.

    Fails where the recording is anything else than one whole stretch of what was said.
    """
    spoken = decoded(said)
    begin = spoken.rfind(sound)
    assert begin >= 0, "the recording is not one stretch of what was said"
    return (len(spoken) - begin - len(sound)) / 16000


def frames(sound: bytes) -> set[bytes]:
    """Return the frames of 20 ms of a sound of 16 bit, as a phone sends them and Asterisk writes them."""
    return {sound[start : start + 2 * FRAME] for start in range(0, len(sound), 2 * FRAME)}


def frames_missing(words: bytes, recordings: list[set[bytes]]) -> int:
    """Return how many frames of what was said (A-law) the recording lacks that holds most of it."""
    spoken = frames(decoded(words))
    return min((len(spoken - recording) for recording in recordings), default=len(spoken))
