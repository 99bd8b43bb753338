"""The phone that replays a conversation says clearly where the line leaves it."""

from pathlib import Path

import pytest

from ivr.calls.agi import CallerHungUp
from tests.conversations.replay import Replay, conversation

PAGE = """\
calls: line
conversation:
- line: |
    One.
    Two. …
- caller: presses 3
- line: |
    Three.
- caller: is silent
- caller: speaks
- line: |
    Goodbye.
"""


@pytest.fixture
def phone(tmp_path: Path) -> Replay:
    (tmp_path / "page.yaml").write_text(PAGE)
    return Replay(conversation(tmp_path / "page.yaml").turns, lambda sound: sound)


def test_a_line_that_keeps_to_the_page_meets_the_whole_caller(phone: Replay) -> None:
    did = [phone.play("One."), phone.play("Two."), phone.play("Three."), phone.wait(4)]
    assert did == [None, "3", None, None]
    assert phone.record("x", 60).in_time
    phone.say("Goodbye.")
    phone.ended()
    assert phone.astray == ""


@pytest.mark.parametrize(
    ("does", "astray"),
    [
        (lambda phone: phone.play("Other."), "the beginning the line says 'Other.', and the page has 'One.'"),
        (lambda phone: phone.wait(4), "the beginning the line waits 4 s for a key, and the page has 'One.'"),
        (lambda phone: phone.record("x", 60), "the beginning the line records, and the page has 'One.'"),
        (
            lambda phone: [phone.play("One."), phone.play("Two."), phone.play("Four.")],
            "after the caller 'presses 3' the line says 'Four.', and the page has 'Three.'",
        ),
    ],
)
def test_a_line_that_says_something_else_is_told_where(phone: Replay, does, astray: str) -> None:
    with pytest.raises(CallerHungUp):
        does(phone)
    assert phone.astray == astray


def test_a_call_that_ends_too_soon_is_told(phone: Replay) -> None:
    phone.play("One.")
    phone.ended()
    assert phone.astray == "the beginning the line ends the call, and the page has 'Two. …'"
