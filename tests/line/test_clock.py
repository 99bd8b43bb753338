"""The clock is set back by an hour while people call: for Asterisk and the server."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.witness import QUIET, opened, pause, reports, sealed, speech, to_the_tone
from tests.phone import Phone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.running_line import RunningLine, running_line, settable

pytestmark = pytest.mark.long(28)

AN_HOUR_AGO = "-3600"
BEFORE, AFTER = speech(3, 51), speech(3, 52)
PATIENCE = 4.0  # seconds that a menu waits for a key
REPLY = 15.0  # seconds more, after which the server gives an answer of Asterisk up


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    file = tmp_path / "clock"
    file.write_text("+0")
    return file


@pytest.fixture
def line(release: Published, clock: Path) -> Iterator[RunningLine]:
    with running_line(release, world=settable(clock)) as running:
        yield running


def set_to(clock: Path, time_told: str) -> None:
    """Set the clock in one moment: whoever looked at a file half written would be an hour ahead for that look."""
    new = clock.with_suffix(".new")
    new.write_text(time_told)
    new.replace(clock)


def is_waited_for(phone: Phone) -> None:
    """Skip the choices of a menu one by one; return when the line waits for a key."""
    phone.press("2")
    phone.hears("en/daily.1")
    phone.press("######")
    pause(phone, 1)


def next_word(phone: Phone) -> float:
    """Return when the line speaks to whoever it waited for: about the silence, or with an apology."""
    begins: list[float] = []

    def speaks() -> bool:
        found = [phone.heard.find(name, phone.clips[name]) for name in ("en/silence-menu", "en/apology-witness")]
        begins.extend(clip.begins for clip in found if clip)
        return bool(begins)

    phone.wait_for(speaks, 60, "a word")
    return begins[0]


def test_calls_go_on_nobody_waits_long_and_nothing_is_lost(line: RunningLine, clock: Path) -> None:
    with line.phone() as speaking, line.phone() as waiting, line.phone() as choosing, line.phone() as listening:
        for phone in (waiting, choosing, listening):
            phone.call("line-en")
            phone.hears("en/main.1")
        to_the_tone(speaking)
        pause(speaking, 1)
        speaking.say(BEFORE)
        listening.press("2")
        listening.hears("en/daily.1")
        is_waited_for(waiting)
        set_to(clock, AN_HOUR_AGO)
        set_back = time.monotonic()
        choosing.press("2")
        choosing.hears("en/daily.1", timeout=20)
        listening.hears_whole("en/daily.5", timeout=60)
        speaking.say(AFTER + QUIET)
        speaking.hang_up()
        assert next_word(waiting) - set_back < PATIENCE + REPLY + 5
    with line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        phone.press("2")
        phone.hears("en/daily.1")
    sealed(line)
    (report,) = reports(line).values()
    assert report.card().complete
    sound = opened(line, report).parts[0].sound
    assert decoded(BEFORE) in sound
    assert decoded(AFTER) in sound
    assert "Traceback" not in line.log("serve")
