"""Time-outs that a test can wait for."""

import pytest

from ivr.calls import agi

SOON = 0.05  # seconds


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no command and no environment take longer than `SOON` beyond what it asks for."""
    for name in ("QUICK", "SLACK", "LONGEST_SOUND"):
        monkeypatch.setattr(agi, name, SOON)
    monkeypatch.setitem(agi.Agi.command.__kwdefaults__, "seconds", SOON)
