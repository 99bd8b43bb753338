"""That a place is closed is never said where nobody knows its hours: all services, all languages, any time."""

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.callflow.line import Line
from ivr.content import plan
from ivr.content.check import Checked, check
from ivr.content.notation import MINUTE
from ivr.settings import CHECKOUT
from tests.content.services import PARIS, paris

CLOSED = {  # how the words for closing begin in each language, without vowel marks
    "en": r"\bclos|\bshut",
    "fr": r"\bferm",
    "ar": "غلق|غلاق",
    "fa": r"بسته|بست\b|تعطیل",
    "ps": r"\bبند|\bتړل",
    "ckb": "داخ|دایخ|دادەخ",
    "ti": "ዕጽ|ዕጾ|ዓጽ|ዕጹ",
    "am": "ዝግ|ዘጋ|ዘግ",
    "vi": r"\bđóng",
    "sq": r"\bmbyll",
}
HOURS = ("at.", "until.", "began.")
NOT_KNOWN = {"open-today", "hours-unknown"}
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minutes: (datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE).astimezone(PARIS)
)


@cache
def checked() -> Checked:
    return check(CHECKOUT / "content")


@cache
def line() -> Line:
    whole = set(CLOSED)
    return plan.line_of(checked().content, whole, set(), paris(2026, 1, 1).date(), witness_number=False)


@cache
def say_closed(code: str) -> frozenset[str]:
    """Return the clips of a language that hold a word for closing."""
    word = re.compile(CLOSED[code], re.IGNORECASE)
    return frozenset(one.id for one in checked().words[code] if word.search(plain(one.text)))


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(sign for sign in decomposed if not "\u064b" <= sign <= "\u0652")  # Arabic vowel marks
    return unicodedata.normalize("NFC", kept)


def without_hours() -> set[str]:
    services = checked().content.services
    return {name for name, one in services.items() if not one.hours and not one.starts}


@pytest.mark.parametrize("code", CLOSED)
def test_each_language_is_searched_for_the_word_with_which_it_says_that_a_place_closed(code: str) -> None:
    assert {"history.closed", "calais-town.sangatte"} <= say_closed(code)


def test_every_language_of_the_line_is_searched() -> None:
    assert CLOSED.keys() == {one.code for one in checked().content.languages}


@settings(deadline=None)
@given(MOMENTS)
def test_what_is_open_now_never_says_closed(at: datetime) -> None:
    for code in CLOSED:
        said = {clip.id for entry in line().open_now(at, code) for clip in entry}
        assert said & say_closed(code) == set()


@settings(deadline=None)
@given(MOMENTS)
def test_what_has_no_known_hours_is_told_at_every_time_and_with_no_hour(at: datetime) -> None:
    content = checked().content
    for code in CLOSED:
        entries = [{clip.id for clip in entry} for entry in line().open_now(at, code)]
        for name in without_hours():
            told = [entry for entry in entries if f"service.{name}" in entry]
            assert len(told) == 1
            assert not any(clip.startswith(HOURS) for clip in told[0])
            assert content.services[name].condition or told[0] & NOT_KNOWN


@pytest.mark.parametrize("code", CLOSED)
def test_no_section_of_a_service_without_known_hours_says_closed(code: str) -> None:
    sections = checked().content.sections.items()
    said = {f"{name}.{one.id}" for name, section in sections for one in section.clips if unknown_in(section.services)}
    assert len(said) > 10
    assert said & say_closed(code) == set()


@pytest.mark.parametrize("code", CLOSED)
def test_no_sentence_of_what_is_open_or_of_a_notice_says_closed(code: str) -> None:
    parts = ("service.", "open-", "hours-", "today", "tomorrow", "day-", "now-", "notice-", *HOURS)
    assert [clip for clip in say_closed(code) if clip.startswith(parts)] == []


def unknown_in(services: tuple[str, ...]) -> bool:
    return bool(without_hours() & {*services})
