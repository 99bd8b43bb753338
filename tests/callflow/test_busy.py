"""What is said while every place is taken."""

from ivr.callflow import busy
from ivr.callflow.line import Entry
from tests.callflow.telling import NOON, small_line


def languages(entry: Entry, turn: int) -> list[str]:
    return [clips[0].language for clips in busy.said(small_line(), entry, turn, NOON)]


def test_each_language_says_that_the_line_is_busy_and_what_is_most_needed() -> None:
    for clips in busy.said(small_line(), Entry(), 0, NOON):
        assert [clip.id for clip in clips] == ["busy", "essentials"]


def test_the_languages_that_are_offered_begin_by_turns() -> None:
    assert languages(Entry(), 0) == ["en", "fr", "vi"]
    assert languages(Entry(), 1) == ["fr", "vi", "en"]
    assert languages(Entry(), 5) == ["vi", "en", "fr"]


def test_who_called_a_language_hears_it_first() -> None:
    assert languages(Entry(language="vi"), 1) == ["vi", "en", "fr"]


def test_a_language_that_is_not_offered_has_no_precedence() -> None:
    assert languages(Entry(language="ps"), 1) == ["fr", "vi", "en"]
