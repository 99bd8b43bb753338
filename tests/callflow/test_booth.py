"""The recording booth: sentences of the line spoken and judged by telephone, and notices in a volunteer's own words."""

from datetime import timedelta

import pytest

from ivr.callflow.actions import Clip, Full, Look, Moment
from ivr.callflow.booth import LONGEST
from ivr.callflow.errands import (
    Announced,
    AskInForce,
    AskToJudge,
    AskToRecord,
    CheckPin,
    InForce,
    Judge,
    KeepTake,
    Publish,
    Speak,
    Spoken,
    Unheard,
    Volunteer,
)
from ivr.callflow.line import Entry
from tests.callflow.telling import NOON, Telling, small_line

PIN = "12345678"
MONDAY = NOON.date()
MENU = "fr/studio-menu-takes"
TWO = {CheckPin: lambda _: Volunteer("alice", ("fr", "vi", "ps"))}  # Pashto is not offered to callers
FIRST, SECOND = Clip("fr", "tape:1"), Clip("fr", "tape:2")


def told(keys: str, answers: dict = {}) -> Telling:
    line = small_line(services=("breakfast", "supper"))
    return Telling(PIN + keys, Entry(studio=True), line, answers=answers)


def after_the_menu(telling: Telling) -> list[str]:
    return telling.said[telling.said.index(MENU) + 1 :]


# Sentences of the line


def test_a_sentence_is_heard_recorded_heard_and_kept() -> None:
    telling = told("3" + "1" + "1" + "*")
    assert after_the_menu(telling)[:6] == [
        "fr/meals.when",
        "fr/studio-record",
        "fr/speak-after-tone",
        "fr/tape:1",
        "fr/studio-keep",
        "fr/studio-kept",
    ]
    assert telling.all(Speak) == [Speak("fr", LONGEST)]
    assert telling.all(KeepTake) == [KeepTake(Clip("fr", "meals.when"), FIRST)]


def test_after_one_sentence_comes_the_next_until_none_is_left() -> None:
    telling = told("3" + "11" + "#")
    assert after_the_menu(telling)[6:] == [
        "fr/meals.phone",
        "fr/studio-record",
        "fr/studio-all-recorded",
        "fr/studio-menu",
        MENU,
    ]


def test_a_sentence_is_said_again_as_often_as_the_volunteer_likes() -> None:
    telling = told("3" + "1" + "2" + "1" + "*")
    assert telling.all(KeepTake) == [KeepTake(Clip("fr", "meals.when"), SECOND)]


def test_star_leaves_a_recording_and_offers_the_sentence_again() -> None:
    telling = told("3" + "1" + "*")
    assert telling.all(KeepTake) == []
    assert telling.said[-2:] == ["fr/meals.when", "fr/studio-record"]


def test_star_leaves_the_sentences() -> None:
    assert told("3" + "*").said[-1] == MENU


def test_what_holds_no_voice_is_recorded_again() -> None:
    heard = iter([Unheard(), Spoken(FIRST)])
    telling = told("3" + "1" + "1", {Speak: lambda _: next(heard)})
    assert telling.said.count("fr/speak-after-tone") == 2
    assert telling.said.count("fr/heard-no-voice") == 1
    assert len(telling.all(KeepTake)) == 1


def test_a_telephone_that_is_never_heard_is_heard_for_no_longer_than_a_call() -> None:
    seconds = iter(range(0, 10_000, 30))
    answers = {Speak: lambda _: Unheard(), Look: lambda _: Moment(NOON, next(seconds))}
    telling = told("3" + "1", answers)
    assert telling.ended
    assert telling.said[-1] == "fr/time-over"


def test_where_nothing_can_be_recorded_it_is_said() -> None:
    telling = told("3" + "1", {Speak: lambda _: Full()})
    assert telling.said[-3:] == ["fr/studio-not-kept", "fr/meals.when", "fr/studio-record"]
    assert telling.all(KeepTake) == []


def test_a_take_that_could_not_be_kept_is_said_to_be_none() -> None:
    telling = told("3" + "1" + "1", {KeepTake: lambda _: False})
    assert "fr/studio-not-kept" in telling.said
    assert "fr/studio-kept" not in telling.said


