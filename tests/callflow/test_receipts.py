"""Receipts on the telephone."""

from ivr.callflow.actions import FindReceipt, Found, HearAnswer, IssueReceipt, Key, Later, Record
from ivr.callflow.line import Entry
from tests.callflow.telling import Telling

ENGLISH = Entry(witness=True, language="en")
RIGHT, WRONG = "123456789012", "000000000000"
HAVE_ONE = [("consent", "2")]


def digits(told: Telling) -> str:
    return "".join(clip[-1] for clip in told.said if clip.startswith("en/digit."))


def test_a_receipt_is_said_twice_unasked() -> None:
    told = Telling("0" + "." * 20, ENGLISH)
    assert digits(told) == RIGHT * 2


def test_seven_says_the_receipt_as_often_as_it_is_wanted() -> None:
    told = Telling("0.....7.....7.....", ENGLISH)
    assert digits(told) == RIGHT * 3


def test_another_key_ends_the_receipt() -> None:
    told = Telling("0.....1", ENGLISH)
    assert digits(told) == RIGHT
    assert told.ended


def test_a_key_within_the_digits_is_heard() -> None:
    told = Telling("0..", ENGLISH, cuts=[("digit.4", "0")])
    assert digits(told) == "1234"
    assert told.ended


def test_a_key_after_the_last_digit_is_heard() -> None:
    told = Telling("0....1", ENGLISH)
    assert digits(told) == RIGHT
    assert told.ended


def test_without_receipts_the_caller_hears_that_the_report_is_safe() -> None:
    told = Telling("0", ENGLISH, answers={IssueReceipt: lambda _: Later()})
    assert told.said[-2:] == ["en/receipt-later", "en/witness-goodbye"]


def test_two_and_twelve_digits_find_the_report_and_the_next_part_goes_to_it() -> None:
    told = Telling(RIGHT, ENGLISH, cuts=HAVE_ONE)
    assert told.all(FindReceipt) == [FindReceipt(RIGHT)]
    assert "en/no-answer-yet" in told.said
    assert told.all(Record)


def test_whoever_has_a_receipt_gets_no_other() -> None:
    told = Telling(RIGHT + "0", ENGLISH, cuts=HAVE_ONE)
    assert not told.all(IssueReceipt)


def test_star_begins_the_digits_anew() -> None:
    assert Telling("99*" + RIGHT, ENGLISH, cuts=HAVE_ONE).all(FindReceipt) == [FindReceipt(RIGHT)]


def test_silence_or_hash_among_the_digits_leads_to_a_new_report() -> None:
    for end in ".#":
        told = Telling("12" + end, ENGLISH, cuts=HAVE_ONE)
        assert not told.all(FindReceipt)
        assert told.all(Record)


def test_a_third_wrong_code_is_the_last_and_the_new_report_stays_open() -> None:
    told = Telling(WRONG * 3, ENGLISH, cuts=HAVE_ONE)
    assert told.said.count("en/receipt-wrong") == 2
    assert "en/receipt-too-many" in told.said
    assert told.all(Record)


def test_tries_are_counted_over_the_whole_call() -> None:
    told = Telling(WRONG * 3, ENGLISH, cuts=[*HAVE_ONE, ("speak-after-tone", "2")])
    assert len(told.all(FindReceipt)) == 3
    assert told.said.count("en/receipt-too-many") == 2


def test_a_busy_desk_does_not_stand_in_the_way() -> None:
    told = Telling(RIGHT, ENGLISH, cuts=HAVE_ONE, answers={FindReceipt: lambda _: Later()})
    assert "en/receipt-busy" in told.said
    assert told.all(Record)


def test_an_answer_is_played_and_seven_plays_it_again() -> None:
    keys = RIGHT + "7."
    found = {FindReceipt: lambda _: Found(answer=True)}
    assert len(Telling(keys, ENGLISH, cuts=HAVE_ONE, answers=found).all(HearAnswer)) == 2


def test_a_key_during_the_answer_goes_on_to_the_tone() -> None:
    answers = {FindReceipt: lambda _: Found(answer=True), HearAnswer: lambda _: Key("1", 0)}
    told = Telling(RIGHT, ENGLISH, cuts=HAVE_ONE, answers=answers)
    assert told.all(Record)
