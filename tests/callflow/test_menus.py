"""Menus, sections, and what is open now."""

from datetime import datetime

import pytest

from ivr.callflow.actions import Clip, Connect, NoAnswer
from ivr.callflow.line import Entry
from tests.callflow.telling import NOON, Telling, small_line

ENGLISH = Entry(language="en")


def test_the_main_menu_ends_with_the_key_of_the_witness_line() -> None:
    assert Telling(entry=ENGLISH).said == ["en/main.1", "en/main.2", "en/main.3", "en/witness-hint"]


def test_keys_lead_through_the_menus_to_a_section() -> None:
    assert Telling("21", ENGLISH).places == ["main", "daily", "meals"]


def test_two_silences_lead_to_the_languages() -> None:
    told = Telling("..", ENGLISH)
    assert told.said.count("en/silence-menu") == 1
    assert told.said[-4] == "en/to-languages"
    assert told.places[-1] == "languages"


def test_two_wrong_keys_lead_to_the_languages_with_words_of_their_own() -> None:
    told = Telling("88", ENGLISH)
    assert told.said.count("en/wrong-menu") == 1
    assert "en/silence-menu" not in told.said
    assert told.places[-1] == "languages"


def test_silence_and_wrong_keys_are_counted_apart() -> None:
    assert Telling(".8", ENGLISH).places == ["main"]


def test_a_key_during_the_way_back_chooses_a_language_at_once() -> None:
    assert Telling("88", ENGLISH, cuts=[("to-languages", "2")]).said[-1] == "fr/witness-hint"


def test_seven_says_the_menu_again_without_counting_as_a_failure() -> None:
    told = Telling("7" * 5, ENGLISH)
    assert told.said.count("en/main.1") == 6


@pytest.mark.parametrize(("keys", "place"), [("20", "main"), ("2*", "main"), ("*", "languages"), ("29", "witness")])
def test_keys_mean_the_same_everywhere(keys: str, place: str) -> None:
    assert Telling(keys, ENGLISH).places[-1] == place


def test_hash_skips_choices_and_after_the_last_one_waits() -> None:
    told = Telling("1", ENGLISH, cuts=[("main.1", "#"), ("main.2", "#"), ("main.3", "#"), ("witness-hint", "#")])
    assert told.said.count("en/main.1") == 1
    assert told.places[-1] == "open-now"


def test_hash_after_a_menu_says_it_again() -> None:
    told = Telling("#", ENGLISH, cuts=[("witness-hint", "#")])
    assert told.said.count("en/main.1") == 2


def test_old_facts_are_said_to_be_old_once_a_call() -> None:
    assert Telling("21.1", ENGLISH).said.count("en/old-facts") == 1


def test_a_draft_says_so_before_the_first_legal_section() -> None:
    told = Telling("3..", Entry(language="fr"))
    assert told.said[4:6] == ["fr/draft-language", "fr/rights.one"]


def test_english_is_no_draft() -> None:
    assert "en/draft-language" not in Telling("3", ENGLISH).said


def test_a_section_ends_with_the_one_key_that_the_call_teaches() -> None:
    told = Telling("21.1.", Entry(language="en", lesson=3))
    assert told.said.count("en/hint-next") == 1
    assert told.said[-1] == "en/daily.1"


def test_a_section_leads_on_to_the_one_that_follows_it() -> None:
    assert Telling("3.", ENGLISH).places == ["main", "rights", "more-rights"]


def test_hash_skips_a_clip_and_at_the_end_leads_back() -> None:
    told = Telling("21#", ENGLISH, cuts=[("old-facts", "#"), ("meals.when", "#")])
    assert told.said[5:] == ["en/old-facts", "en/meals.when", "en/meals.phone", "en/hint-again", "en/daily.1"]


def test_seven_after_a_number_repeats_the_number_alone() -> None:
    assert Telling("217", ENGLISH).said[-2:] == ["en/hint-again", "en/meals.phone"]


def test_seven_repeats_the_section_without_what_is_said_once() -> None:
    told = Telling("21", ENGLISH, cuts=[("meals.when", "7")])
    assert told.said.count("en/meals.when") == 2
    assert told.said.count("en/old-facts") == 1


def test_a_key_in_a_section_leads_where_it_leads_everywhere() -> None:
    assert Telling("21", ENGLISH, cuts=[("meals.when", "*")]).places[-1] == "daily"


def test_wrong_keys_in_a_section_apologise_and_the_third_leads_back() -> None:
    told = Telling("21", ENGLISH, cuts=[("meals.when", "4")] * 3)
    assert told.said.count("en/wrong-menu") == 2
    assert told.places[-1] == "daily"


def test_a_changed_sentence_is_played_after_a_warning() -> None:
    line = small_line(fuzzy=frozenset({Clip("fr", "meals.when")}))
    told = Telling("21", Entry(language="fr"), line)
    assert told.said[told.said.index("fr/meals.when") - 1] == "fr/changed"


