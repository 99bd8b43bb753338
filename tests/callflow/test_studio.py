"""The studio: what a volunteer hears and what becomes of each key."""

from datetime import date, timedelta

import pytest

from ivr.callflow.actions import Clip, Look, Moment
from ivr.callflow.errands import Announced, AskInForce, CheckPin, EndNotice, InForce, Locked, Nobody, Publish, Volunteer
from ivr.callflow.line import Entry, Line, Notices
from tests.callflow.telling import NOON, Telling, small_line

PIN = "12345678"
STUDIO = Entry(studio=True)
MONDAY = NOON.date()
SERVICES = ("breakfast", "supper", "showers", "clinic", "shelter", "clothes", "lessons")
PUBLISHED = "fr/studio-published"
MENUS = ["fr/studio-menu", MENU := "fr/studio-menu-takes"]


def told(keys: str, *, services: tuple[str, ...] = SERVICES, **changes: object) -> Telling:
    return Telling(PIN + keys, STUDIO, small_line(services=services), **changes)


def published(telling: Telling) -> list[Announced]:
    return [one.announced for one in telling.all(Publish)]


def test_the_pin_is_asked_for_in_the_languages_that_the_studio_speaks() -> None:
    assert Telling("", STUDIO).said == ["en/studio-pin", "fr/studio-pin"]


def test_the_studio_speaks_the_volunteers_own_language_where_it_can() -> None:
    assert told("").said[-1] == MENU
    arabic = {CheckPin: lambda _: Volunteer("bob", ("ar",))}
    assert told("", answers=arabic).said[-1] == "en/studio-menu-takes"


def test_star_begins_the_pin_anew() -> None:
    assert Telling("99*" + PIN, STUDIO).said[-1] == MENU


@pytest.mark.parametrize("keys", [".", "1234#", "1234."])
def test_without_a_whole_pin_the_call_ends_and_nothing_is_checked(keys: str) -> None:
    telling = Telling(keys, STUDIO)
    assert telling.ended
    assert telling.all(CheckPin) == []


def test_the_third_wrong_pin_ends_the_call() -> None:
    telling = Telling("00000000" * 4, STUDIO, answers={CheckPin: lambda _: Nobody()})
    assert telling.ended
    assert len(telling.all(CheckPin)) == 3
    assert telling.said.count("en/studio-pin-wrong") == 2


def test_a_locked_studio_says_so_and_ends() -> None:
    telling = Telling(PIN, STUDIO, answers={CheckPin: lambda _: Locked()})
    assert telling.said[-2:] == ["en/studio-locked", "fr/studio-locked"]
    assert telling.ended


def test_a_pin_is_shown_nowhere() -> None:
    assert PIN not in repr(CheckPin(PIN))


def test_a_service_is_cancelled_with_six_keys() -> None:
    telling = told("1" + "2" + "1" + "1" + "1")
    assert published(telling) == [Announced("supper", "", MONDAY)]
    read_back = ["fr/service.supper", "fr/notice-cancelled", "fr/studio-last-day", "fr/today", "fr/studio-publish"]
    assert telling.said[-8:] == [*read_back, PUBLISHED, *MENUS]


def test_a_new_time_is_four_digits_and_read_back() -> None:
    telling = told("1" + "2" + "2" + "1830" + "2" + "1")
    assert published(telling) == [Announced("supper", "18:30", MONDAY + timedelta(days=1))]
    assert telling.said[-8:-4] == ["fr/notice-new-time", "fr/at.18-30", "fr/studio-last-day", "fr/tomorrow"]


@pytest.mark.parametrize("wrong", ["1815", "2400", "9900"])
def test_a_time_that_no_language_can_say_is_asked_for_again(wrong: str) -> None:
    telling = told("122" + wrong + "0730" + "11")
    assert "fr/studio-time-wrong" in telling.said
    assert published(telling) == [Announced("supper", "07:30", MONDAY)]


@pytest.mark.parametrize("keys", ["18#", "181518151815"])
def test_without_a_time_nothing_is_published(keys: str) -> None:
    telling = told("122" + keys)
    assert telling.said[-1] == MENU
    assert published(telling) == []


@pytest.mark.parametrize(("key", "days"), [("1", 7), ("2", 1), ("3", 2), ("7", 6)])
def test_a_weekday_is_the_next_one_of_that_name(key: str, days: int) -> None:
    assert published(told("1213" + key + "1")) == [Announced("supper", "", MONDAY + timedelta(days=days))]


