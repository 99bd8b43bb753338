"""Figures of real calls: what was asked for is counted, the witness line never, and nothing tells who called when."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.asterisk_fixture import free_port
from tests.calls.test_metrics import told
from tests.phone import Phone
from tests.release import Published
from tests.running_line import RunningLine, faked, running_line

pytestmark = pytest.mark.long(12)

DAY = datetime.now(UTC).date() - timedelta(days=3)
EVENING, NEXT_DAY = f"{DAY} 19:00:00", f"{DAY + timedelta(days=1)} 19:00:00"
NUMBER = "0698765432"


@pytest.fixture(scope="module")
def evening(release: Published) -> Iterator[RunningLine]:
    with running_line(release, at=EVENING, metrics_port=free_port()) as running:
        yield running


def test_prometheus_is_told_of_a_call_and_its_keys_and_not_of_a_witness(evening: RunningLine) -> None:
    port = int(evening.settings["IVR_METRICS_PORT"])
    with evening.phone(number=NUMBER) as phone, evening.phone(number=NUMBER) as witness:
        witness.call("witness")
        phone.call("line-en")
        phone.hears("en/main.2")
        phone.press("2")
        phone.hears("en/daily.1")
        said = told(port)
        assert said["calais_calls",] == 1
        assert said["calais_key_seconds_count",] == 1
        assert said["calais_release_info", (evening.release.folder / "current").readlink().name] == 1
        assert said["calais_refused_total",] == 0
        phone.press("9")
        phone.hears("en/witness-welcome")
        assert told(port)["calais_calls",] == 0


def hears_the_meals(phone: Phone) -> None:
    phone.press("21")
    phone.hears("fr/meals.evening", timeout=30)


def test_what_was_asked_for_is_kept_in_fives_when_the_day_is_over(
    evening: RunningLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as calls:
        phones = [calls.enter_context(evening.phone(number=NUMBER)) for _ in range(9)]
        for phone in phones[:8]:
            phone.call("line-fr")
        phones[8].call("witness")
        changes_over, *_, gives_up = phones[:8]
        with ThreadPoolExecutor(7) as fingers:
            list(fingers.map(hears_the_meals, phones[:7]))
        gives_up.hears("fr/main.2", timeout=30)
        changes_over.press("9")
        changes_over.hears("fr/witness-welcome", timeout=30)
    evening.asterisk.wait_channels(0)
    today = evening.asterisk.memory / "figures/today.json"
    evening.asterisk.wait_for(lambda: today.exists() and calls_in(today) == 7, 20, "seven calls to be counted")
    assert not (evening.state / "figures").exists()
    evening.stop("serve")
    evening.server = faked(NEXT_DAY)
    evening.start("serve")
    kept = evening.state / "figures" / f"{DAY}.json"
    evening.asterisk.wait_for(kept.exists, 60, "the day to be kept")
    assert json.loads(kept.read_text()) == {"fr": {"calls": 5, "asked": {"meals": 5}, "gave_up": {"main": 0}}}
    for name, value in evening.settings.items():
        monkeypatch.setenv(name, value)
    drawn = evening.state / "figures.svg"
    monkeypatch.setattr("sys.argv", ["ivr", "figures", str(drawn), "--days", "7", "--language", "fr"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (0, "")
    words = [one.text for one in ET.parse(drawn).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own drawing
    assert words.count("5") == 2
    assert words.count("<5") == 1


def calls_in(today: Path) -> int:
    return sum(one["calls"] for one in json.loads(today.read_text())["counts"].values())
