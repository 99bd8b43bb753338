"""The verbs, as a volunteer types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.__main__ import app
from ivr.problems import ToMend
from ivr.reports import identity, trial
from ivr.reports.keys import Reader
from ivr.reports.seal import MARKER
from tests.reports.sealed_line import ALICE, BOB, SealedLine, speech

PASSPHRASE = "correct horse battery"  # noqa: S105 - of a key that opens nothing


@pytest.fixture(autouse=True)
def settings(line: SealedLine, monkeypatch: pytest.MonkeyPatch) -> None:
    line.reports.mkdir(exist_ok=True)
    monkeypatch.setenv("IVR_STATE", str(line.root))


def ivr(*words: str, answers: str = "") -> Result:
    return CliRunner().invoke(app, words, input=answers)


def test_the_list_shows_name_day_state_and_whether_complete(line: SealedLine) -> None:
    line.sealed(speech(3))
    [row, total] = ivr("reports", "list").output.splitlines()
    assert row.split()[::2] == ["aaaaaaaa", "new"]
    assert row.endswith("complete")
    assert total == "1 reports."


def test_a_report_is_marked(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    assert ivr("reports", "mark", "aaaa", "done").exit_code == 0
    assert report.card().state == "done"


def test_a_deletion_is_asked_twice(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    ivr("reports", "delete", "aaaa", answers="n\n")
    wrong = ivr("reports", "delete", "aaaa", answers="y\naaaa\n")
    assert report.path.exists()
    assert "nothing was deleted" in str(wrong.exception)
    ivr("reports", "delete", "aaaa", answers="y\naaaaaaaa\n")
    assert not report.path.exists()


def test_verify_fails_aloud_when_something_was_changed(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    assert ivr("reports", "verify").exit_code == 0
    (report.path / "0001-0001.sln.age").write_bytes(b"x")
    found = ivr("reports", "verify")
    assert found.exit_code == 1
    assert "was changed after it was sealed" in found.output


def test_a_reader_opens_a_synced_report_on_their_own_computer(
    line: SealedLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(identity, "unlock", lambda *_: ALICE)
    line.sealed(speech(3))
    home = tmp_path / "home"
    home.mkdir()
    assert ivr("reports", "sync", "--to", str(home)).exit_code == 0
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "no-line"))
    opened = ivr("reports", "open", str(home / "aaaaaaaa"), "--key", "k", "--to", str(tmp_path / "out"))
    assert opened.exit_code == 0
    assert (tmp_path / "out/aaaaaaaa-part-0001.wav").exists()


@pytest.mark.parametrize("verb", ["open", "answer", "rekey"])
def test_no_secret_key_is_used_where_the_line_runs(line: SealedLine, tmp_path: Path, verb: str) -> None:
    report = line.sealed(speech(3))
    (line.reports / MARKER).touch()
    key = tmp_path / "key"
    words = {
        "open": ["--key", str(key)],
        "answer": [str(line.reports / MARKER)],
        "rekey": ["--key", str(key), "--readers", str(key)],
    }
    refused = ivr("reports", verb, str(report.path), *words[verb])
    assert "no secret key may be used here" in str(refused.exception)


def test_no_key_is_made_where_the_line_runs(line: SealedLine, tmp_path: Path) -> None:
    (line.reports / MARKER).touch()
    assert isinstance(ivr("keys", "new", str(tmp_path / "key")).exception, ToMend)
    assert not (tmp_path / "key").exists()


def test_a_running_sealer_marks_the_machine(line: SealedLine) -> None:
    line.running()
    assert (line.reports / MARKER).exists()


def test_a_new_key_prints_the_public_one_and_never_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "no-line"))
    made = ivr("keys", "new", str(tmp_path / "key"), answers=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert "age1" in made.output
    assert "SECRET" not in made.output


def test_the_monthly_test_from_the_sealed_word_to_its_proof(
    line: SealedLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(identity, "unlock", lambda *_: BOB)
    people = [Reader(str(reader.to_public()), "", "") for reader in (ALICE, BOB)]
    (tmp_path / "readers.txt").write_text("\n".join(reader.key for reader in people))
    monkeypatch.setenv("IVR_READERS", str(tmp_path / "readers.txt"))
    ivr("reports", "test")
    [test] = trial.trials(line.reports)
    opened = ivr("reports", "open", str(test.report.path), "--key", "k")
    word = opened.output.split("Your word is ")[1].split(":")[0]
    assert BOB.to_public() is not None
    assert str(BOB.to_public()) in ivr("reports", "test", word).output
