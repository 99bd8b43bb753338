"""In ten years: Debian's age and sox, and the browser's implementation of age, open a report without this program."""

import subprocess
from pathlib import Path

import pyrage
import pytest

from ivr.reports.folder import Report
from ivr.reports.memory import Part
from tests.conftest import NPM
from tests.reports.sealed_line import ALICE, SealedLine, speech


def slices(report: Report) -> list[Path]:
    return [report.path / name for name in report.slices(Part(report.name, 1))]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "alice.key"
    path.write_text(str(ALICE))
    return path


def test_age_and_sox_alone_play_a_report(line: SealedLine, key: Path, tmp_path: Path) -> None:
    sound = speech(4.096)
    plain = [
        subprocess.run(["age", "-d", "-i", key, path], capture_output=True, check=True).stdout
        for path in slices(line.sealed(sound))
    ]
    form = ["-t", "raw", "-r", "8000", "-e", "signed-integer", "-b", "16", "-c", "1"]
    played = ["sox", *form, "-", str(tmp_path / "report.wav")]
    subprocess.run(played, input=b"".join(plain), check=True)
    again = subprocess.run(["sox", str(tmp_path / "report.wav"), *form, "-"], capture_output=True, check=True)
    assert again.stdout == sound


def test_the_browsers_age_opens_a_report(line: SealedLine, age_in_node: Path) -> None:
    sound = speech(4.096)
    files = map(str, slices(line.sealed(sound)))
    command = ["node", str(NPM / "open.mjs"), str(age_in_node), str(ALICE), *files]
    assert subprocess.run(command, capture_output=True, check=True).stdout == sound


def test_age_seals_to_the_list_of_readers_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "readers.txt").write_text(f"# Alice <alice@example.org>\n{ALICE.to_public()}\n")
    sealed = subprocess.run(
        ["age", "-R", tmp_path / "readers.txt"], input=b"hello", capture_output=True, check=True
    ).stdout
    assert pyrage.decrypt(sealed, [ALICE]) == b"hello"
