"""What Asterisk is given to call back, and that it is gone with the setting."""

from pathlib import Path

from ivr.exchange import back
from ivr.exchange.asterisk import Asterisk
from ivr.exchange.instance import Exchange
from tests.asterisk_fixture import CHECKOUT, RunningAsterisk


def test_who_rings_is_rejected_after_the_server_was_asked(tmp_path: Path) -> None:
    back.write(tmp_path, 4573, calls_back=True)
    steps = (tmp_path / back.DIALPLAN).read_text().splitlines()
    assert steps[0] == "[entries](+)"
    assert steps[2] == " same = n,AGI(agi://127.0.0.1:4573/callback,,${TOLD})"
    assert steps[3] == " same = n,Hangup(21)"
    assert "pbx_spool.so" in (tmp_path / back.MODULES).read_text()


def test_what_an_earlier_setting_left_is_gone(tmp_path: Path) -> None:
    back.write(tmp_path, 4573, calls_back=True)
    back.write(tmp_path, 4573, calls_back=False)
    assert list(tmp_path.iterdir()) == []


def test_who_waited_when_asterisk_ended_is_not_called_hours_later(asterisk: RunningAsterisk, tmp_path: Path) -> None:
    waiting = tmp_path / "memory/spool/outgoing/waiting.call"
    waiting.parent.mkdir(parents=True)
    unfinished = tmp_path / "memory/spool/.8f3a"  # of a server that was killed meanwhile
    for file in (waiting, unfinished):
        file.write_text("Channel: PJSIP/+33612345678@provider\n")
    exchange = Exchange(Asterisk((), tmp_path, tmp_path), tmp_path / "state", tmp_path / "memory")
    exchange.prepare(CHECKOUT / "asterisk-conf", asterisk.wiring)
    assert not waiting.exists()
    assert not unfinished.exists()
