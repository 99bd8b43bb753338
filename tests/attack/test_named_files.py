"""A file that a person names on the command line may be anything: the answer is a sentence."""

import os
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ivr.reports.folder import Card, Report
from ivr.settings import Settings
from tests.attack.command_line import ivr, tree

Words = Callable[[str], list[str]]
READ: dict[str, Words] = {
    "take": lambda file: ["take", "add", file, "--language", "en", "--clip", "goodbye"],
    "key": lambda file: ["reports", "open", "REPORT", "--key", file],
    "report": lambda file: ["reports", "open", file, "--key", "KEY"],
    "pinned": lambda file: ["reports", "open", "REPORT", "--key", "KEY", "--pinned", file],
    "answer": lambda file: ["reports", "answer", "REPORT", file],
    "answered": lambda file: ["reports", "answer", file, "KEY"],
    "rekey": lambda file: ["reports", "rekey", "REPORT", "--key", "KEY", "--readers", file],
    "rekeyed": lambda file: ["reports", "rekey", file, "--key", "KEY", "--readers", "KEY"],
    "sync": lambda file: ["reports", "sync", "--to", file],
}
WRITTEN: dict[str, Words] = {
    "new key": lambda file: ["keys", "new", file],
    "export": lambda file: ["reports", "open", "REPORT", "--key", "KEY", "--to", file],
    "record": lambda file: ["simulate", "line-en", "--record", file],
}
BYTES = st.binary(max_size=200) | st.sampled_from(
    [
        b"",
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0data\0\0\0\0",
        b"RIFF\x24\0\0\0WAVE",
        b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb" * 50,
        b"OggS" + bytes(60),
        b"#!AMR\n" + bytes(20),
        b"age-encryption.org/v1\n-> scrypt x 99\n",
        b"AGE-SECRET-KEY-1QQQ\n",
        b"# Alice <a@b>\nage1xyz\n",
        b"age1" + b"q" * 58 + b"\n",
        b"/etc/passwd",
    ]
)


NAMES_OF_SETTINGS = st.sampled_from(
    [*Settings.model_fields, "x", "model_config", "_env_file", "self", 1, 1.5, True, ""]
)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
VALUES |= st.sampled_from(["../../x", "/dev/null", "a\nb", "1,2", "9" * 20]) | st.lists(VALUES, max_size=2)


@pytest.fixture(scope="module")
def report(home: Path) -> Path:
    """A report on somebody's own computer."""
    one = Report(home / "own/abcdef0123456789")
    one.begin(Card("2026-11-23"))
    return one.path


def words(verb: str, all_of_them: dict[str, Words], file: Path, report: Path) -> list[str]:
    kept = {"REPORT": str(report), "KEY": str(report / "report.json")}
    return [kept.get(word, word) for word in all_of_them[verb](str(file))]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(READ)), BYTES)
@example("take", b"RIFF\x24\0\0\0WAVE")
def test_a_file_of_any_bytes_is_answered_with_a_sentence(home: Path, report: Path, verb: str, octets: bytes) -> None:
    file = home / "named"
    file.write_bytes(octets)
    before = tree(home)
    code, told = ivr(*words(verb, READ, file, report), typed="four words of mine")
    assert code in {1, 2}, told
    assert told
    assert "Traceback" not in told
    assert tree(home) == before


@pytest.mark.parametrize("place", ["nowhere/at/all", "own", "/dev/null", "x" * 300])
@pytest.mark.parametrize("verb", [*READ, *WRITTEN])
def test_a_file_that_cannot_be_one_is_answered_with_a_sentence(home: Path, report: Path, verb: str, place: str) -> None:
    before = tree(home)
    code, told = ivr(*words(verb, {**READ, **WRITTEN}, home / place, report), typed="four words of mine")
    assert code in {0, 1, 2}, told  # 0: what was written to /dev/null is written
    assert told
    assert "Traceback" not in told
    assert {name: held for name, held in tree(home).items() if name in before} == before


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES_OF_SETTINGS, VALUES, max_size=4).map(lambda told: yaml.safe_dump(told).encode()) | BYTES)
@example(b"1: x\n")
def test_settings_of_any_kind_are_taken_or_answered_with_a_sentence(home: Path, octets: bytes) -> None:
    (home / "settings.yaml").write_bytes(octets)
    with mock.patch.dict(os.environ, {"IVR_SETTINGS": str(home / "settings.yaml")}):
        code, told = ivr("releases")
    assert code in {0, 1}, told
    assert bool(told) is bool(code)  # there is no release to be listed
    assert "Traceback" not in told
