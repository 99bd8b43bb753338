"""The verbs, as a volunteer types them."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ivr.problems import ToMend
from ivr.reports import identity, trial
from ivr.reports.commands import Shelf, identities, reports
from ivr.reports.keys import Reader
from ivr.reports.seal import MARKER
from tests.reports.sealed_line import ALICE, BOB, SealedLine, speech

PASSPHRASE = "correct horse battery"  # noqa: S105 - of a key that opens nothing


@pytest.fixture
def place(line: SealedLine) -> Shelf:
    line.reports.mkdir(exist_ok=True)
    return Shelf(line.reports, None, "")


def ivr(place: Shelf, *words: str, answers: str = "") -> Result:
    app = typer.Typer()
    app.add_typer(reports, name="reports")
    app.add_typer(identities, name="keys")

    @app.callback()
    def settings(ctx: typer.Context) -> None:
        ctx.obj = place

    return CliRunner().invoke(app, words, input=answers)


def test_the_list_shows_name_day_state_and_whether_complete(line: SealedLine, place: Shelf) -> None:
    line.sealed(speech(3))
    [row, total] = ivr(place, "reports", "list").output.splitlines()
    assert row.split()[::2] == ["aaaaaaaa", "new"]
    assert row.endswith("complete")
    assert total == "1 reports."


def test_a_report_is_marked(line: SealedLine, place: Shelf) -> None:
    report = line.sealed(speech(3))
    assert ivr(place, "reports", "mark", "aaaa", "done").exit_code == 0
    assert report.card().state == "done"


def test_a_deletion_is_asked_twice(line: SealedLine, place: Shelf) -> None:
    report = line.sealed(speech(3))
    ivr(place, "reports", "delete", "aaaa", answers="n\n")
    wrong = ivr(place, "reports", "delete", "aaaa", answers="y\naaaa\n")
    assert report.path.exists()
    assert "nothing was deleted" in str(wrong.exception)
    ivr(place, "reports", "delete", "aaaa", answers="y\naaaaaaaa\n")
    assert not report.path.exists()


def test_verify_fails_aloud_when_something_was_changed(line: SealedLine, place: Shelf) -> None:
    report = line.sealed(speech(3))
    assert ivr(place, "reports", "verify").exit_code == 0
    (report.path / "0001-0001.sln.age").write_bytes(b"x")
    found = ivr(place, "reports", "verify")
    assert found.exit_code == 1
    assert "was changed after it was sealed" in found.output


def test_a_reader_opens_a_synced_report_on_their_own_computer(
    line: SealedLine, place: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(identity, "unlock", lambda *_: ALICE)
    line.sealed(speech(3))
    home = tmp_path / "home"
    home.mkdir()
    assert ivr(place, "reports", "sync", "--to", str(home)).exit_code == 0
    away = Shelf(tmp_path / "no-line", None, "")
    opened = ivr(away, "reports", "open", str(home / "aaaaaaaa"), "--key", "k", "--to", str(tmp_path / "out"))
    assert opened.exit_code == 0
    assert (tmp_path / "out/aaaaaaaa-part-0001.wav").exists()


@pytest.mark.parametrize("verb", ["open", "answer", "rekey"])
def test_no_secret_key_is_used_where_the_line_runs(line: SealedLine, place: Shelf, tmp_path: Path, verb: str) -> None:
    report = line.sealed(speech(3))
    (line.reports / MARKER).touch()
    key = tmp_path / "key"
    words = {
        "open": ["--key", str(key)],
        "answer": [str(line.reports / MARKER)],
        "rekey": ["--key", str(key), "--readers", str(key)],
    }
    refused = ivr(place, "reports", verb, str(report.path), *words[verb])
    assert "no secret key may be used here" in str(refused.exception)


def test_no_key_is_made_where_the_line_runs(line: SealedLine, place: Shelf, tmp_path: Path) -> None:
    (line.reports / MARKER).touch()
    assert isinstance(ivr(place, "keys", "new", str(tmp_path / "key")).exception, ToMend)
    assert not (tmp_path / "key").exists()


def test_a_running_sealer_marks_the_machine(line: SealedLine) -> None:
    line.running()
    assert (line.reports / MARKER).exists()


def test_a_new_key_prints_the_public_one_and_never_the_secret(tmp_path: Path) -> None:
    away = Shelf(tmp_path / "no-line", None, "")
    made = ivr(away, "keys", "new", str(tmp_path / "key"), answers=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert "age1" in made.output
    assert "SECRET" not in made.output


def test_the_monthly_test_from_the_sealed_word_to_its_proof(
    place: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(identity, "unlock", lambda *_: BOB)
    people = [Reader(str(reader.to_public()), "", "") for reader in (ALICE, BOB)]
    (tmp_path / "readers.txt").write_text("\n".join(reader.key for reader in people))
    with_readers = Shelf(place.reports, tmp_path / "readers.txt", "")
    ivr(with_readers, "reports", "test")
    [test] = trial.trials(place.reports)
    opened = ivr(place, "reports", "open", str(test.report.path), "--key", "k")
    word = opened.output.split("Your word is ")[1].split(":")[0]
    assert BOB.to_public() is not None
    assert str(BOB.to_public()) in ivr(place, "reports", "test", word).output
