"""The state of each language, in figures."""

from pathlib import Path

import pytest

from ivr.content.check import Checked, check
from ivr.content.words import sources
from ivr.prompts import takes
from ivr.prompts.matrix import Row, matrix, table
from tests.content.sound import sound_content


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    return check(sound_content(tmp_path / "content"))


def row(checked: Checked, code: str, spoken: tuple[str, ...] = ("en",), folder: Path = Path("/nowhere")) -> Row:
    waiting = {"fr": "sentences are missing"}
    return next(one for one in matrix(checked, spoken, (folder,), waiting) if one.code == code)


def test_english_needs_no_translator(checked: Checked) -> None:
    english = row(checked, "en")
    assert english.translated == english.sentences == len(sources(checked.content))
    assert (english.reviewed, english.why_not) == ("source", "")


def test_a_translation_is_counted_and_what_changed_since_is_fuzzy(checked: Checked) -> None:
    french = row(checked, "fr")
    assert (french.translated, french.fuzzy, french.reviewed) == (3, 1, "draft")


def test_a_reviewer_is_named_with_the_day(tmp_path: Path) -> None:
    folder = sound_content(tmp_path / "content")
    languages = folder / "languages.yaml"
    text = languages.read_text()
    assert "code: fr, " in text
    languages.write_text(text.replace("code: fr, ", "code: fr, reviewer: Alice, reviewed: 2026-11-01, "))
    assert row(check(folder), "fr").reviewed == "Alice, 2026-11-01"


def test_clips_are_by_people_or_by_an_engine(checked: Checked, tmp_path: Path) -> None:
    said = checked.words["en"][0]
    takes.keep(tmp_path / "takes", said, b"RIFF")
    english = row(checked, "en", folder=tmp_path / "takes")
    assert (english.human, english.engine, english.missing) == (1, len(checked.words["en"]) - 1, 0)


def test_without_a_voice_every_clip_that_nobody_recorded_is_missing(checked: Checked) -> None:
    english = row(checked, "en", spoken=())
    assert (english.engine, english.missing) == (0, len(checked.words["en"]))


def test_a_clip_without_words_is_missing_too(checked: Checked) -> None:
    lacking = sum(one.language == "fr" for one in checked.missing)
    assert row(checked, "fr", spoken=("fr",)).missing == lacking > 0


def test_the_table_says_why_a_language_is_not_offered(checked: Checked) -> None:
    heading, english, french = table([row(checked, "en"), row(checked, "fr")])
    assert heading.split()[:2] == ["key", "translated"]
    assert english.endswith("yes")
    assert french.endswith("no: sentences are missing")
