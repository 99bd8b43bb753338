"""What the verbs say of the line's own content: its conflicts, what is due, and why a language is not offered."""

from contextlib import suppress

import pytest

from ivr.__main__ import main
from ivr.content.load import load
from ivr.content.models import Content
from ivr.settings import Settings
from tests.release import Published


@pytest.fixture(scope="module")
def content() -> Content:
    return load(Settings().content)[0]


def ivr(verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Run a verb on the line's own content, and return the lines that it writes."""
    monkeypatch.setattr("sys.argv", ["ivr", verb])
    with suppress(SystemExit):
        main()
    return capsys.readouterr().out.splitlines()


def test_the_check_lists_where_the_leaflet_contradicts_itself_and_what_is_due(
    content: Content, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ivr("check", monkeypatch, capsys)
    notes = [line for line in told if line.startswith("note: ")]
    assert notes[0].startswith("note: noon-meal: the leaflet says 12:00, 13:00, the line 13:00. ")
    assert len(notes) == len(content.conflicts)
    (due,) = [line for line in told if line.startswith("due: ") and "never confirmed: " in line]
    files = {f"leaflet/{name}": one.checked for name, one in content.sections.items()}
    files |= {f"services/{name}": one.checked for name, one in content.services.items()}
    never = sorted(name for name, checked in files.items() if checked == "never")
    assert due.partition("confirmed: ")[2] == f"{', '.join(never)}."
    assert told[-1].startswith("No mistakes. Complete: am, ar, ckb, en, fa, fr, ps, sq, ti, vi")


def test_the_matrix_says_that_a_language_without_a_voice_is_not_offered(
    content: Content, release: Published, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, *rows = ivr("languages", monkeypatch, capsys)
    ready = {one["code"]: one["ready"] for one in release.line["languages"]}
    assert {row.split()[0]: row.endswith("yes") for row in rows} == ready
    reasons = {row.split()[0]: row.partition("no: ")[2] for row in rows if not row.endswith("yes")}
    silent = {one.code for one in content.languages if not one.voices and not ready[one.code]}
    assert reasons == dict.fromkeys(silent, "no voice speaks it, and not every clip has a take")
    assert ready.keys() - reasons.keys() >= {one.code for one in content.languages if one.voices}


def test_every_language_is_whole_and_a_draft_until_somebody_is_named_who_reviewed_it(
    content: Content, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, *rows = ivr("languages", monkeypatch, capsys)
    for row, language in zip(rows, content.languages, strict=True):
        _, _, translated, _, needed, fuzzy, *rest = row.split()
        assert (translated, fuzzy) == (needed, "0")
        assert (rest[0] in ("source", "draft")) == (language.reviewed is None)