def test_who_speaks_several_languages_is_asked_for_one_by_its_name() -> None:
    telling = told("3" + "2", TWO)
    assert after_the_menu(telling)[:4] == ["fr/digit.1", "fr/language-name", "fr/digit.2", "vi/language-name"]
    assert telling.all(AskToRecord) == [AskToRecord("vi")]
    assert telling.said[-2:] == ["vi/meals.when", "fr/studio-record"]


@pytest.mark.parametrize(
    ("keys", "languages"), [("3*", ("fr", "vi")), ("3", ("ps",))], ids=["star", "none that callers can choose"]
)
def test_without_a_language_nothing_is_recorded(keys: str, languages: tuple[str, ...]) -> None:
    telling = told(keys, {CheckPin: lambda _: Volunteer("alice", languages)})
    assert telling.all(AskToRecord) == []
    assert telling.said[-1].endswith("/studio-menu-takes")


# Judging


def test_takes_of_others_are_heard_after_their_sentence_and_judged() -> None:
    telling = told("4" + "1" + "2")
    assert after_the_menu(telling) == [
        *("fr/a", "fr/take:a", "fr/studio-judge", "fr/studio-good"),
        *("fr/b", "fr/take:b", "fr/studio-judge", "fr/studio-bad"),
        *("fr/studio-all-judged", "fr/studio-menu", MENU),
    ]
    assert telling.all(Judge) == [Judge(Clip("fr", "take:a"), good=True), Judge(Clip("fr", "take:b"), good=False)]


def test_hash_leaves_a_take_to_others() -> None:
    telling = told("4" + "##")
    assert telling.all(Judge) == []
    assert telling.said[-3] == "fr/studio-all-judged"


def test_star_leaves_the_takes() -> None:
    telling = told("4" + "*")
    assert telling.all(Judge) == []
    assert telling.said[-1] == MENU


def test_a_judgement_that_could_not_be_kept_is_said_to_be_none() -> None:
    telling = told("4" + "1", {Judge: lambda _: False})
    assert "fr/studio-not-kept" in telling.said
    assert "fr/studio-good" not in telling.said


def test_where_no_takes_wait_it_is_said() -> None:
    assert told("4", {AskToJudge: lambda _: ()}).said[-3] == "fr/studio-all-judged"


# Notices in words


def test_a_notice_is_said_in_the_volunteers_own_words_and_heard_before_it_is_published() -> None:
    telling = told("1" + "2" + "3" + "1" + "1" + "2" + "1")
    assert telling.all(Publish) == [Publish(Announced("supper", "", MONDAY + timedelta(days=1)), MONDAY, (FIRST,))]
    assert telling.said[-8:] == [
        *("fr/service.supper", "fr/tape:1", "fr/studio-last-day", "fr/tomorrow", "fr/studio-publish"),
        *("fr/studio-published-words", "fr/studio-menu", MENU),
    ]


def test_a_notice_is_said_in_each_language_in_which_the_volunteer_wants_to() -> None:
    both = told("1" + "2" + "3" + "11" + "11" + "1" + "1", TWO)
    (published,) = both.all(Publish)
    assert published.spoken == (FIRST, Clip("vi", "tape:2"))
    (published,) = told("1" + "2" + "3" + "#" + "11" + "1" + "1", TWO).all(Publish)
    assert published.spoken == (Clip("vi", "tape:1"),)


@pytest.mark.parametrize("keys", ["#", "*", "1*"])
def test_without_words_nothing_is_published(keys: str) -> None:
    telling = told("1" + "2" + "3" + keys)
    assert telling.all(Publish) == []
    assert telling.said[-1] == MENU


def test_words_in_force_are_heard_again() -> None:
    words = InForce("x", "supper", None, (Clip("ar", "notice.x"),))
    telling = told("2", {AskInForce: lambda _: (words,)})
    assert telling.said[-3:] == ["fr/service.supper", "ar/notice.x", "fr/studio-end"]
