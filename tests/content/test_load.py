"""The content folder is read whole, with every mistake named."""

from pathlib import Path

import pytest

from ivr.content.load import load
from ivr.content.models import Content, Sentence
from tests.content.sound import loaded, sound_content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sound_content(tmp_path / "content")


def test_every_file_is_read_by_its_name(folder: Path) -> None:
    content = loaded(folder)
    assert content.menus.keys() == {"main", "daily"}
    assert content.sections.keys() == {"meals", "rights", "lawyers"}
    assert content.services.keys() == {"supper"}
    assert content.lexicons.keys() == {"en", "fr"}
    assert content.translations.keys() == {"fr"}


def test_languages_keep_their_order(folder: Path) -> None:
    assert [one.code for one in loaded(folder).languages] == ["en", "fr"]


def test_obsolete_and_empty_translations_are_left_out(folder: Path) -> None:
    file = folder / "translations/fr.po"
    file.write_text(file.read_text() + '\nmsgctxt "lawyers.free"\nmsgid "A lawyer is free."\nmsgstr ""\n')
    assert loaded(folder).translations["fr"].keys() == {"meals.evening", "meals.phone", "rights.silence"}


def test_a_fuzzy_translation_is_kept_as_such(folder: Path) -> None:
    assert loaded(folder).translations["fr"]["meals.phone"] == Sentence("Le numéro de téléphone : {phone}.", fuzzy=True)


def test_a_translation_whose_english_has_changed_since_is_fuzzy_though_nobody_marked_it(folder: Path) -> None:
    assert not loaded(folder).translations["fr"]["rights.silence"].fuzzy
    file = folder / "leaflet/rights.yaml"
    file.write_text(file.read_text().replace("You may stay silent", "You must not stay silent"))
    assert loaded(folder).translations["fr"]["rights.silence"].fuzzy


def test_a_sentence_translated_twice_is_a_mistake(folder: Path) -> None:
    file = folder / "translations/fr.po"
    again = 'msgctxt "meals.evening"\nmsgid "Hot food every day at {evening-meal}."\nmsgstr "x"\n'
    file.write_text(f"{file.read_text()}\n{again}")
    _, (problem,) = load(folder)
    assert str(problem).startswith("translations/fr.po: is not a PO file (Entry ")


def test_a_translation_that_is_not_utf_8_is_a_mistake(folder: Path) -> None:
    file = folder / "translations/fr.po"
    file.write_bytes(file.read_text().encode("latin-1"))
    _, (problem,) = load(folder)
    assert str(problem).startswith("translations/fr.po: is not a PO file ('utf-8' codec can't decode")


def test_an_empty_folder_is_told_file_by_file(tmp_path: Path) -> None:
    content, problems = load(tmp_path)
    assert content == Content()
    assert {problem.file for problem in problems} >= {"languages.yaml", "phrases.yaml", "facts.yaml"}
    assert all(problem.sentence == "cannot be read: No such file or directory." for problem in problems)


def test_what_can_be_read_is_there_in_spite_of_what_cannot(folder: Path) -> None:
    (folder / "menus/daily.yaml").write_text("title: [")
    content, problems = load(folder)
    assert content.menus.keys() == {"main"}
    assert [problem.file for problem in problems] == ["menus/daily.yaml"]


def test_files_that_are_not_yaml_are_left_alone(folder: Path) -> None:
    (folder / "leaflet/notes.txt").write_text("[")
    (folder / "leaflet/meals.yaml~").write_text("[")
    loaded(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key: "1"', "key: 1", "languages.0.key: must be words: put them in quotation marks."),
        ("code: en", "code: English", "languages.0.code: must be two or three small letters, a language's code."),
        ("voices: {espeak: en+f2}", "speed: 20", "languages.0.speed: input should be greater than or equal to 80."),
        ("most_used: [en]", "most_used: []", "most_used: is empty: write at least one."),
        ("voices:", "voises:", "languages.0.voises: is not known here: mend its spelling, or remove it."),
    ],
)
def test_a_mistake_is_told_in_words_for_people(folder: Path, old: str, new: str, said: str) -> None:
    file = folder / "languages.yaml"
    file.write_text(file.read_text().replace(old, new, 1))
    _, (problem,) = load(folder)
    assert f"{problem.path}: {problem.sentence}" == said
