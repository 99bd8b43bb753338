"""The simulator's telephone: what a person types, and what they read."""

import pytest

from ivr.calls.agi import CallerHungUp, Tape
from ivr.calls.terminal import SPOKEN, Terminal


class Person:
    """Somebody at the terminal who types these lines and then hangs up."""

    def __init__(self, *lines: str) -> None:
        self.read: list[str] = []
        self.prompts: list[str] = []
        self._lines = list(lines)
        self.phone = Terminal(lambda sound: f"<{sound}>", self.read.append, self._type)

    def _type(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self._lines:
            raise EOFError
        return self._lines.pop(0)


def test_what_is_said_is_written() -> None:
    person = Person()
    assert person.phone.play("en/one") is None
    person.phone.say("en/two")
    assert person.read == ["<en/one>", "<en/two>"]


def test_a_typed_key_is_pressed() -> None:
    assert Person("3").phone.wait(4) == "3"


def test_an_empty_line_is_silence() -> None:
    assert Person("").phone.wait(4) is None


def test_the_end_of_the_input_hangs_up() -> None:
    with pytest.raises(CallerHungUp):
        Person().phone.wait(4)


def test_keys_typed_ahead_cut_what_is_said_next() -> None:
    phone = Person("1 2#").phone
    assert [phone.wait(4), phone.play("en/one"), phone.play("en/two"), phone.play("en/three")] == ["1", "2", "#", None]


def test_a_full_stop_listens_to_one_more_sentence() -> None:
    phone = Person("2..7").phone
    assert [phone.wait(4), phone.play("a"), phone.play("b"), phone.play("c")] == ["2", None, None, "7"]


def test_a_full_stop_waits_out_one_patience() -> None:
    phone = Person("2.5").phone
    assert [phone.wait(4), phone.wait(4), phone.wait(4)] == ["2", None, "5"]


def test_no_key_cuts_last_words() -> None:
    phone = Person("25").phone
    assert phone.wait(4) == "2"
    phone.say("en/goodbye")
    assert phone.play("en/one") == "5"


def test_a_recording_takes_no_key_that_was_typed_ahead() -> None:
    person = Person("95", "")
    assert person.phone.wait(4) == "9"
    assert person.phone.record("x", 60) == Tape(SPOKEN, in_time=True)
    assert person.phone.play("en/one") is None
    assert "60 s at most" in person.prompts[-1]


def test_one_can_hang_up_in_a_recording() -> None:
    with pytest.raises(CallerHungUp):
        Person().phone.record("x", 60)
