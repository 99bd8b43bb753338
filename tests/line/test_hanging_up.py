"""Hanging up at every step of a call leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running_line import RunningLine

pytestmark = pytest.mark.long(65)

STEPS = [
    ("line", "", "en/language-choice"),
    ("line", "2", "fr/main.2"),
    ("line", "22", "fr/daily.1"),
    ("line-en", "21", "en/old-facts"),
    ("line-en", "21", "en/meals.evening"),
    ("line-en", "8", "en/wrong-menu"),
    ("line", "5", "ar/language-not-ready"),
    ("line", "0", "vi/language-choice"),
    ("line-en", "9", "en/witness-welcome"),
    ("witness", "", "en/language-choice"),
    ("witness", "1", "en/consent"),
    ("witness", "11", "en/consent-full-1"),
    ("witness", "12", "en/enter-receipt"),
]


def leaves_nothing(line: RunningLine) -> None:
    """Return when there is no channel, no thread but the server's own, and no recording."""
    threads = Path(f"/proc/{line.processes['serve'].pid}/task")
    recordings = line.asterisk.memory / "recordings"
    line.asterisk.wait_channels(0)
    line.asterisk.wait_for(
        lambda: len(list(threads.iterdir())) == 1 and not list(recordings.iterdir()), 20, "threads and files to be gone"
    )


@pytest.mark.parametrize(("entry", "keys", "clip"), STEPS)
def test_hanging_up_leaves_no_channel_thread_or_file(own_line: RunningLine, entry: str, keys: str, clip: str) -> None:
    with own_line.phone() as phone:
        phone.call(entry)
        phone.press(keys)
        phone.hears(clip, timeout=30)
        phone.hang_up()
    leaves_nothing(own_line)


def test_a_hundred_calls_that_hang_up_at_once_leave_nothing(own_line: RunningLine) -> None:
    def call(number: int) -> None:
        with own_line.phone() as phone:
            phone.call("line-en")
            phone.hears("en/main.2", timeout=20)
            phone.hang_up()

    with ThreadPoolExecutor(25) as callers:
        list(callers.map(call, range(100)))
    leaves_nothing(own_line)
    assert "Traceback" not in own_line.log("serve")
