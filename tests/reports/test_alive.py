"""Whether the sealer runs, and that those in charge learn when it does not."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.reports import alive, outbox, rounds
from ivr.reports.alive import PATIENCE, Lookout, is_sealing
from tests.clock import Clock

SUBJECT = "The sealer does not run"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@contextlib.contextmanager
def sealer(reports: Path) -> Iterator[None]:
    """Hold the folder as a sealer does."""
    handle = os.open(reports, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    yield
    os.close(handle)


def mails(folder: Path) -> list[str]:
    return [mail.subject for _, mail in outbox.waiting(folder)]


def test_a_sealer_is_known_by_the_folder_that_it_holds(reports: Path, tmp_path: Path) -> None:
    with sealer(reports):
        assert is_sealing(reports)
    assert not is_sealing(reports)
    assert not is_sealing(tmp_path / "nowhere")


def test_a_sealer_that_stays_away_is_told_once_and_again_when_it_goes_away_again(reports: Path, tmp_path: Path) -> None:
    clock, posted = Clock(0.0), tmp_path / "mails"
    lookout = Lookout(reports, posted, clock)

    def told(after: float) -> list[str]:
        clock.now += after
        lookout.look()
        new = mails(posted)
        for path, _ in outbox.waiting(posted):
            path.unlink()  # it was sent
        return new

    assert told(PATIENCE - 1) == []
    with sealer(reports):
        assert told(PATIENCE) == []
    assert [told(PATIENCE - 1), told(2), told(PATIENCE), told(PATIENCE)] == [[], [SUBJECT], [], []]
    with sealer(reports):
        assert told(1) == []
    assert [told(1), told(PATIENCE)] == [[], [SUBJECT]]


def test_the_rounds_look_for_the_sealer_and_tell_those_in_charge(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ended(BaseException):
        """The end of the process."""

    def end(seconds: float) -> None:
        raise Ended

    monkeypatch.setattr(alive, "PATIENCE", -1.0)
    monkeypatch.setattr(rounds.time, "sleep", end)
    plan = rounds.Plan(reports, tmp_path / "mails", (), None, (), canary=tmp_path / "canary-mails")
    with pytest.raises(Ended):
        rounds.run(plan, ZoneInfo("UTC"))
    assert SUBJECT in mails(tmp_path / "canary-mails")
