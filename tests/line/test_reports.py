"""From a witness's telephone to a reader's ear: what was said comes out of the sealed report, to the sample."""

import contextlib
import os
import shutil
import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr.reports import sync
from ivr.reports.answer import answer
from ivr.reports.folder import Report
from ivr.reports.memory import Part
from tests.conftest import NPM
from tests.line import witness
from tests.line.witness import frames, missing_at_the_end, opened, pause, reports, sealed, to_the_tone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(110)

FRAMES = 0.1  # seconds that may be missing at a hang-up: frames still on their way
FILLER = 64 * 1024  # bytes


@pytest.fixture
def line(release: Published) -> Iterator[RunningLine]:
    with running_line(release) as running:
        yield running


def report_of_a_call(line: RunningLine, words: bytes) -> tuple[Report, bytes]:
    """Speak, hang up, and return the report and all that the phone sent."""
    before = reports(line)
    with line.phone() as phone:
        to_the_tone(phone)
        pause(phone, 1)
        phone.say(words + witness.QUIET)
        phone.hang_up()
        said = phone.said
    sealed(line)
    (report,) = [one for name, one in reports(line).items() if name not in before]
    return report, said


def test_debians_age_and_sox_give_back_what_the_phone_sent(line: RunningLine, tmp_path: Path) -> None:
    words = witness.speech(5, 1)
    report, said = report_of_a_call(line, words)
    length = opened(line, report).parts[0].end["bytes"]
    sound = witness.with_age_and_sox(line, report, tmp_path)
    assert missing_at_the_end(sound[:length], said) <= FRAMES
    assert decoded(words) in sound
    assert frames(sound[:length]) <= frames(decoded(said))  # sample for sample
    assert not any(sound[length:])


def test_the_browsers_age_gives_back_what_the_phone_sent(line: RunningLine, age_in_node: Path) -> None:
    words = witness.speech(5, 2)
    report, said = report_of_a_call(line, words)
    length = opened(line, report).parts[0].end["bytes"]
    secret = witness.key(line).read_text().strip()
    slices = [str(report.path / name) for name in report.slices(Part(report.name, 1))]
    command = ["node", str(NPM / "open.mjs"), str(age_in_node), secret, *slices]
    plain = subprocess.run(command, capture_output=True, check=True).stdout
    assert decoded(words) in plain
    assert frames(plain[:length]) <= frames(decoded(said))  # sample for sample


def receipt(line: RunningLine, words: bytes) -> str:
    """Report, and return the twelve digits that the line said."""
    with line.phone() as phone:
        to_the_tone(phone)
        return witness.asks_for_the_receipt(phone, words)


def spoken_answer(folder: Path) -> Path:
    """Write a spoken answer of two seconds, as a reader records it."""
    tone = 8000 * np.sin(np.arange(16000) / 8000 * 2 * np.pi * 300) * np.hanning(16000)
    path = folder / "answer.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(tone.astype("<i2").tobytes())
    return path


def test_with_the_receipt_a_second_call_hears_the_answer_and_adds_to_the_report(
    line: RunningLine, tmp_path: Path
) -> None:
    digits = receipt(line, witness.speech(3, 3))
    assert len(digits) == 12
    sealed(line)
    (report,) = reports(line).values()
    home = tmp_path / "second"
    home.mkdir()
    sync.sync(report.path.parent, home)
    recording = spoken_answer(tmp_path)
    answer(Report(home / report.name), recording)
    assert sync.sync(report.path.parent, home).brought_home == 1
    more = witness.speech(3, 4)
    with line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        phone.press("9")
        phone.hears("en/witness-welcome")
        phone.press("2")
        phone.hears("en/enter-receipt")
        phone.press(digits, timeout=20)
        phone.hears_whole("en/receipt-found", "en/answer-follows", timeout=20)
        phone.hears("en/hint-again", timeout=15)
        heard = np.frombuffer(decoded(phone.heard.sound), "<i2").astype(float)
        phone.press("5")
        phone.hears("en/speak-after-tone")
        phone.press("5")
        witness.hears_tone(phone)
        pause(phone, 1)
        phone.say(more + witness.QUIET)
        phone.hang_up()
    with wave.open(str(recording)) as file:
        wanted = np.frombuffer(file.readframes(16000), "<i2").astype(float)
    assert nearest(heard, wanted) < 200  # A-law's own steps
    sealed(line)
    assert len(reports(line)) == 1
    first, second = opened(line, report).parts
    assert (first.number, second.number) == (1, 101)
    assert decoded(more) in second.sound
    line.asterisk.wait_for(lambda: not list((line.asterisk.memory / "answers").iterdir()), 10, "the answer to be gone")


def nearest(heard: np.ndarray, wanted: np.ndarray) -> float:
    """Return how far the most similar stretch of what was heard is from what was wanted, as RMS."""
    products = np.correlate(heard, wanted, "valid")
    best = int(np.argmax(products))
    return float(np.sqrt(np.mean((heard[best : best + wanted.size] - wanted) ** 2)))


def test_guessing_is_held_off_and_nobody_else_waits(line: RunningLine) -> None:
    with line.phone() as guesser, line.phone() as other:
        guesser.call("line-en")
        guesser.hears("en/main.1")
        guesser.press("9")
        guesser.hears("en/witness-welcome")
        guesser.press("2")
        other.call("line-en")
        other.hears("en/main.1")
        waits = []
        for code in ("111111111111", "222222222222", "333333333333"):
            guesser.hears("en/enter-receipt", timeout=20)
            guesser.press(code, timeout=20)
            pressed = other.press("7")
            waits.append(other.hears("en/main.1").begins - pressed)
        guesser.hears("en/receipt-too-many", timeout=20)
        guesser.hears("en/speak-after-tone", timeout=20)
    assert max(waits) < 0.5


def fill(disk: Path) -> Path:
    """Take every byte of a disk, the line's reserve included, as somebody careless might."""
    reserve, filler = disk / "reports/.reserve", disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while reserve.exists() or shutil.disk_usage(disk).free:  # the sealer may just fill its reserve again
            reserve.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                while True:
                    file.write(os.urandom(FILLER))
    return filler


def test_a_full_disk_is_told_and_loses_nothing(release: Published, small_disk: Path) -> None:
    words = witness.speech(8, 5)
    with running_line(release, state=small_disk, longest_report=20) as line:
        reserve = small_disk / "reports/.reserve"
        line.asterisk.wait_for(reserve.exists, 20, "the reserve")
        with line.phone() as phone:
            to_the_tone(phone)
            pause(phone, 1)
            phone.say(words[:24000])
            filler = fill(small_disk)
            phone.say(words[24000:] + witness.QUIET)
            phone.press("#")
            phone.hears("en/record-full", timeout=40)
            phone.hang_up()
        with line.phone() as late:
            line.asterisk.wait_for(lambda: b"false" in room(line), 20, "the sealer to see that the disk is full")
            late.call("line-en")
            late.hears("en/main.1")
            late.press("9")
            late.hears("en/witness-welcome")
            late.press("5")
            late.hears_whole("en/record-full", timeout=40)
        filler.unlink()
        sealed(line)
        (report,) = reports(line).values()
        sound = opened(line, report).parts[0].sound
        assert decoded(words[:24000]) in sound
        assert decoded(words[24000:]) in sound
        assert report.card().complete


def room(line: RunningLine) -> bytes:
    told = line.asterisk.memory / "kept/room.json"
    return told.read_bytes() if told.exists() else b""
