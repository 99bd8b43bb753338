"""The whole line on a phone of text: the same story, handler and house as in a real call."""

from ivr.callflow.line import Entry
from ivr.calls.rehearsal import RECEIPT
from ivr.calls.simulate import simulate, texts_by_sound
from ivr.calls.terminal import Terminal
from tests.callflow.telling import small_line
from tests.calls.playing import NOON

ENGLISH = Entry(language="en")


def rehearsed(*lines: str, entry: Entry = ENGLISH) -> str:
    typed = iter(lines)

    def read(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    phone = Terminal(lambda sound: sound, lambda _: None, read)
    texts = {("en", clip): clip for clip in ("main.1", "recorded-under-a-minute")}
    return simulate(small_line(), entry, phone, texts, lambda: NOON).page()


def test_a_rehearsal_ends_quietly_when_the_person_hangs_up() -> None:
    assert rehearsed().endswith("- caller: hangs up\n")


def test_a_clip_without_words_is_named() -> None:
    assert texts_by_sound({})("en/meals.one") == "[the clip en/meals.one is missing]"


def test_a_report_can_be_rehearsed_to_its_receipt() -> None:
    page = rehearsed(*[""] * 12, entry=Entry(witness=True, language="en"))
    assert "recorded-under-a-minute" in page
    for digit in RECEIPT:
        assert f"digit.{digit}" in page


def test_the_rehearsed_receipt_leads_back_to_the_report() -> None:
    assert "receipt-found" in rehearsed(f"9.2{RECEIPT}")


def test_no_other_receipt_does() -> None:
    assert "receipt-wrong" in rehearsed(f"9.2{'1' * 12}")
