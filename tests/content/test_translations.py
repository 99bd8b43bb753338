"""Translators' files brought up to the English, by the clip's id alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polib
import pytest

from ivr.content.models import Content, FixedPhrase
from ivr.content.translations import merge
from ivr.content.words import sources
from tests.content.sound import loaded, sound_content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sound_content(tmp_path / "content")


@pytest.fixture
def content(folder: Path) -> Content:
    return loaded(folder)


def merged(content: Content, folder: Path) -> dict[str, polib.POEntry]:
    merge(content, folder / "translations")
    return {one.msgctxt: one for one in polib.pofile(str(folder / "translations/fr.po"))}


def test_every_english_sentence_has_an_entry_in_the_order_of_the_line(content: Content, folder: Path) -> None:
    entries = merged(content, folder)
    assert [name for name, one in entries.items() if not one.obsolete] == list(sources(content))


def test_a_sentence_that_did_not_change_keeps_its_translation(content: Content, folder: Path) -> None:
    one = merged(content, folder)["meals.evening"]
    assert one.msgstr == "Un repas chaud chaque jour à {evening-meal}."
    assert not one.fuzzy


def test_a_sentence_that_changed_keeps_its_translation_as_fuzzy(content: Content, folder: Path) -> None:
    sections = dict(content.sections)
    meals = sections["meals"]
    later = meals.clips[0].model_copy(update={"says": "Hot food every evening at {evening-meal}."})
    sections["meals"] = meals.model_copy(update={"clips": (later, *meals.clips[1:])})
    one = merged(replace(content, sections=sections), folder)["meals.evening"]
    assert one.msgid == "Hot food every evening at {evening-meal}."
    assert one.msgstr == "Un repas chaud chaque jour à {evening-meal}."
    assert one.fuzzy


def test_fuzzy_stays_fuzzy_until_a_person_says_otherwise(content: Content, folder: Path) -> None:
    merged(content, folder)
    assert merged(content, folder)["meals.phone"].fuzzy


def test_a_new_sentence_is_empty_even_where_another_is_nearly_the_same(content: Content, folder: Path) -> None:
    phrases = {**content.phrases, "breakfast": FixedPhrase(says="Hot food every day at {evening-meal}!")}
    one = merged(replace(content, phrases=phrases), folder)["breakfast"]
    assert one.msgstr == ""
    assert not one.fuzzy


def test_a_sentence_that_is_gone_stays_as_obsolete(content: Content, folder: Path) -> None:
    sections = {name: one for name, one in content.sections.items() if name != "rights"}
    entries = merged(replace(content, sections=sections), folder)
    assert entries["rights.silence"].obsolete
    assert entries["rights.silence"].msgstr == "Vous pouvez vous taire pendant {custody-hours} heures."


def test_a_sentence_that_comes_back_has_its_translation_again(content: Content, folder: Path) -> None:
    without = {name: one for name, one in content.sections.items() if name != "rights"}
    merged(replace(content, sections=without), folder)
    one = merged(content, folder)["rights.silence"]
    assert one.msgstr == "Vous pouvez vous taire pendant {custody-hours} heures."
    assert not one.obsolete


def test_a_gone_sentence_without_a_translation_is_forgotten(content: Content, folder: Path) -> None:
    merged(content, folder)
    sections = {name: one for name, one in content.sections.items() if name != "lawyers"}
    assert "lawyers.free" not in merged(replace(content, sections=sections), folder)


def test_merging_twice_changes_nothing(content: Content, folder: Path) -> None:
    merged(content, folder)
    once = (folder / "translations/fr.po").read_text()
    merged(content, folder)
    assert (folder / "translations/fr.po").read_text() == once


def test_what_was_done_is_counted(content: Content, folder: Path) -> None:
    new, changed, gone = merge(content, folder / "translations")["fr"]
    assert (changed, gone) == (1, 1)
    assert new == len(sources(content)) - 3
    assert merge(content, folder / "translations")["fr"] == (0, 0, 1)


def test_english_has_no_translators(content: Content, folder: Path) -> None:
    assert "en" not in merge(content, folder / "translations")
    assert not (folder / "translations/en.po").exists()


def test_a_new_language_begins_with_every_sentence_and_the_word_draft(content: Content, folder: Path) -> None:
    (folder / "translations/fr.po").unlink()
    assert all(not one.msgstr for one in merged(content, folder).values())
    assert "no native speaker" in (folder / "translations/fr.po").read_text()


def test_a_file_names_who_reviewed_it_and_is_a_draft_again_when_nobody_is_named(content: Content, folder: Path) -> None:
    file = folder / "translations/fr.po"
    file.write_text("# Thanks to Bob.\n" + file.read_text())
    english, french = content.languages
    reviewed = french.model_copy(update={"reviewer": "Alice", "reviewed": date(2026, 11, 1)})
    merged(replace(content, languages=(english, reviewed)), folder)
    assert file.read_text().startswith(
        "# Français for the Calais Line. Reviewed by Alice on 2026-11-01.\n# Thanks to Bob.\n"
    )
    merged(content, folder)
    assert file.read_text().startswith(
        "# Français for the Calais Line. A draft that no native speaker has reviewed.\n# Thanks to Bob.\n"
    )


def test_translators_read_the_note_of_a_sentence(content: Content, folder: Path) -> None:
    entries = merged(content, folder)
    assert entries["meals.evening"].comment == "In the evening."
    assert entries["meals.title"].comment


def test_a_translator_s_own_remark_stays(content: Content, folder: Path) -> None:
    file = folder / "translations/fr.po"
    file.write_text(file.read_text().replace('msgctxt "meals.evening"', '# plat chaud\nmsgctxt "meals.evening"'))
    assert merged(content, folder)["meals.evening"].tcomment == "plat chaud"


def test_a_merged_file_is_read_without_a_problem(content: Content, folder: Path) -> None:
    merged(content, folder)
    assert loaded(folder).translations["fr"].keys() == content.translations["fr"].keys()
