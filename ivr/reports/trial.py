"""The monthly test: a word sealed to each reader alone; who tells it to the line can still open reports."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pyrage

from ivr.problems import ToMend
from ivr.reports import disk
from ivr.reports.folder import Card, Report, State, all_reports, new_name
from ivr.reports.keys import Reader

WORDS: Final = "trial.json"
DAYS_TO_ANSWER: Final = 7


class NotTheWord(ToMend):
    """No reader was sealed this word: open the test report again, and copy the word."""


@dataclass(frozen=True)
class Trial:
    """A test report; `words` maps a reader's key to their word's digest, `proven` lists who told theirs."""

    report: Report
    day: date
    words: dict[str, str]
    proven: tuple[str, ...]


def begin(shelf: Path, readers: Sequence[Reader], today: date) -> Trial:
    """Make this month's test report; the previous ones are removed."""
    for old in trials(shelf):
        for path in old.report.path.iterdir():
            path.unlink()
        old.report.path.rmdir()
    report = Report(shelf / new_name())
    report.begin(Card(day=today.isoformat(), trial=True, complete=True, state=State.DONE))
    words = {reader.key: secrets.token_hex(4) for reader in readers}
    for key, word in words.items():
        sealed = pyrage.encrypt(word.encode(), [pyrage.x25519.Recipient.from_str(key)])
        disk.put(report.path / f"trial-{secrets.token_hex(4)}.txt.age", sealed)
    trial = Trial(report, today, {key: _digest(word) for key, word in words.items()}, ())
    _write(trial)
    return trial


def trials(shelf: Path) -> list[Trial]:
    """Return the test reports on the shelf: one, or none yet."""
    found = []
    for report in all_reports(shelf):
        if (report.path / WORDS).exists():
            told = json.loads((report.path / WORDS).read_bytes())
            found.append(Trial(report, date.fromisoformat(told["day"]), told["words"], tuple(told["proven"])))
    return found


def word_for(report: Report, identity: pyrage.x25519.Identity) -> str | None:
    """Return the word that a test report holds for this reader; None when it is no test, or not theirs."""
    for path in report.path.glob("trial-*.txt.age"):
        try:
            return bytes(pyrage.decrypt(path.read_bytes(), [identity])).decode()
        except pyrage.DecryptError:
            continue
    return None


def prove(shelf: Path, word: str) -> str:
    """Take the word that a reader tells the line; return their public key. Raises NotTheWord."""
    for trial in trials(shelf):
        for key, expected in trial.words.items():
            if secrets.compare_digest(expected, _digest(word.strip())):
                _write(Trial(trial.report, trial.day, trial.words, tuple({*trial.proven, key})))
                return key
    raise NotTheWord(NotTheWord.__doc__)


def silent(shelf: Path, today: date) -> list[str]:
    """Return the keys of the readers who have not told their word in time."""
    late = [trial for trial in trials(shelf) if today > trial.day + timedelta(days=DAYS_TO_ANSWER)]
    return sorted({key for trial in late for key in trial.words if key not in trial.proven})


def _write(trial: Trial) -> None:
    told = {"day": trial.day.isoformat(), "words": trial.words, "proven": list(trial.proven)}
    disk.put(trial.report.path / WORDS, (json.dumps(told, indent=1) + "\n").encode())


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