def test_a_weekday_is_read_back_by_its_name() -> None:
    assert "fr/day-5" in told("12135").said


@pytest.mark.parametrize("keys", ["*", "1*", "12*", "121*", "1213*", "1211*", "1211...", "12...", "1888"])
def test_star_or_three_times_nothing_useful_goes_back_and_publishes_nothing(keys: str) -> None:
    telling = told(keys)
    assert published(telling) == []
    assert telling.ended or telling.said[-1] == MENU


def test_hash_shows_more_services_and_begins_again_after_the_last() -> None:
    assert published(told("1#1111")) == [Announced("lessons", "", MONDAY)]
    assert published(told("1##1111")) == [Announced("breakfast", "", MONDAY)]


def test_a_line_without_services_has_nothing_to_announce() -> None:
    assert told("1", services=()).said[-1] == MENU


def test_a_key_without_a_meaning_has_its_own_words_and_seven_repeats() -> None:
    assert told("8").said[-3:] == ["fr/wrong-menu", *MENUS]
    assert told("7").said[-4:] == [*MENUS, *MENUS]


def test_a_notice_that_could_not_be_published_is_said_to_be_none() -> None:
    telling = told("12111", answers={Publish: lambda _: False})
    assert "fr/studio-not-published" in telling.said
    assert PUBLISHED not in telling.said


IN_FORCE = (
    InForce("a", "supper", Announced("supper", "", MONDAY)),
    InForce("b", "clinic", None),
)


def test_the_notices_in_force_are_read_out_and_one_key_ends_one() -> None:
    telling = told("2#1", answers={AskInForce: lambda _: IN_FORCE})
    assert telling.all(EndNotice) == [EndNotice("b")]
    assert telling.said[-5:] == ["fr/service.clinic", "fr/studio-end", "fr/studio-ended", *MENUS]


def test_star_leaves_the_notices_as_they_are() -> None:
    telling = told("2*", answers={AskInForce: lambda _: IN_FORCE})
    assert telling.all(EndNotice) == []
    assert telling.said[-1] == MENU


def test_where_nothing_is_in_force_it_is_said() -> None:
    assert told("2").said[-3:] == ["fr/studio-none", *MENUS]


def test_the_studio_says_goodbye_after_silence() -> None:
    telling = told("...")
    assert telling.said[-1] == "fr/goodbye"
    assert telling.ended


def test_a_call_of_the_studio_has_a_longest_time_too() -> None:
    telling = told("7" * 40, answers={Look: lambda _: Moment(NOON, 601)})
    assert telling.ended
    assert telling.said == ["en/time-over", "fr/time-over"]


# What callers hear


def line_with(notices: Notices) -> Line:
    return small_line(notices=lambda place, *_: notices if place in ("meals", "without-keys") else Notices())


CANCELLED = (Clip("en", "service.supper"), Clip("en", "notice-cancelled"))


def test_a_notice_comes_first_in_its_section_and_silences_what_it_contradicts() -> None:
    line = line_with(Notices((CANCELLED,), frozenset({"meals.when"})))
    telling = Telling("21.", Entry(language="en"), line)
    said = telling.said[telling.said.index("en/service.supper") :]
    assert said[:4] == ["en/service.supper", "en/notice-cancelled", "en/old-facts", "en/meals.phone"]
    assert "en/meals.when" not in telling.said


def test_seven_says_a_notice_again() -> None:
    line = line_with(Notices((CANCELLED,)))
    telling = Telling("21", Entry(language="en"), line, cuts=[("meals.when", "7")])
    assert telling.said.count("en/notice-cancelled") == 2


def test_who_presses_nothing_hears_the_notice_in_place_of_the_usual_hours() -> None:
    telling = Telling(".", line=line_with(Notices((CANCELLED,), frozenset({"essentials"}))))
    assert "en/notice-cancelled" in telling.said
    assert "en/essentials" not in telling.said


def test_a_notice_of_another_service_leaves_the_usual_hours_as_they_are() -> None:
    telling = Telling(".", line=line_with(Notices((CANCELLED,))))
    assert telling.said[3:6] == ["en/service.supper", "en/notice-cancelled", "en/essentials"]


def test_days_of_the_tests_are_what_they_are_called() -> None:
    assert date(2026, 11, 23) == MONDAY
    assert MONDAY.isoweekday() == 1
