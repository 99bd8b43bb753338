"""The witness line."""

import pytest

from ivr.callflow.actions import AskKept, Full, Kept, Note, NotYet, Record, Recorded
from ivr.callflow.line import Entry, Limits
from tests.callflow.telling import Telling, small_line

WITNESS = Entry(witness=True)
ENGLISH = Entry(witness=True, language="en")
PROMPTS = ["consent", "consent-delete", "consent-more", "have-receipt", "speak-after-tone"]


def test_nobody_must_press_a_key_to_be_recorded() -> None:
    told = Telling("..", WITNESS)
    assert told.said[:7] == [
        "en/language-choice", "fr/language-choice", "vi/more-languages",
        "en/language-choice", "fr/language-choice",
        "en/consent-brief", "fr/consent-brief",
    ]  # fmt: skip
    assert told.all(Record)


def test_a_language_leads_to_its_consent_and_the_tone() -> None:
    told = Telling("2", WITNESS)
    assert told.said[3:9] == [f"fr/{clip}" for clip in ("witness-welcome", *PROMPTS)]
    assert told.all(Record)


def test_a_language_that_comes_late_is_taken_all_the_same() -> None:
    told = Telling("..", WITNESS, cuts=[("fr/consent-brief", "2")])
    assert told.said[told.said.index("fr/consent-brief") + 1] == "fr/witness-welcome"


def test_nine_among_the_languages_goes_straight_on() -> None:
    assert Telling("9", WITNESS).all(Record)


def test_nine_elsewhere_leads_to_the_consent_in_the_callers_language() -> None:
    assert "fr/consent" in Telling("9", Entry(language="fr")).said


@pytest.mark.parametrize("key", ["#", "3", "9"])
def test_a_key_without_a_meaning_of_its_own_cuts_to_the_tone(key: str) -> None:
    told = Telling(entry=ENGLISH, cuts=[("witness-welcome", key)])
    assert "en/consent" not in told.said
    assert told.all(Record)


def test_one_reads_everything_before_the_tone() -> None:
    told = Telling(entry=ENGLISH, cuts=[("consent", "1")])
    assert "en/consent-full-4" in told.said
    assert told.all(Record)


def test_seven_says_the_consent_again() -> None:
    assert Telling(entry=ENGLISH, cuts=[("consent-delete", "7")]).said.count("en/consent") == 2


@pytest.mark.parametrize(("key", "place"), [("0", "main"), ("*", "languages")])
def test_a_caller_may_leave_before_the_tone(key: str, place: str) -> None:
    told = Telling(entry=ENGLISH, cuts=[("consent", key)])
    assert told.places[-1] == place
    assert not told.all(Record)


def test_what_was_kept_is_said_in_minutes() -> None:
    assert "en/recorded-minutes.2" in Telling(entry=ENGLISH).said


def test_less_than_a_minute_and_no_voice_are_said() -> None:
    told = Telling(entry=ENGLISH, answers={AskKept: lambda _: Kept(20, voice=False)})
    assert told.said[-6:-4] == ["en/recorded-under-a-minute", "en/heard-no-voice"]


def test_a_disk_that_filled_up_meanwhile_is_said() -> None:
    told = Telling(entry=ENGLISH, answers={AskKept: lambda _: Kept(20, voice=True, complete=False)})
    assert told.said[-6:-4] == ["en/recorded-under-a-minute", "en/record-full"]


def test_what_is_not_known_yet_is_not_said() -> None:
    told = Telling(entry=ENGLISH, answers={AskKept: lambda _: NotYet()})
    assert told.said[-5:] == [
        f"en/{clip}" for clip in ("recorded-thanks", "add-more", "questions-offer", "urgent-offer", "receipt-offer")
    ]


def test_one_adds_a_part_and_takes_nothing_away() -> None:
    assert len(Telling("1", ENGLISH).all(Record)) == 2


def test_a_key_during_the_thanks_counts() -> None:
    assert len(Telling(entry=ENGLISH, cuts=[("recorded-thanks", "1")]).all(Record)) == 2


def test_urgent_is_noted() -> None:
    told = Telling("3", ENGLISH)
    assert Note("urgent", value=True) in told.done
    assert "en/urgent-noted" in told.said


def test_the_language_is_noted_with_the_recording() -> None:
    assert Note("language", "en") in Telling(entry=ENGLISH).done


def test_seven_says_the_offers_again() -> None:
    assert Telling("7", ENGLISH).said.count("en/add-more") == 2


def test_each_question_is_a_part_of_its_own() -> None:
    told = Telling("2", ENGLISH)
    about = [record.about for record in told.all(Record)]
    assert about == ["", "where", "when", "who", "uniform", "others", "injuries", "reach"]


def test_hash_skips_a_question() -> None:
    told = Telling("2", ENGLISH, cuts=[("question-where", "#")])
    assert "where" not in [record.about for record in told.all(Record)]


@pytest.mark.parametrize("key", ["0", "*"])
def test_zero_and_star_leave_the_questions(key: str) -> None:
    told = Telling("2", ENGLISH, cuts=[("question-when", key)])
    assert [record.about for record in told.all(Record)] == ["", "where"]


def test_another_key_starts_an_answer_at_once() -> None:
    told = Telling("2", ENGLISH, cuts=[("question-where", "5")])
    assert "where" in [record.about for record in told.all(Record)]


def test_the_last_minute_of_a_recording_is_warned_of() -> None:
    told = Telling(entry=ENGLISH, answers={Record: lambda asked: Recorded(asked.longest, in_time=False)})
    assert [record.longest for record in told.all(Record)] == [240, 60]
    assert "en/longest-soon" in told.said


def test_what_is_recorded_does_not_shorten_the_call() -> None:
    line = small_line(limits=Limits(call=100, report=3000))
    told = Telling("7", ENGLISH, line, answers={Record: lambda _: Recorded(2000, in_time=True)}, seconds=2)
    assert "en/time-over" not in told.said


def test_a_full_memory_is_said_and_leads_to_the_goodbye() -> None:
    told = Telling(entry=ENGLISH, answers={Record: lambda _: Full()})
    assert told.said[-2:] == ["en/record-full", "en/goodbye"]
    assert told.ended


@pytest.mark.parametrize("keys", ["1", "2"])
def test_what_fills_up_later_still_gives_the_receipt(keys: str) -> None:
    recorded = iter([Recorded(30, in_time=True)])
    told = Telling(keys + "..", ENGLISH, answers={Record: lambda _: next(recorded, Full())})
    assert "en/receipt-intro" in told.said


def test_the_witness_line_takes_leave_in_its_own_words() -> None:
    told = Telling("0....................", ENGLISH)
    assert told.said[-1] == "en/witness-goodbye"
    assert told.ended


@pytest.mark.parametrize(
    ("entry", "keys", "place"), [(ENGLISH, "0" + "." * 12, "main"), (WITNESS, "..0" + "." * 22, "main")]
)
def test_a_key_during_the_goodbye_leads_on(entry: Entry, keys: str, place: str) -> None:
    assert Telling(keys, entry, cuts=[("witness-goodbye", "1")]).places[-1] == place


def test_what_fills_up_during_the_questions_still_gives_the_receipt() -> None:
    recorded = iter([Recorded(30, in_time=True)])
    told = Telling("2.0..", ENGLISH, answers={Record: lambda _: next(recorded, Full())})
    assert "en/receipt-intro" in told.said
