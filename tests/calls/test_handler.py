"""How a story is performed on a phone, and what a caller hears when something of ours breaks."""

import contextlib
import logging

import pytest

from ivr.callflow.actions import (
    Action,
    Ask,
    AskKept,
    FindReceipt,
    HearAnswer,
    IssueReceipt,
    Key,
    Later,
    Look,
    Moment,
    Note,
    NotYet,
    Reached,
    Record,
    Recorded,
    Say,
    Silence,
    Unknown,
)
from ivr.calls.agi import CallerHungUp, WireBroken
from ivr.calls.house import House
from tests.calls.playing import LONGEST, NOON, Desk, Played, clips, handler, story

BREAKS = RuntimeError("a bug of ours")
MOST_USED = ("en", "fr")


def run(phone: Played, *actions: Action | Exception, desk: Desk | None = None) -> list[object]:
    answers: list[object] = []
    handler(phone, House(desk or Desk(), LONGEST)).run(story(*actions, answers=answers), MOST_USED)
    return answers


def test_clips_are_played_in_order_and_then_a_key_is_waited_for() -> None:
    phone = Played()
    assert run(phone, Ask(clips("en/one", "en/two"), 4)) == [Silence()]
    assert phone.heard[:3] == ["en/one", "en/two", "4 s"]


def test_a_key_in_a_clip_cuts_all_that_would_follow() -> None:
    phone = Played({"en/one": "3"})
    assert run(phone, Ask(clips("en/one", "en/two"), 4)) == [Key("3", 0)]
    assert phone.heard[0] == "en/one"
    assert "en/two" not in phone.heard


def test_a_key_after_the_clips_counts_as_after_the_last() -> None:
    assert run(Played({"4 s": "3"}), Ask(clips("en/one", "en/two"), 4)) == [Key("3", 2)]


def test_without_patience_nobody_waits_for_a_key() -> None:
    phone = Played()
    assert run(phone, Ask(clips("en/one"), 0)) == [Silence()]
    assert phone.heard == ["en/one", "IVR_DONE=yes"]


@pytest.mark.parametrize("action", [Ask(clips("en/one", "en/two"), 0), Say(clips("en/one", "en/two"))])
def test_a_clip_that_is_missing_where_it_should_be_is_played_from_where_it_is(
    action: Action, caplog: pytest.LogCaptureFixture
) -> None:
    phone = Played(missing=("release/en/one",))
    handler(phone, None, "release/", "shelf/").run(story(action), MOST_USED)
    assert phone.heard == ["shelf/en/one", "release/en/two", "IVR_DONE=yes"]
    assert caplog.records == []


def test_the_clock_is_the_line_s_and_the_seconds_count_from_the_answer() -> None:
    (moment,) = run(Played(), Look())
    assert isinstance(moment, Moment)
    assert moment.at == NOON
    assert 0 <= moment.elapsed < 60


def test_every_other_action_is_answered_by_the_house() -> None:
    asked = [Record(60), Note("urgent", value=True), AskKept(), FindReceipt("1" * 12), IssueReceipt(), HearAnswer()]
    desk = Desk()
    desk.digits = None
    answers = run(Played(), *asked, desk=desk)
    assert answers == [Recorded(5.0, in_time=True), None, NotYet(), Unknown(), Later(), Silence()]


def test_an_action_that_nobody_performs_is_our_fault_and_not_the_caller_s() -> None:
    phone = Played()
    run(phone, Reached("fr", "main"), Action())
    assert phone.heard[-3:] == ["fr/apology", "fr/goodbye", "IVR_DONE=yes"]


def test_the_dialplan_learns_the_language_once() -> None:
    phone = Played()
    run(phone, Reached("fr", "main"), Reached("fr", "meals"), Reached("ar", "main"))
    assert phone.variables == [("IVR_LANGUAGE", "fr"), ("IVR_LANGUAGE", "ar"), ("IVR_DONE", "yes")]


def test_the_last_word_comes_when_the_story_is_over() -> None:
    phone = Played()
    run(phone, Say(clips("en/goodbye")))
    assert phone.heard == ["en/goodbye", "IVR_DONE=yes"]


@pytest.mark.parametrize("broken", [CallerHungUp(), WireBroken("late")])
@pytest.mark.parametrize("at", ["en/one", "4 s"])
def test_a_phone_that_is_gone_gets_no_last_word(broken: Exception, at: str) -> None:
    phone = Played({at: broken})
    with pytest.raises(CallerHungUp):
        run(phone, Ask(clips("en/one"), 4))
    assert phone.heard[-1] == at
    assert phone.variables == []


@pytest.mark.parametrize("broken", [CallerHungUp(), WireBroken("late"), BREAKS])
def test_a_story_is_closed_however_the_call_ends(broken: Exception) -> None:
    closed = []

    def told():
        try:
            yield Ask(clips("en/one"), 0)
        finally:
            closed.append(True)

    phone = Played({"en/one": broken})
    with contextlib.suppress(CallerHungUp):
        handler(phone).run(told(), MOST_USED)
    assert closed == [True]


