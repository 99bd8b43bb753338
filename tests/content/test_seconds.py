"""Seconds until a caller hears what they called for, on a line whose every clip lasts one second."""

from collections import defaultdict

import pytest

from ivr.callflow.actions import Clip
from ivr.callflow.line import Choice, Entry, Limits, Line
from ivr.content import seconds
from ivr.content.models import Budget, BudgetsFile
from ivr.content.stopwatch import LengthUnknown, Stopwatch
from ivr.content.ways import WITNESS_LINE
from tests.callflow.telling import NOON, small_line

A_SECOND: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)


def open_now(*services: str) -> Line:
    entries = tuple((Clip("en", service), Clip("en", "today")) for service in services)
    return small_line(open_now=lambda _at, _language: entries)


LINE = open_now("service.one")


def wait(language: str, clip: str, line: Line = LINE) -> tuple[float, ...]:
    spoken = line.language(language)
    assert spoken
    found = {one.clip: one for one in seconds.waits(line, spoken, A_SECOND, NOON)}
    return tuple(round(one, 2) for one in (found[clip].newcomer, found[clip].own_number, found[clip].returning))


def test_a_newcomer_hears_every_choice_up_to_the_right_one_and_all_warnings() -> None:
    language, menus, warning = 1, 2 + 1, 1
    assert wait("en", "meals.when")[0] == language + menus + warning


def test_on_the_languages_own_number_no_language_is_waited_for() -> None:
    assert wait("en", "meals.when")[1] == wait("en", "meals.when")[0] - 1


def test_a_returning_caller_waits_for_the_keys_and_the_warnings_alone() -> None:
    assert wait("en", "meals.when")[2] == 3 * 0.3 + 1


def test_a_language_that_is_offered_later_waits_longer_and_the_second_page_costs_a_key() -> None:
    assert wait("fr", "meals.when") == (6, 4, 1.9)
    assert wait("vi", "meals.when") == (3 + 1 + 4, 4, 2.2)


def test_a_later_clip_of_a_section_begins_after_the_earlier_ones() -> None:
    assert wait("en", "meals.phone") == tuple(one + 1 for one in wait("en", "meals.when"))


def test_a_section_that_follows_by_itself_begins_after_the_lesson_and_its_silence() -> None:
    assert wait("en", "more-rights.one")[1] == wait("en", "rights.two")[1] + 1 + 1 + 2.5


def test_what_is_open_now_is_measured_as_far_as_it_is_said_without_a_key() -> None:
    line = open_now(*(f"service.{number}" for number in range(5)))
    spoken = line.language("en")
    assert spoken
    heard = [one.clip for one in seconds.waits(line, spoken, A_SECOND, NOON) if one.place == "open-now"]
    assert {f"service.{number}" for number in range(4)} <= set(heard)
    assert "service.4" not in heard


def test_the_witness_tone_comes_after_the_whole_consent_or_at_once() -> None:
    assert wait("en", "tone") == (1 + 4 + 6, 4 + 6, 0.9)


def test_who_presses_nothing_hears_the_essentials_in_each_language_and_the_end() -> None:
    silent = seconds.silent(LINE, A_SECOND, NOON)
    assert silent.essentials == {"en": 7, "fr": 8, "vi": 9}
    assert silent.end == 12


def test_a_witness_who_presses_nothing_hears_the_tone() -> None:
    languages, once_more, brief = 3 + 4, 2 + 2, 2
    assert seconds.silent(LINE, A_SECOND, NOON).tone == languages + once_more + brief


def test_a_returning_caller_reaches_each_place_of_the_drawing() -> None:
    spoken = LINE.language("en")
    assert spoken
    found = seconds.arrivals(LINE, spoken, A_SECOND, NOON)
    rounded = {place: round(begins, 2) for place, begins in found.items()}
    assert rounded == {
        Choice(menu="main"): 0.3,
        Choice(now=True): 0.6,
        Choice(menu="daily"): 0.6,
        Choice(section="rights"): 0.6,
        Choice(section="meals"): 1.9,
        Choice(section="more-rights"): 0.6 + 1 + 1 + 1 + 2.5,
        WITNESS_LINE: 0.9,
    }


def test_a_clip_without_a_length_is_named() -> None:
    spoken = LINE.language("fr")
    assert spoken
    with pytest.raises(LengthUnknown, match="en/language-choice is not made yet: run `ivr build`"):
        seconds.waits(LINE, spoken, {}, NOON)


def problems(budgets: BudgetsFile) -> list[str]:
    spoken = LINE.language("en")
    assert spoken
    return [str(one) for one in seconds.over_budget(seconds.waits(LINE, spoken, A_SECOND, NOON), budgets)]


def test_a_section_that_begins_too_late_is_a_problem_with_its_budgets_name() -> None:
    (late,) = problems(BudgetsFile(sections={"meals": Budget(own_number=3.9)}))
    said = "en: meals begins after 4.0 s, more than 3.9: shorten what comes before."
    assert late == f"budgets.yaml: sections.meals.own_number: {said}"


def test_many_late_sections_are_one_problem_that_names_the_worst() -> None:
    (late,) = problems(BudgetsFile(every_section=Budget(newcomer=3.5)))
    said = "en: more-rights begins after 9.5 s, more than 3.5, and 2 more are late: shorten what comes before."
    assert late == f"budgets.yaml: every_section.newcomer: {said}"


def test_the_witness_tone_has_a_budget_of_its_own() -> None:
    assert problems(BudgetsFile(witness_tone=Budget(returning=0.8)))[0].startswith(
        "budgets.yaml: witness_tone.returning"
    )
    assert problems(BudgetsFile(witness_tone=Budget(returning=1))) == []


def test_what_is_open_now_has_no_budget_since_it_changes_by_the_hour() -> None:
    assert not any("open-now" in one for one in problems(BudgetsFile(every_section=Budget(returning=0.1))))


def test_a_call_that_is_over_its_time_still_ends_with_its_last_words() -> None:
    short = small_line(limits=Limits(call=10, patience=4))
    call = Stopwatch(A_SECOND, NOON, [], listens=True).call(short, Entry(language="en"))
    assert max(call.begun, key=lambda clip: call.begun[clip]) == Clip("en", "goodbye")
