"""No log line tells when somebody called the witness line."""

import logging

import pytest

from ivr.callflow.actions import Ask, Clip, Reached
from ivr.calls import discreet
from ivr.calls.agi import CallerHungUp, WireBroken
from tests.calls.playing import Played
from tests.calls.test_handler import BREAKS, run


class Line:
    """The line's log and its calendar."""

    def __init__(self) -> None:
        self.day = "2026-01-31"
        self.log: list[str] = []
        target = logging.getLogger("the log of the line")
        target.propagate, target.handlers = False, []
        target.addHandler(self)  # type: ignore[arg-type] # all that a logger asks of a handler
        self.held = discreet.NextDay(target, lambda: self.day)

    level = 0

    def handle(self, record: logging.LogRecord) -> None:
        self.log.append(record.getMessage())

    def next_day(self) -> list[str]:
        self.day = "2026-02-01"
        self.held.tell()
        return self.log


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line()
    monkeypatch.setattr(discreet.log, "handlers", [line.held])
    return line


def test_a_fault_in_a_witness_call_is_told_the_day_after_and_once(line: Line) -> None:
    run(Played(), Reached("fr", "witness"), BREAKS)
    line.held.tell()
    assert line.log == []
    assert line.next_day() == ["a call broke at witness"]
    assert line.next_day() == ["a call broke at witness"]


def test_a_broken_wire_in_a_witness_call_is_told_the_day_after(line: Line) -> None:
    gone = Played({"fr/one": WireBroken("late")})
    with pytest.raises(CallerHungUp):
        run(gone, Reached("fr", "witness"), Ask((Clip("fr", "one"),), 0))
    assert line.log == []
    assert line.next_day() == ["a connection ended: late"]


def test_any_other_fault_is_told_at_once(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    run(Played(), Reached("fr", "meals"), BREAKS)
    assert [record.message for record in caplog.records] == ["a call broke at meals"]
    assert line.next_day() == []


def test_a_fault_that_every_call_meets_fills_no_memory(line: Line) -> None:
    for _ in range(discreet.MOST_HELD + 5):
        discreet.log.error("again")
    assert line.next_day() == ["again"] * discreet.MOST_HELD
