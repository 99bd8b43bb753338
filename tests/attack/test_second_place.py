"""What comes from other machines: the second place, and reports that somebody forged with the public keys."""

import json
from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ivr.reports.export import custody_text
from ivr.reports.folder import Card, Report
from ivr.reports.identity import IdentityRefused, unlock
from ivr.reports.opening import open_report
from tests.attack.command_line import ivr, tree

NAMES = (
    "report.json",
    "0001-0001.sln.age",
    "0001-end.json.age",
    "answer-1.wav.age",
    "answer-..wav.age",
    "receipt.json",
)
FILES = st.sampled_from([*NAMES, "../../x", "/etc/passwd"])
LEAVES = st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=8) | st.sampled_from(["new", "2026-11-23"])
VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(FILES, LEAVES, max_size=2)
KEYS = ("state", "complete", "generation", "trial", "done", "announced", "files", "x")
CARDS = st.fixed_dictionaries({"day": VALUES}, optional=dict.fromkeys(KEYS, VALUES)) | st.builds(
    lambda told: {"day": "2026-11-23", "state": "new", "generation": 5, **told},
    st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, VALUES)),
)
OCTETS = CARDS.map(lambda card: json.dumps(card).encode()) | st.binary(max_size=40)


@pytest.fixture(scope="module")
def ours(home: Path) -> Path:
    """A report of the line, with one sealed file that is what its card says."""
    report = Report(home / "state/reports/abcdef0123456789")
    report.begin(Card("2026-11-23"))
    (report.path / "0001-0001.sln.age").write_bytes(b"sealed")
    report.list_files()
    return report.path


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(NAMES), OCTETS, min_size=1, max_size=4))
@example({"report.json": b'{"day": "2026-11-23", "state": "new", "generation": null}'})
@example({"report.json": b'{"day": "x", "state": "new", "generation": 9, "files": {"../../../outside/x": "y"}}'})
def test_whatever_stands_in_the_second_place_nothing_here_is_lost(home: Path, ours: Path, there: dict) -> None:
    theirs = home / "second" / ours.name
    theirs.mkdir(parents=True, exist_ok=True)
    for file in theirs.iterdir():
        file.unlink()
    for name, octets in there.items():
        (theirs / name).write_bytes(octets)
    held, outside = tree(ours), tree(home / "outside")
    code, told = ivr("reports", "sync", "--to", str(home / "second"))
    assert code in {0, 1}, told
    assert told
    assert "Traceback" not in told
    assert held.keys() <= tree(ours).keys()
    assert tree(ours)[str(ours / "0001-0001.sln.age")] == b"sealed"
    assert tree(home / "outside") == outside


FACTS = st.dictionaries(
    st.sampled_from(["slices", "readers", "software", "fragment", "language", "urgent"]),
    VALUES | st.lists(st.dictionaries(st.sampled_from(["length", "sound"]), LEAVES | st.just(10**13)), max_size=3),
)


@given(FACTS, FACTS)
@example({"slices": [{"length": 10**13}]}, {})
@example({"readers": ["age1\x1b[31m"]}, {})
@example({"software": "x\x1b]0;y\x07\nEvery sealed file agrees", "readers": [["x"]]}, {"language": "\x9b31m"})
def test_a_report_that_somebody_forged_is_opened_with_doubts_and_steers_no_terminal(
    tmp_path_factory: pytest.TempPathFactory, end: dict, note: dict
) -> None:
    alice = pyrage.x25519.Identity.generate()
    report = Report(tmp_path_factory.mktemp("forged") / "abcdef0123456789")
    report.begin(Card("2026-11-23"))
    for name, plain in {"0001-0001.sln": b"sound", "0001-end.json": end, "0001-note-a.json": note}.items():
        octets = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
        (report.path / f"{name}.age").write_bytes(pyrage.encrypt(octets, [alice.to_public()]))
    opened = open_report(report, alice, [str(alice.to_public())])
    assert opened.doubts  # none of these files is on the card
    assert all(doubt.isprintable() for doubt in opened.doubts)
    told = custody_text(opened)
    assert [sign for sign in told if not (sign.isprintable() or sign == "\n")] == []
    assert "Every sealed file agrees" not in told.splitlines()


def test_a_file_without_a_secret_key_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "my.key"
    file.write_bytes(pyrage.passphrase.encrypt(b"AGE-SECRET-KEY-1QQQ\n", "four words of mine"))
    with pytest.raises(IdentityRefused, match="holds no secret key"):
        unlock(file, "four words of mine")
