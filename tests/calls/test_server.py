"""Many calls at once: none feels another, a stranger or a flood."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from ivr import heartbeat
from ivr.callflow.line import Entry, Limits
from ivr.calls import agi
from ivr.calls.live import Live
from ivr.calls.places import Places
from ivr.calls.server import Server, Service, entry_of
from tests.calls.asterisk_like import Channel
from tests.calls.playing import NOON, Desk
from tests.calls.releases import publish

PLACES = 2


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    publish(tmp_path, "000001-first")
    return tmp_path


@pytest.fixture
def server(prompts: Path) -> Iterator[Server]:
    service = Service(Live(prompts, Limits()), Desk(), lambda: NOON, Places(10, 1))
    server = Server(0, service.take, PLACES)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def port(server: Server) -> int:
    return int(server.server_address[1])


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_call_is_told_from_the_first_language_to_its_last_word(server: Server, prompts: Path) -> None:
    with Channel(port(server), "line") as call:
        asked = call.ends()
    assert asked[0] == "ANSWER"
    assert asked[1] == f'STREAM FILE "{prompts}/releases/000001-first/en/language-choice" "0123456789*#"'
    assert asked[-1] == 'SET VARIABLE IVR_DONE "yes"'


def test_the_entry_that_was_called_decides_where_a_call_begins(server: Server) -> None:
    with Channel(port(server), "line-fr") as call:
        assert "fr/main.1" in call.hears("STREAM FILE")[-1]


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("line", Entry()),
        ("", Entry()),
        ("line-ar", Entry(language="ar")),
        ("line-ckb", Entry(language="ckb")),
        ("witness", Entry(witness=True)),
        ("witness-fr", Entry(witness=True, language="fr")),
        ("canary-fr", Entry(canary=True, language="fr")),
        ("whatever", Entry()),
    ],
)
def test_a_name_tells_how_a_call_came_in(name: str, entry: Entry) -> None:
    found = entry_of(name)
    assert replace(found, lesson=0) == entry


def test_every_lesson_is_taught_to_somebody() -> None:
    assert {entry_of("line").lesson for _ in range(500)} == {0, 1, 2, 3, 4}


def test_more_connections_than_the_server_has_are_closed_at_once(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with Channel(port(server), "line") as first, Channel(port(server), "line") as second:
        assert first.command()
        assert second.command()
        with Channel(port(server), "line") as third:
            assert third.command() == ""
        assert "all connections are taken" in caplog.text
        assert first.answer()
        assert second.answer()


def test_a_place_is_free_again_when_a_call_is_over(server: Server) -> None:
    for _ in range(PLACES + 2):
        with Channel(port(server), "line") as call:
            assert call.ends()[-1] == 'SET VARIABLE IVR_DONE "yes"'
        wait_for(lambda: server.running == 0)


@pytest.mark.parametrize("reply", ["200 result=-1\nHANGUP", "HANGUP\n511 dead"])
def test_a_hang_up_frees_the_place_and_is_no_fault(
    server: Server, reply: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Channel(port(server), "line") as call:
        call.hears("STREAM FILE")
        assert call.answer(reply) in ("", "NOOP")
    wait_for(lambda: server.running == 0)
    assert caplog.records == []


@pytest.mark.parametrize(
    "noise",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\0" * 500 + b"\n", b"\n", b"agi_network: yes", b""],
    ids=["http", "tls", "nuls", "empty", "half", "nothing"],
)
def test_a_stranger_who_goes_away_costs_nobody_anything(server: Server, noise: bytes) -> None:
    with Channel(port(server), "line") as call:
        assert call.command()
        with Channel(port(server)) as stranger:
            stranger.send(noise)
        wait_for(lambda: server.running == 1)
        assert call.answer()


def test_garbage_ends_its_own_connection_alone(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with Channel(port(server), "line") as call, Channel(port(server)) as stranger:
        assert call.command()
        stranger.send(b"GET / HTTP/1.1\r\n\r\n")
        assert stranger.command() == ""
        assert call.answer()
    assert "a connection ended: what came first is not an AGI environment." in caplog.text
    assert all(record.levelno == logging.WARNING for record in caplog.records)


def test_ten_megabytes_without_a_line_end_their_own_connection_alone(server: Server) -> None:
    with Channel(port(server), "line") as call, Channel(port(server)) as stranger:
        assert call.command()
        stranger.send(b"x" * 10_000_000)
        assert stranger.command() == ""
        assert call.answer()


@pytest.mark.parametrize("said", [b"", b"agi_network: yes\nagi_requ"], ids=["silence", "half a line"])
def test_silence_ends_its_own_connection_alone(server: Server, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agi, "QUICK", 0.1)
    with Channel(port(server), "line") as call, Channel(port(server)) as stranger:
        assert call.command()
        stranger.send(said)
        assert stranger.command() == ""
        assert call.answer()


def test_a_connection_that_is_torn_down_ends_that_call_alone(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with Channel(port(server), "line") as call, Channel(port(server), "line") as torn:
        assert call.command()
        assert torn.command()
        torn.reset()
        wait_for(lambda: server.running == 1)
        assert call.answer()
    assert caplog.records == []


def test_garbage_in_the_middle_of_a_call_ends_that_call_alone(server: Server) -> None:
    with Channel(port(server), "line") as call, Channel(port(server), "line") as other:
        assert other.command()
        assert call.command()
        assert call.answer("\0\xff nonsense") == ""
        assert other.answer()


def test_a_call_that_breaks_is_logged_and_its_place_is_free(prompts: Path, caplog: pytest.LogCaptureFixture) -> None:
    def breaks(_: object) -> None:
        raise RuntimeError("a bug of ours")

    server = Server(0, breaks, 1)
    try:
        for _ in range(3):
            server.take(agi.Wire(0, 0))
        assert server.running == 0
        assert caplog.text.count("a bug of ours") >= 3
    finally:
        server.server_close()


def test_no_log_names_the_address_of_a_connection(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    try:
        int("by peer")
    except ValueError:
        server.handle_error(None, ("192.0.2.7", 40000))
    assert caplog.messages == ["a connection broke: invalid literal for int() with base 10: 'by peer'"]


def test_the_heart_beats_while_the_server_listens(prompts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beats = threading.Semaphore(0)
    monkeypatch.setattr(heartbeat, "beat", beats.release)
    server = Server(0, lambda _: None, 1)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        assert all(beats.acquire(timeout=60) for _ in range(3))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Serving:
    """A server in a process of its own, which leaves `seconds` to the calls that run when it is told to stop."""

    def __init__(self, prompts: Path, seconds: float) -> None:
        command = [sys.executable, "-m", "tests.calls.serving", str(prompts), str(seconds)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def refused(port: int) -> bool:
    try:
        Channel(port).socket.close()
    except (ConnectionRefusedError, ConnectionResetError):  # it closes, or closed while we came
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_a_server_takes_no_new_call_and_lets_the_running_one_end(
    prompts: Path, number: signal.Signals
) -> None:
    with Serving(prompts, 60) as serving, Channel(serving.port, "line") as call:
        call.hears("STREAM FILE")
        serving.process.send_signal(number)
        wait_for(lambda: refused(serving.port))
        call.send(b"200 result=0 endpos=8000\n")
        assert call.ends()[-1] == 'SET VARIABLE IVR_DONE "yes"'
        assert serving.process.communicate(timeout=60)[0] == "0 calls left\n"
        assert serving.process.returncode == 0


def test_a_call_that_does_not_end_is_left_to_the_dialplan(prompts: Path) -> None:
    with Serving(prompts, 0.2) as serving, Channel(serving.port, "line") as call:
        call.hears("STREAM FILE")
        serving.process.send_signal(signal.SIGTERM)
        assert serving.process.communicate(timeout=60)[0] == "1 calls left\n"
        assert call.command() == ""
