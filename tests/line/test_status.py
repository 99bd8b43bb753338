"""`ivr status`, asked of a running line and of one that is closed."""

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ivr.__main__ import main
from ivr.exchange.status import Look, Status, status, told
from ivr.prompts.telephone import Desk
from ivr.reports import trial
from ivr.reports.keys import Reader
from tests.asterisk_fixture import free_port
from tests.reports.sealed_line import ALICE, BOB
from tests.running_line import RunningLine

TODAY = date(2026, 11, 27)


def look_at(line: RunningLine, **other: object) -> Look:
    exchange = line.asterisk.exchange
    root = exchange.asterisk.modules.parents[4]  # above usr/lib/<machine>/asterisk/modules
    places = {"reports": line.state / "reports", "agi_port": int(line.settings["IVR_AGI_PORT"]), "root": root}
    places |= {"waiting": line.state / "studio/waiting", "telephone": Desk(line.state / "good", line.state / "takes")}
    places |= {"canary": line.state / "canary"}
    return Look(**{"exchange": exchange, "prompts": line.release.folder, **places, **other})


def lines(found: Status) -> list[str]:
    said: list[str] = []
    told(found, said.append)
    return said


def test_an_open_line_is_said_to_be_open_with_what_callers_hear(own_line: RunningLine) -> None:
    said = lines(status(look_at(own_line), TODAY))
    assert said[0] == "The line is open."
    assert said[1].split() == ["Release", (own_line.release.folder / "current").readlink().name]
    assert {"en", "fr", "ar"} <= set(said[2].split())
    assert said[3] == "Calls now  0 (for information)"


def test_a_call_for_information_counts_and_one_to_the_witness_line_does_not(own_line: RunningLine) -> None:
    with own_line.phone() as caller, own_line.phone() as witness:
        caller.call("line-fr")
        caller.hears("fr/main.1")
        witness.call("witness")
        own_line.asterisk.wait_channels(2)
        assert status(look_at(own_line), TODAY).calls == 1
    own_line.asterisk.wait_channels(0)
    assert status(look_at(own_line), TODAY).calls == 0


def test_what_does_not_run_is_named(own_line: RunningLine, tmp_path: Path) -> None:
    found = status(look_at(own_line, reports=tmp_path, agi_port=free_port()), TODAY)
    assert lines(found)[0] == "The line is CLOSED: not running: server, sealer."


@pytest.mark.parametrize(("days", "due"), [(40, False), (41, True)])
def test_an_old_private_asterisk_is_due(own_line: RunningLine, tmp_path: Path, days: int, due: bool) -> None:
    fetched = time.time() - days * 86400 - 60
    os.utime(tmp_path, (fetched, fetched))
    asterisk = replace(own_line.asterisk.exchange.asterisk, modules=tmp_path / "usr/lib/asterisk/modules")
    exchange = replace(own_line.asterisk.exchange, asterisk=asterisk)
    found = status(look_at(own_line, exchange=exchange, root=tmp_path), TODAY)
    assert f"Asterisk   fetched {days} days ago" in lines(found)
    assert any("fetch it anew" in sentence for sentence in found.due) == due


@pytest.mark.parametrize(("days", "due"), [(7, 0), (8, 1)])
def test_readers_who_have_not_shown_that_they_can_open_reports_are_due(
    own_line: RunningLine, tmp_path: Path, days: int, due: int
) -> None:
    trial.begin(tmp_path, [Reader(str(one.to_public()), "", "") for one in (ALICE, BOB)], TODAY.replace(day=27 - days))
    found = status(look_at(own_line, reports=tmp_path), TODAY)
    assert len([one for one in found.due if one.startswith("2 of those entrusted")]) == due


def test_recordings_by_telephone_that_wait_for_somebody_are_due(own_line: RunningLine, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "good", tmp_path / "takes")
    for take in ("waiting/fr/goodbye/1", "waiting/fr/apology/2", "good/fr/busy/3", "good/fr/changed/4"):
        (tmp_path / take).mkdir(parents=True)
        (tmp_path / take / "take.json").write_text("{}")
    (tmp_path / "takes/fr/telephone").mkdir(parents=True)
    (tmp_path / "takes/fr/telephone/4.json").write_text("{}")
    due = status(look_at(own_line, waiting=tmp_path / "waiting", telephone=desk), TODAY).due
    assert "Recordings by telephone that another volunteer is to judge: 2." in due
    assert "Recordings by telephone that were found good: 1. `ivr build` brings them." in due


def test_the_verb_says_that_a_line_is_closed_and_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("IVR_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("IVR_MEMORY", str(tmp_path / "memory"))
    monkeypatch.setenv("IVR_AGI_PORT", str(free_port()))
    monkeypatch.setattr("sys.argv", ["ivr", "status"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().out.startswith("The line is CLOSED: not running: Asterisk, server, sealer.\n")
    assert not list(tmp_path.iterdir())