def test_a_caller_whose_language_is_known_hears_the_apology_in_it() -> None:
    phone = Played()
    run(phone, Reached("ar", "meals"), BREAKS)
    assert phone.heard == ["IVR_LANGUAGE=ar", "ar/apology", "ar/goodbye", "IVR_DONE=yes"]


def test_before_a_language_is_known_the_apology_is_in_those_most_used() -> None:
    phone = Played()
    run(phone, Reached("", "languages"), BREAKS)
    assert phone.heard == ["en/apology", "en/goodbye", "fr/apology", "fr/goodbye", "IVR_DONE=yes"]


@pytest.mark.parametrize(
    "breaks", [Ask(clips("en/one"), 0), Ask(clips("en/two"), 4), Say(clips("en/one")), Record(60), HearAnswer()]
)
def test_whatever_breaks_the_caller_hears_of_it(breaks: Action) -> None:
    phone = Played({"en/one": BREAKS, "4 s": BREAKS, "tone": BREAKS})
    house = House(Desk(), LONGEST)
    house.answer = lambda: "en/one"  # type: ignore[method-assign]
    handler(phone, house).run(story(Reached("fr", "meals"), breaks), MOST_USED)
    assert phone.heard[-3:] == ["fr/apology", "fr/goodbye", "IVR_DONE=yes"]


def test_on_the_witness_line_whoever_meets_a_fault_is_recorded_all_the_same() -> None:
    phone = Played()
    run(phone, Reached("fr", "witness"), BREAKS)
    assert phone.heard[1:] == ["fr/apology-witness", "tone", "fr/goodbye", "IVR_DONE=yes"]
    assert phone.recorded == [("report-1.1", LONGEST)]


def test_a_fault_in_a_second_part_is_recorded_into_the_same_report() -> None:
    phone = Played()
    run(phone, Reached("fr", "witness"), Record(60), BREAKS)
    assert [sound for sound, _ in phone.recorded] == ["report-1.1", "report-1.2"]


def test_when_even_that_fails_the_last_word_is_kept_back_so_that_the_dialplan_records() -> None:
    phone, desk = Played(), Desk()
    desk.broken = OSError("no such folder")
    with pytest.raises(OSError, match="no such folder"):
        run(phone, Reached("fr", "witness"), Record(60), desk=desk)
    assert ("IVR_DONE", "yes") not in phone.variables


def test_a_hang_up_in_the_apology_is_a_hang_up() -> None:
    with pytest.raises(CallerHungUp):
        run(Played({"fr/apology": CallerHungUp()}), Reached("fr", "main"), BREAKS)


def test_a_fault_is_logged_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    run(Played(), Reached("fr", "meals"), BREAKS)
    (record,) = caplog.records
    assert record.getMessage() == "a call broke at meals"
    assert record.exc_info
    assert record.exc_info[1] is BREAKS


def test_a_missing_clip_is_skipped_with_the_caller_told(caplog: pytest.LogCaptureFixture) -> None:
    phone = Played(missing=["fr/one"])
    run(phone, Ask(clips("fr/one", "fr/two"), 0))
    assert phone.heard == ["fr/missing", "fr/two", "IVR_DONE=yes"]
    assert [record.getMessage() for record in caplog.records] == ["the clip fr/one is missing: run `ivr build`"]
    assert caplog.records[0].levelno == logging.ERROR


def test_a_key_cuts_the_words_about_a_missing_clip_too() -> None:
    assert run(Played({"fr/missing": "9"}, missing=["fr/one"]), Ask(clips("fr/one", "fr/two"), 0)) == [Key("9", 0)]


def test_where_even_those_words_are_missing_the_call_goes_on() -> None:
    phone = Played(missing=["fr/one", "fr/missing"])
    run(phone, Ask(clips("fr/one", "fr/two"), 0))
    assert phone.heard == ["fr/two", "IVR_DONE=yes"]


def test_missing_last_words_are_skipped_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    phone = Played(missing=["fr/time-over"])
    run(phone, Say(clips("fr/time-over", "fr/goodbye")))
    assert phone.heard == ["fr/goodbye", "IVR_DONE=yes"]
    assert "fr/time-over is missing" in caplog.text


def test_where_nothing_of_what_is_asked_can_be_heard_the_caller_hears_the_apology() -> None:
    phone = Played(missing=["fr/one", "fr/two", "fr/missing"])
    run(phone, Reached("fr", "main"), Ask(clips("fr/one", "fr/two"), 4))
    assert phone.heard == ["IVR_LANGUAGE=fr", "fr/apology", "fr/goodbye", "IVR_DONE=yes"]


@pytest.mark.parametrize("place", ["main", "witness"])
def test_where_not_even_the_apology_is_there_the_call_is_left_to_the_dialplan(place: str) -> None:
    phone = Played(missing=["fr/one", "fr/missing", "fr/apology", "fr/goodbye", "fr/apology-witness"])
    run(phone, Reached("fr", place), Ask(clips("fr/one"), 4))
    assert phone.heard == ["IVR_LANGUAGE=fr"]
    assert not phone.recorded
