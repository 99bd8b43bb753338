"""The figures as a drawing: what a volunteer reads in it."""

import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from ivr.calls.chart import span, svg
from ivr.calls.figures import Counts, Day
from ivr.content.load import load
from ivr.content.models import Content
from tests.content.sound import sound_content

SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
DAY: Day = {
    "en": Counts(15, {"meals": 10, "gone": 5, "rights": 0}, {"main": 5}),
    "": Counts(5, {"without-keys": 5}, {"languages": 0}),
    "fr": Counts(),
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return load(sound_content(tmp_path_factory.mktemp("chart") / "content"))[0]


def shapes(drawing: str, kind: str) -> list[ET.Element]:
    return list(ET.fromstring(drawing).iter(f"{{http://www.w3.org/2000/svg}}{kind}"))  # noqa: S314 - our own


def words(drawing: str) -> list[str]:
    return [text.text or "" for text in shapes(drawing, "text")]


def test_each_language_shows_its_calls_what_was_asked_for_and_where_callers_gave_up(content: Content) -> None:
    told = words(svg({MONDAY: DAY}, [MONDAY], content))
    meals, main = content.sections["meals"].title, content.menus["main"].title
    english = ["English", "23.11", "Calls", "15", meals, "10", "gone", "5", content.sections["rights"].title, "<5"]
    assert told[: len(english) + 2] == [*english, f"Gave up: {main}", "5"]


def test_a_language_with_few_calls_shows_that_and_no_more(content: Content) -> None:
    told = words(svg({MONDAY: DAY}, [MONDAY], content, only=["fr"]))
    assert told[:4] == ["Français", "23.11", "Calls", "<5"]
    assert not [one for one in told if one.startswith("Gave up")]


def test_who_chose_no_language_comes_last(content: Content) -> None:
    told = words(svg({MONDAY: DAY}, [MONDAY], content))
    last = told[told.index("No language chosen") :]
    assert last[2:8] == ["Calls", "5", "Nothing pressed: the most needed", "5", "Gave up: Choosing a language", "<5"]


def test_a_day_without_calls_is_empty_and_one_that_was_not_counted_is_grey(content: Content) -> None:
    days = {MONDAY: {"en": Counts(5)}, date(2026, 11, 24): {}}
    drawing = svg(days, span(date(2026, 11, 24), 3), content)
    boxes = [one.get("fill") for one in shapes(drawing, "rect")]
    assert boxes[1:] == ["#eeeeee", "#5f8f5f"]


def test_the_days_end_with_the_last_one() -> None:
    assert span(MONDAY, 2) == [SUNDAY, MONDAY]


def test_names_are_escaped(content: Content) -> None:
    assert words(svg({MONDAY: {"<x&>": Counts(5)}}, [MONDAY], content))[0] == "<x&>"


def test_the_same_figures_are_the_same_drawing(content: Content, tmp_path: Path) -> None:
    turned = {MONDAY: {code: DAY[code] for code in reversed(DAY)}}
    assert svg({MONDAY: DAY}, [MONDAY], content) == svg(turned, [MONDAY], content)
