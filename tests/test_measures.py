"""The verbs that measure, on a small line that was built for them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ivr.__main__ import main
from ivr.prompts.publish import publish
from tests.content.sound import sound_content

Ivr = Callable[..., tuple[object, str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sound content and its release."""
    folder = tmp_path_factory.mktemp("measures")
    sound_content(folder / "content")
    published = publish(folder / "content", folder / "prompts", "", date.min, lambda *_: None)
    assert published.summary
    assert published.summary.published
    return folder


@pytest.fixture
def ivr(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ivr:
    """Run a verb; return its exit code, what it wrote, and what it wrote as mistakes."""
    monkeypatch.setenv("IVR_CONTENT", str(folder / "content"))
    monkeypatch.setenv("IVR_PROMPTS", str(folder / "prompts"))
    monkeypatch.setenv("IVR_STATE", str(folder / "state"))

    def run(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.argv", ["ivr", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_seconds_are_shown_for_each_section_and_fact(ivr: Ivr) -> None:
    code, told, _ = ivr("seconds", "--at", "2026-11-23T12:00:00")
    assert code == 0
    assert told.startswith("en: newcomer, newcomer on line-en, returning\n")
    for word in ("meals.evening {evening-meal}", "rights.silence {custody-hours}", "service.supper", "witness tone"):
        assert word in told
    newcomer, own, returning = (float(one) for one in told.partition("  meals\n")[2].split()[:3])
    assert newcomer > own > returning > 0


def test_seconds_of_a_language_that_is_not_offered_are_one_sentence(ivr: Ivr) -> None:
    code, _, told = ivr("seconds", "fr")
    assert (code, told) == (1, "'fr' is not offered, so it has no seconds: name one of en.\n")


def test_the_menus_are_drawn_into_a_file_or_the_terminal(ivr: Ivr, tmp_path: Path) -> None:
    ivr("graph", str(tmp_path / "menus.svg"))
    _, told, _ = ivr("graph")
    assert told == (tmp_path / "menus.svg").read_text()
    assert told.startswith("<svg ")


def test_the_matrix_says_why_a_language_is_not_offered(ivr: Ivr) -> None:
    code, told, _ = ivr("languages")
    _, english, french = told.splitlines()
    assert code == 0
    assert english.split()[-1] == "yes"
    assert "no: " in french
    assert "sentences are missing" in french


def test_translations_are_brought_up_to_the_english(ivr: Ivr, folder: Path) -> None:
    code, told, _ = ivr("translations")
    assert code == 0
    assert told.startswith("fr: ")
    assert "1 changed (fuzzy), 1 gone." in told
    assert 'msgctxt "lawyers.free"' in (folder / "content/translations/fr.po").read_text()


def test_what_nobody_confirmed_is_listed_as_due(ivr: Ivr) -> None:
    _, told, _ = ivr("check")
    assert "due: 3 files were never confirmed: leaflet/lawyers, leaflet/rights, services/supper." in told


def test_a_budget_that_is_not_kept_fails_the_check(ivr: Ivr, folder: Path) -> None:
    budgets = folder / "content/budgets.yaml"
    before = budgets.read_text()
    budgets.write_text("every_section: {returning: 0.2}\n")
    code, _, told = ivr("check")
    budgets.write_text(before)
    assert code == 1
    assert told.startswith("budgets.yaml: every_section.returning: en: ")
    assert ivr("check")[0] == 0


def test_without_a_release_the_check_says_that_nothing_is_measured(
    ivr: Ivr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path))
    code, told, _ = ivr("check")
    assert code == 0
    assert "note: the seconds are not measured. No release is live" in told