def test_a_menu_warns_once_before_its_first_changed_choice() -> None:
    line = small_line(fuzzy=frozenset({Clip("fr", "main.2"), Clip("fr", "main.3")}))
    told = Telling(".", Entry(language="fr"), line)
    first = told.said[: told.said.index("fr/witness-hint")]
    assert first == ["fr/main.1", "fr/changed", "fr/main.2", "fr/main.3"]


def test_a_choice_that_is_skipped_is_the_one_that_was_heard_after_the_warning() -> None:
    line = small_line(fuzzy=frozenset({Clip("fr", "main.1")}))
    told = Telling("", Entry(language="fr"), line, cuts=[("main.1", "#")])
    assert told.said[:3] == ["fr/changed", "fr/main.1", "fr/main.2"]


def test_what_is_open_now_warns_of_a_changed_service() -> None:
    line = small_line(open_now=lambda _at, _language: services(1), fuzzy=frozenset({Clip("en", "service.0")}))
    told = Telling("1", ENGLISH, line)
    assert told.said[told.said.index("en/service.0") - 1] == "en/changed"


def test_a_warning_that_has_itself_changed_is_said_once() -> None:
    line = small_line(fuzzy=frozenset({Clip("fr", "changed"), Clip("fr", "meals.when")}))
    told = Telling("21", Entry(language="fr"), line)
    assert told.said.count("fr/changed") == 1


def services(count: int) -> tuple[tuple[Clip, ...], ...]:
    return tuple((Clip("en", f"service.{number}"), Clip("en", "today")) for number in range(count))


def test_what_is_open_now_is_asked_of_the_clock_in_the_callers_language() -> None:
    asked = []
    line = small_line(open_now=lambda at, language: (asked.append((at, language)), services(1))[1])
    told = Telling("1", ENGLISH, line)
    assert asked == [(NOON, "en")]
    assert "en/service.0" in told.said


def test_four_services_are_said_at_once_and_hash_gives_more() -> None:
    line = small_line(open_now=lambda _at, _language: services(9))
    told = Telling("1##.", ENGLISH, line)
    assert [clip for clip in told.said if clip != "en/today"][4:] == [
        *(f"en/service.{number}" for number in range(4)),
        "en/now-more",
        *(f"en/service.{number}" for number in range(4, 8)),
        "en/now-more",
        "en/service.8",
        "en/hint-again",
        "en/main.1",
        "en/main.2",
        "en/main.3",
        "en/witness-hint",
    ]


def test_silence_after_four_services_leads_back() -> None:
    line = small_line(open_now=lambda _at, _language: services(5))
    assert Telling("1.", ENGLISH, line).places[-1] == "main"


def test_a_line_without_services_says_that_it_knows_of_none() -> None:
    assert "en/now-nothing" in Telling("1", ENGLISH).said


OLD_SERVICES = frozenset({"service.1"})


def test_what_is_open_now_is_preceded_by_a_warning_where_a_service_is_old() -> None:
    line = small_line(open_now=lambda _at, _language: services(2), old_services=OLD_SERVICES)
    assert Telling("1", ENGLISH, line).said[4:6] == ["en/old-facts", "en/service.0"]


def test_the_warning_is_not_said_where_every_service_was_confirmed() -> None:
    line = small_line(open_now=lambda _at, _language: services(1), old_services=OLD_SERVICES)
    assert "en/old-facts" not in Telling("1", ENGLISH, line).said


def test_the_warning_is_said_once_a_call_for_services_and_sections() -> None:
    line = small_line(open_now=lambda _at, _language: services(2), old_services=OLD_SERVICES)
    told = Telling("1.21", ENGLISH, line)
    assert told.places[-2:] == ["daily", "meals"]
    assert told.said.count("en/old-facts") == 1


def on_duty(section: str, _at: datetime) -> bool:
    return section == "meals"


def test_a_section_with_somebody_on_duty_offers_a_person_last() -> None:
    told = Telling("21", ENGLISH, small_line(on_duty=on_duty))
    assert told.said[told.said.index("en/meals.phone") + 1] == "en/person-offer"


def test_a_caller_is_connected_from_any_moment_of_the_section_and_comes_back_to_the_menu() -> None:
    told = Telling("21", ENGLISH, small_line(on_duty=on_duty), cuts=[("meals.when", "8")])
    assert told.all(Connect) == [Connect("meals")]
    assert told.said[-2:] == ["en/person-called", "en/daily.1"]
    assert told.places[-1] == "daily"


def test_who_reaches_nobody_is_told_so() -> None:
    line, nobody = small_line(on_duty=on_duty), {Connect: lambda _: NoAnswer()}
    told = Telling("21", ENGLISH, line, cuts=[("meals.when", "8")], answers=nobody)
    assert told.said[-3:] == ["en/person-called", "en/person-nobody", "en/daily.1"]


def test_where_nobody_is_on_duty_the_key_means_nothing_and_no_person_is_offered() -> None:
    told = Telling("3", ENGLISH, small_line(on_duty=on_duty), cuts=[("rights.one", "8")])
    assert told.all(Connect) == []
    assert "en/wrong-menu" in told.said
    assert "en/person-offer" not in told.said
