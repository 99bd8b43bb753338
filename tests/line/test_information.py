"""Real calls to the information line: keys, wrong keys, early keys, no keys."""

import pytest

from tests.running_line import RunningLine

pytestmark = pytest.mark.long(80)


def test_a_caller_hears_when_the_meals_are(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line")
        phone.hears("en/language-choice")
        phone.press("1")
        phone.hears("en/main.2")
        phone.press("2")
        phone.hears("en/daily.1")
        phone.press("1")
        phone.hears_whole("en/old-facts", "en/meals.evening")


def test_a_caller_who_knows_the_way_presses_all_keys_at_once(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line")
        phone.press("321")
        phone.hears("ar/meals.evening", timeout=15)
        cut = [name for name in phone.story() if name.endswith("…")]
    assert len(cut) <= 3


def test_any_key_cuts_a_clip_at_once(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line-fr")
        phone.hears("fr/main.2")
        pressed = phone.press("2")
        after = phone.hears("fr/daily.1")
        story = phone.story()
    assert any(name.startswith("fr/main.") and name.endswith("…") for name in story)
    assert after.begins - pressed < 1


def test_hash_skips_and_seven_repeats_and_star_goes_up(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line-en")
        phone.press("21")
        phone.hears("en/old-facts")
        phone.press("#")
        phone.hears("en/meals.evening")
        phone.press("#")
        phone.hears("en/meals.noon")
        phone.press("7")
        phone.hears("en/meals.evening")
        phone.press("*")
        phone.hears("en/daily.1")
        phone.press("0")
        phone.hears("en/main.2")


def test_a_wrong_key_has_its_own_words_and_two_lead_to_the_languages(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line-fr")
        phone.hears("fr/main.2")
        phone.press("8")
        phone.hears_whole("fr/wrong-menu")
        phone.press("8")
        phone.hears("fr/to-languages", "en/language-choice")
    assert "fr/silence-menu" not in phone.story()


def test_the_reserved_key_of_a_language_that_is_not_ready_says_so(line: RunningLine) -> None:
    waiting = next(one for one in line.release.line["languages"] if not one["ready"])
    with line.phone() as phone:
        phone.call("line")
        phone.press(waiting["key"])
        phone.hears_whole(f"{waiting['instead']}/language-not-ready")
        phone.hears("en/language-choice")


@pytest.mark.parametrize("keys_by", ["events", "info", "tones"])
def test_keys_of_every_kind_of_phone_lead_to_the_section(line: RunningLine, keys_by: str) -> None:
    with line.phone(keys_by=keys_by, events=keys_by != "tones") as phone:
        phone.call("line-en")
        phone.hears("en/main.2")
        phone.press("2")
        phone.hears("en/daily.1")
        phone.press("1")
        phone.hears("en/meals.evening", timeout=15)


def test_a_script_of_one_process_a_call_says_the_same(script_line: RunningLine) -> None:
    with script_line.phone() as phone:
        phone.call("agi-line-en")
        phone.hears("en/main.2")
        phone.press("2")
        phone.hears("en/daily.1")
        phone.press("1")
        phone.hears_whole("en/meals.evening", timeout=30)
        phone.press("*")
        phone.hears("en/daily.1")
