"""The second place is another machine: whatever stands there is answered with a sentence, and nothing here is lost."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ivr.reports.folder import Card, Report
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


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
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
