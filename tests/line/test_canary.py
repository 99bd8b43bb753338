"""The canary calls a real line, whose public address is another than the one that this machine's telephones call."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ivr.__main__ import main
from ivr.exchange import canary
from ivr.exchange.canary import NotHeard, call
from ivr.exchange.telephone import NotReached, Telephone, frames
from ivr.reports import outbox
from tests.release import Published
from tests.running_line import RunningLine, listens, running_line

pytestmark = pytest.mark.long(32)

Ivr = Callable[..., tuple[object, str]]


@pytest.fixture(scope="module")
def line(release: Published) -> Iterator[RunningLine]:
    with running_line(release, sip_address="127.0.0.5", here="127.0.0.1") as running:
        yield running


@pytest.fixture
def ivr(line: RunningLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ivr:
    """Run a verb as on the machine of the line; return its exit code and what it wrote."""
    monkeypatch.setattr(canary, "PAUSE", 0.1)
    for name, value in {**line.settings, "IVR_SIP_PORT": str(line.asterisk.sip_port)}.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["ivr", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().out

    return run


def recorded(line: RunningLine) -> list[Path]:
    return [*(line.asterisk.memory / "recordings").iterdir(), *(line.state / "reports").glob("[0-9a-z]*")]


def mails(line: RunningLine) -> list[str]:
    return [mail.subject for _, mail in outbox.waiting(line.state / "canary-mails")]


def test_the_canary_hears_the_line_presses_keys_records_nothing_and_counts_in_no_figure(
    line: RunningLine, ivr: Ivr
) -> None:
    code, said = ivr("canary")
    assert (code, said.rpartition(", in ")[0]) == (0, "The line was heard, from its menu to the witness line")
    line.asterisk.wait_channels(0)
    assert recorded(line) == []
    assert not (line.asterisk.memory / "figures/today.json").exists()
    assert mails(line) == []


def test_who_is_in_charge_gets_one_mail_when_the_line_is_down_and_one_when_it_is_back(
    line: RunningLine, ivr: Ivr
) -> None:
    line.stop("serve")
    assert ivr("canary") == (1, "The line is DOWN: Callers hear the apology: the server is gone, or broken.\n")
    assert mails(line) == ["The line is down"]
    assert "NOT HEARD. Callers hear the apology" in ivr("status")[1]
    (line.state / "canary-mails/down.json").unlink()  # it was sent
    ivr("canary")
    assert mails(line) == []
    line.start("serve")
    line.asterisk.wait_for(partial(listens, int(line.settings["IVR_AGI_PORT"])), 20, "the server")
    assert ivr("canary")[0] == 0
    assert mails(line) == ["The line is back"]
    line.asterisk.wait_channels(0)
    assert recorded(line) == []  # it hung up before the dialplan began to record


def test_a_clip_that_is_not_what_it_should_be_is_named_and_no_figure_tells_of_a_caller_who_gave_up(
    line: RunningLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = canary._Call._sound

    def other(call: canary._Call, clip: str, code: str) -> frozenset[bytes]:
        return frames(bytes(range(256)) * 20) if clip == "daily.1" else sound(call, clip, code)

    monkeypatch.setattr(canary._Call, "_sound", other)
    monkeypatch.setattr(canary, "PATIENCE", 1.0)
    with pytest.raises(NotHeard, match=r"The clip en/daily\.1 was not heard"):
        call(line.release.folder, line.asterisk.sip_port)
    line.asterisk.wait_channels(0)
    line.stop("serve")  # it writes what it has counted
    assert not (line.asterisk.memory / "figures/today.json").exists()
    line.start("serve")


def test_a_number_that_nobody_has_is_refused_and_an_exchange_that_is_gone_is_silent(line: RunningLine) -> None:
    with Telephone(line.asterisk.sip_port, "nobody") as telephone, pytest.raises(NotReached) as refused:
        telephone.call(20)
    assert refused.value.status == 404
    with Telephone(1, "line") as telephone, pytest.raises(NotReached) as silent:
        telephone.call(0.2)
    assert silent.value.status == 0


def test_without_a_release_there_is_nothing_to_hear(tmp_path: Path) -> None:
    with pytest.raises(NotHeard, match=r"There is nothing to hear: .*ivr build"):
        call(tmp_path, 1)
