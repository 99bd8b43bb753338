"""Hanging up at every step of a call leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.running_line import RunningLine

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


def left_behind(line: RunningLine) -> tuple[int, int, list[Path]]:
    server = Path(f"/proc/{line.processes['serve'].pid}")
    recordings = list((line.asterisk.memory / "recordings").glob("*"))
    return line.asterisk.channels(), len(list((server / "task").iterdir())), recordings


@pytest.mark.parametrize(("entry", "keys", "clip"), STEPS)
def test_hanging_up_leaves_no_channel_thread_or_file(own_line: RunningLine, entry: str, keys: str, clip: str) -> None:
    before = left_behind(own_line)
    with own_line.phone() as phone:
        phone.call(entry)
        phone.press(keys)
        phone.hears(clip, timeout=30)
        phone.hang_up()
    own_line.asterisk.wait_for(lambda: left_behind(own_line) == before, 10, f"{before}, not {left_behind(own_line)}")


def test_a_hundred_calls_that_hang_up_at_once_leave_nothing(own_line: RunningLine) -> None:
    def call(number: int) -> None:
        with own_line.phone() as phone:
            phone.call("line-en")
            phone.hears("en/main.2", timeout=20)
            phone.hang_up()

    before = left_behind(own_line)
    with ThreadPoolExecutor(25) as callers:
        list(callers.map(call, range(100)))
    own_line.asterisk.wait_for(lambda: left_behind(own_line) == before, 10, f"{before}")
    assert "Traceback" not in own_line.log("serve")
