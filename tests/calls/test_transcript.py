"""A call as a page to read."""

import textwrap

import pytest
import yaml

from ivr.calls.agi import CallerHungUp
from ivr.calls.transcript import Transcript
from tests.calls.playing import Played

TEXTS = {"en/one": "One sentence.", "en/two": "عربي: “two”.", "en/bye": "Goodbye."}


def written(happens: dict[str, str | BaseException] = {}) -> Transcript:
    return Transcript(Played(happens), TEXTS.__getitem__)


def turns(transcript: Transcript) -> list[dict[str, str]]:
    return yaml.safe_load(transcript.page())["conversation"]


def test_a_page_reads_as_prose() -> None:
    transcript = written({"4 s": "2"})
    transcript.play("en/one")
    transcript.play("en/two")
    transcript.wait(4)
    transcript.say("en/bye")
    assert transcript.page(calls="line", lesson=0) == textwrap.dedent("""\
        calls: line
        lesson: 0
        conversation:
        - line: |
            One sentence.
            عربي: “two”.
        - caller: presses 2
        - line: |
            Goodbye.
        """)


def test_a_sentence_that_a_key_cut_says_so() -> None:
    transcript = written({"en/one": "2"})
    assert transcript.play("en/one") == "2"
    assert turns(transcript) == [{"line": "One sentence. …\n"}, {"caller": "presses 2"}]


def test_silence_is_a_turn_of_the_caller() -> None:
    transcript = written()
    assert transcript.wait(4) is None
    assert turns(transcript) == [{"caller": "is silent"}]


def test_speaking_is_a_turn_of_the_caller() -> None:
    transcript = written()
    transcript.record("x", 60)
    assert turns(transcript) == [{"caller": "speaks"}]


@pytest.mark.parametrize(
    ("at", "does", "wrote"),
    [
        ("en/one", lambda phone: phone.play("en/one"), [{"line": "One sentence.\n"}, {"caller": "hangs up"}]),
        ("en/one", lambda phone: phone.say("en/one"), [{"line": "One sentence.\n"}, {"caller": "hangs up"}]),
        ("4 s", lambda phone: phone.wait(4), [{"caller": "hangs up"}]),
        ("tone", lambda phone: phone.record("x", 60), [{"caller": "speaks"}, {"caller": "hangs up"}]),
    ],
)
def test_hanging_up_is_a_turn_of_the_caller(at: str, does, wrote: list[dict[str, str]]) -> None:
    transcript = written({at: CallerHungUp()})
    with pytest.raises(CallerHungUp):
        does(transcript)
    assert turns(transcript) == wrote


def test_what_the_dialplan_is_told_is_handed_on_and_not_written() -> None:
    phone = Played()
    transcript = Transcript(phone, TEXTS.__getitem__)
    transcript.set_variable("IVR_DONE", "yes")
    assert phone.variables == [("IVR_DONE", "yes")]
    assert turns(transcript) == []
