"""`ivr run` as a person uses it: it opens, heals itself, and leaves nothing running."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line.run import Run, opened_run
from tests.release import Published

pytestmark = pytest.mark.long(70)


@pytest.fixture
def opened(tmp_path: Path, release: Published) -> Iterator[Run]:
    with opened_run(tmp_path, release.folder) as run:
        yield run


def test_it_says_where_to_call_and_takes_calls(opened: Run, release: Published) -> None:
    assert f"The line is open: sip:line@127.0.0.1:{opened.port}" in opened.printed()
    assert f"sip:witness@127.0.0.1:{opened.port}" in opened.printed()
    with opened.phone(release) as phone:
        phone.call("line-en")
        phone.hears("en/main.2")


def test_a_frozen_server_is_replaced_and_its_caller_is_recorded(opened: Run, release: Published) -> None:
    frozen = opened.started()["serve"]
    with opened.phone(release) as phone:
        phone.call("line-fr")
        phone.hears("fr/main.2")
        os.kill(frozen, signal.SIGSTOP)
        stopped = time.monotonic()
        phone.hears_whole("fr/apology-witness")
        apology_after = time.monotonic() - stopped
        phone.say(bytes([0x55, 0x2A]) * 8000)
        phone.hang_up()
    opened.wait_for("it is started again")
    with opened.phone(release) as phone:
        phone.call("line-en")
        phone.hears("en/main.2")
    assert opened.started()["serve"] != frozen
    assert apology_after < 5 + len(release.clips["fr/apology-witness"]) / 8000
    until = time.monotonic() + 20
    while not list((opened.folder / "state/reports").glob("*/*.sln.age")):
        assert time.monotonic() < until, "the recording of the caller was not sealed"
        time.sleep(0.1)


def test_a_server_that_was_killed_is_started_again(opened: Run, release: Published) -> None:
    os.kill(opened.started()["serve"], signal.SIGKILL)
    opened.wait_for("it is started again")
    until = time.monotonic() + 20
    while True:
        with opened.phone(release) as phone:
            phone.call("line-en")
            phone.wait_for(lambda phone=phone: phone.heard.count > 25)
            if phone.story()[0].startswith("en/main"):
                return
        assert time.monotonic() < until


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_that_it_started(opened: Run, number: signal.Signals) -> None:
    assert {"serve", "seal", "receipts", "rounds"} <= opened.started().keys()
    opened.process.send_signal(number)
    assert opened.process.wait(15) == 0
    assert opened.started() == {}


def test_a_second_run_in_the_same_folder_is_refused_in_one_sentence(opened: Run) -> None:
    second = opened.start()
    assert second.wait(30) == 1
    assert "The line already runs" in opened.printed()
    assert "Traceback" not in opened.printed()


def test_a_port_that_is_taken_is_said_with_the_setting_that_changes_it(tmp_path: Path, release: Published) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        run = Run.__new__(Run)
        taken.bind(("127.0.0.1", 0))
        Run.__init__(run, tmp_path, release.folder)
        run.process.kill()
        run.process.wait()
        run.settings["IVR_SIP_PORT"] = str(taken.getsockname()[1])
        assert run.start().wait(30) == 1
    assert "IVR_SIP_PORT" in run.printed()
    assert "Traceback" not in run.printed()
