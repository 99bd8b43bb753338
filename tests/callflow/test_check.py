"""Mistakes in menus and sections."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import ivr.callflow
from ivr.callflow.check import PHRASES, check
from ivr.callflow.line import Choice, Menu, Section
from tests.callflow.telling import small_line

LINE = small_line()


def sentences(menus: dict = {}, sections: dict = {}) -> list[str]:
    return [str(one) for one in check({**LINE.menus, **menus}, {**LINE.sections, **sections})]


def menu(**choices: Choice) -> dict[str, Menu]:
    return {
        "daily": Menu("daily", {"1": Choice(section="meals"), **{key.strip("_"): to for key, to in choices.items()}})
    }


def test_a_sound_line_has_no_mistakes() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("menus", "said"),
    [
        (
            menu(_2=Choice(section="gone")),
            "menus/daily.yaml: choices.2: leads nowhere: there is no leaflet/gone.yaml",
        ),
        (
            menu(_2=Choice(menu="gone")),
            "menus/daily.yaml: choices.2: leads nowhere: there is no menus/gone.yaml",
        ),
        (menu(_9=Choice(section="meals")), "menus/daily.yaml: choices.9: is not a key for a choice"),
        (menu(_2=Choice()), "menus/daily.yaml: choices.2: must lead to exactly one"),
        (menu(_2=Choice(section="meals", now=True)), "menus/daily.yaml: choices.2: must lead to exactly one"),
        ({"empty": Menu("empty", {})}, "menus/empty.yaml: choices: is empty"),
        ({"stray": Menu("stray", {"1": Choice(now=True)})}, "menus/stray.yaml: is never reached"),
    ],
)
def test_each_mistake_of_a_menu_is_named_with_its_place(menus: dict, said: str) -> None:
    assert any(one.startswith(said) for one in sentences(menus))


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"stray": Section("stray", ("stray.one",))}, "leaflet/stray.yaml: is never reached"),
        ({"meals": Section("meals", (), then="gone")}, "leaflet/meals.yaml: then: leads nowhere"),
        (
            {"more-rights": Section("more-rights", (), then="rights")},
            "leaflet/rights.yaml: then: goes round for ever",
        ),
    ],
)
def test_each_mistake_of_a_section_is_named_with_its_place(sections: dict, said: str) -> None:
    assert any(one.startswith(said) for one in sentences(sections=sections))


def test_a_line_without_its_main_menu_says_so() -> None:
    assert [str(one) for one in check({}, {})] == [
        "menus/main.yaml: is missing: the line begins at this menu, so write it."
    ]


def test_menus_that_lead_to_each_other_are_no_mistake() -> None:
    assert sentences(menu(_2=Choice(menu="main"))) == []


def test_every_sentence_that_a_story_names_is_required() -> None:
    told = "".join(path.read_text() for path in Path(ivr.callflow.__file__).parent.glob("*.py"))
    named = set(re.findall(r'(?:say|once|last_words)\(\s*"([a-z-]+)"', told))
    assert named
    assert named <= PHRASES | {"recorded-minutes"}


def test_a_changed_line_is_still_a_line() -> None:
    assert replace(LINE, witness_number=True).language("en") is not None
