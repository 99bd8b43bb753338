"""What follows from a check: which languages are whole, and which sentences may have changed."""

from pathlib import Path

import pytest

from ivr.callflow.actions import Clip
from ivr.content.check import check, fuzzy_clips
from ivr.settings import CHECKOUT
from tests.content.sound import sound_content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_content(tmp_path_factory.mktemp("check") / "content")


def test_sound_content_has_no_problems(folder: Path) -> None:
    assert check(folder).problems == []


def test_a_language_is_complete_when_every_sentence_can_be_said(folder: Path) -> None:
    checked = check(folder)
    assert checked.complete == {"en"}
    assert {one.language for one in checked.missing} == {"fr"}


def test_what_another_language_lacks_keeps_nothing_from_callers(folder: Path) -> None:
    assert check(folder).missing
    assert check(folder).problems == []


def changed(folder: Path, file: str, before: str, after: str) -> Path:
    path = folder / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    return folder


def test_only_sentences_that_changed_are_fuzzy(tmp_path: Path) -> None:
    folder = sound_content(tmp_path / "content")
    assert fuzzy_clips(check(folder), {"en", "fr"}) == frozenset()
    checked = check(changed(folder, "leaflet/rights.yaml", "You may", "You can"))
    assert fuzzy_clips(checked, {"en", "fr"}) == {Clip("fr", "rights.silence")}
    assert fuzzy_clips(checked, {"en"}) == frozenset()


def test_a_translation_of_an_older_sentence_may_name_other_facts(tmp_path: Path) -> None:
    folder = sound_content(tmp_path / "content")
    changed(folder, "leaflet/rights.yaml", "for {custody-hours} hours", "always. Call {phone}")
    changed(folder, "leaflet/lawyers.yaml", "is free", "is free for {custody-hours} hours")
    checked = check(folder)
    assert checked.problems == []
    assert Clip("fr", "rights.silence") in fuzzy_clips(checked, {"fr"})


def test_the_line_s_own_content_is_sound() -> None:
    checked = check(CHECKOUT / "content")
    assert checked.problems == []
    assert checked.complete >= {"en", "fr", "ar"}
