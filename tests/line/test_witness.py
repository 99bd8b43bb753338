"""Witnesses on the real line: what is spoken is delivered, whenever and however the call ends."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ivr.reports.opening import Opened
from tests.line import crowd, witness
from tests.line.witness import frames, frames_missing, missing_at_the_end, pause, to_the_tone
from tests.phone import Phone
from tests.phone.alaw import decoded
from tests.running_line import RunningLine

pytestmark = pytest.mark.alone
FRAMES = 0.04  # seconds that may be missing at a hang-up: frames still on their way
WITNESSES = 100


def records(phone: Phone, words: bytes) -> None:
    """Lead to the tone and speak, with a second of quiet on both sides."""
    to_the_tone(phone)
    speaks(phone, words)


def speaks(phone: Phone, words: bytes) -> None:
    pause(phone, 1)
    phone.say(words + witness.QUIET)


def finishes(phone: Phone, words: bytes) -> None:
    records(phone, words)
    phone.press("#")
    phone.hears("en/recorded-thanks")


def is_given_a_receipt(phone: Phone, words: bytes) -> None:
    finishes(phone, words)
    phone.press("5")
    phone.hears("en/receipt-intro")


def presses(key: str, clip: str) -> Callable[[Phone, bytes], None]:
    def then(phone: Phone, words: bytes) -> None:
        finishes(phone, words)
        phone.press(key)
        phone.hears(f"en/{clip}")

    return then


def choosing_a_language(phone: Phone, _: bytes) -> None:
    phone.call("witness")
    phone.hears("en/language-choice")


def consenting(*keys: str, clip: str) -> Callable[[Phone, bytes], None]:
    def then(phone: Phone, _: bytes) -> None:
        phone.call("line-en")
        phone.hears("en/main.1")
        phone.press("9")
        for key in keys:
            phone.hears("en/witness-welcome")
            phone.press(key)
        phone.hears(f"en/{clip}")

    return then


def pressing_a_receipt(digits: str) -> Callable[[Phone, bytes], None]:
    def then(phone: Phone, words: bytes) -> None:
        consenting("2", clip="enter-receipt")(phone, words)
        phone.press(digits)

    return then


def at_the_tone(phone: Phone, _: bytes) -> None:
    to_the_tone(phone)


def at_the_first_word(phone: Phone, _: bytes) -> None:
    to_the_tone(phone)
    pause(phone, 0.5)


def in_the_middle_of_a_word(phone: Phone, words: bytes) -> None:
    to_the_tone(phone)
    pause(phone, 1)
    phone.say(words)


def adding(phone: Phone, words: bytes) -> None:
    finishes(phone, words)
    phone.press("1")
    witness.hears_tone(phone)
    pause(phone, 0.7)


def answering_a_question(phone: Phone, words: bytes) -> None:
    presses("2", "question-how")(phone, words)
    phone.press("5")
    witness.hears_tone(phone)
    pause(phone, 1)
    phone.say(witness.speech(0.4, 77))


def hearing_the_digits(phone: Phone, words: bytes) -> None:
    finishes(phone, words)
    phone.press("5")
    phone.hears_whole("en/receipt-intro")
    pause(phone, 1.5)


def at(clip: str) -> Callable[[Phone, bytes], None]:
    def then(phone: Phone, words: bytes) -> None:
        finishes(phone, words)
        phone.hears(f"en/{clip}", timeout=15)

    return then


def saying_goodbye(phone: Phone, words: bytes) -> None:
    is_given_a_receipt(phone, words)
    phone.press("5")
    phone.hears("en/witness-goodbye")


MOMENTS: dict[str, Callable[[Phone, bytes], None]] = {
    "choosing a language": choosing_a_language,
    "the welcome": consenting(clip="witness-welcome"),
    "the consent": consenting(clip="consent"),
    "the full consent": consenting("1", clip="consent-full-1"),
    "a key too few": pressing_a_receipt("12345678901"),
    "a receipt being looked up": pressing_a_receipt("123456789012"),
    "the tone": at_the_tone,
    "the first word": at_the_first_word,
    "the middle of a word": in_the_middle_of_a_word,
    "after speaking": records,
    "the thanks": finishes,
    "the minutes": at("recorded-under-a-minute"),
    "the offers": at("add-more"),
    "an addition": adding,
    "the questions": presses("2", "question-how"),
    "an answer to a question": answering_a_question,
    "a report marked as urgent": presses("3", "urgent-noted"),
    "a receipt being made": presses("5", "receipt-intro"),
    "the receipt": is_given_a_receipt,
    "the digits": hearing_the_digits,
    "the goodbye": saying_goodbye,
}
SPEECH = {moment: witness.speech(2.5, seed) for seed, moment in enumerate(MOMENTS)}
UNHEARD = {"a receipt being looked up": 1}


@dataclass(frozen=True)
class Calls:
    """What remained of a call for every moment in which a caller may hang up."""

    said: dict[str, bytes]
    reports: list[Opened]
    threads: tuple[int, int]
    files: list[str]


def threads(line: RunningLine) -> int:
    return len(list(Path(f"/proc/{line.processes['serve'].pid}/task").iterdir()))


@pytest.fixture(scope="module")
def calls(line: RunningLine) -> Calls:
    def call(moment: str) -> bytes:
        with line.phone() as phone:
            MOMENTS[moment](phone, SPEECH[moment])
            phone.hang_up()
            return phone.said

    before = threads(line)
    shelf = witness.reports(line)
    with ThreadPoolExecutor(len(MOMENTS)) as callers:
        said = dict(zip(MOMENTS, callers.map(call, MOMENTS), strict=True))
    witness.sealed(line)
    counts: list[int] = []

    def ended() -> bool:
        counts.append(threads(line))
        return counts[-1] <= before

    line.asterisk.wait_for(ended, 30, "the calls' threads to end")
    opened = [witness.opened(line, one) for name, one in witness.reports(line).items() if name not in shelf]
    return Calls(said, opened, (before, counts[-1]), left_in_memory(line))


def left_in_memory(line: RunningLine) -> list[str]:
    """Return what a call left in memory, a minute after it ended."""
    notes = list((line.asterisk.memory / "notes").iterdir())
    for note in notes:
        os.utime(note, (note.stat().st_mtime - 61,) * 2)
    line.asterisk.wait_for(lambda: not any(note.exists() for note in notes), what="notes to be dropped")
    rooms = ("recordings", "tallies", "answers", "notes")
    return [str(path) for room in rooms for path in (line.asterisk.memory / room).iterdir()]


def whose(calls: Calls, words: bytes) -> list[Opened]:
    """Return the reports that hold the words, but for a frame that a busy Asterisk itself drops now and then."""
    return [one for one in calls.reports if frames_missing(words, [frames(part.sound) for part in one.parts]) <= 1]


@pytest.mark.parametrize("moment", [name for name in MOMENTS if name != "the middle of a word"])
def test_whenever_a_witness_hangs_up_every_word_is_delivered_once(calls: Calls, moment: str) -> None:
    spoken = SPEECH[moment] in calls.said[moment]
    assert len(whose(calls, SPEECH[moment])) == spoken


def test_hanging_up_in_the_middle_of_a_word_loses_at_most_two_frames(calls: Calls) -> None:
    said = calls.said["the middle of a word"]
    assert said.endswith(SPEECH["the middle of a word"][-800:])
    sounds = [part.sound for report in calls.reports for part in report.parts]
    (mine,) = [sound for sound in sounds if decoded(SPEECH["the middle of a word"][:8000]) in sound]
    assert missing_at_the_end(mine, said) <= FRAMES


def test_hanging_up_leaves_no_thread_and_no_file_in_memory(calls: Calls) -> None:
    assert calls.threads[1] <= calls.threads[0]
    assert calls.files == []


def test_every_report_of_those_calls_is_whole_and_without_a_doubt(calls: Calls) -> None:
    assert [doubt for report in calls.reports for doubt in report.doubts] == []
    assert all(part.end["seconds"] for report in calls.reports for part in report.parts)


def test_a_hundred_witnesses_at_once_are_delivered_but_for_single_frames(own_line: RunningLine) -> None:
    """Of 30,000 frames Asterisk itself drops one now and then: the kernel lost none, and no sender failed."""
    said = [witness.speech(6, 100 + number) for number in range(WITNESSES)]
    stories = [partial(crowd.speaks, speech=words + witness.QUIET) for words in said]
    with crowd.Crowd(own_line.asterisk.sip, own_line.release.clips, stories) as everybody:
        everybody.wait(lambda: everybody.started == WITNESSES, 60, "all of them to speak")
        everybody.wait_told(60)
    witness.sealed(own_line)
    opened = [witness.opened(own_line, one) for one in witness.reports(own_line).values()]
    sounds = [part.sound for one in opened for part in one.parts]
    assert len(sounds) == WITNESSES
    assert [doubt for one in opened for doubt in one.doubts] == []
    recordings = [frames(sound) for sound in sounds]
    missing = [frames_missing(words, recordings) for words in said]
    assert max(missing) <= 2
    assert sum(missing) <= 5
