"""The sign of life, as systemd and `ivr run` hear it."""

import socket
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from ivr import heartbeat


def test_a_process_that_nobody_watches_beats_into_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    heartbeat.beat()


def test_a_watcher_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    heartbeat.beat()


def test_a_socket_of_systemd_hears_ready_and_beats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        heartbeat.ready()
        heartbeat.beat()
        assert [ear.recv(100), ear.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_ready_is_heard_by_a_listener_who_was_late_for_many_beats(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear, ThreadPoolExecutor(1) as sealer:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        for _ in range(1000):
            heartbeat.beat()
        said = sealer.submit(heartbeat.ready)
        assert not wait([said], 0.3).done
        while ear.recv(100) != b"READY=1":
            pass
        said.result(5)


@pytest.mark.parametrize(("allowed", "seconds"), [("3000000", 1.0), ("600000", 0.2), ("soon", 1.0), (None, 1.0)])
def test_three_beats_fit_into_what_the_watcher_allows(
    monkeypatch: pytest.MonkeyPatch, allowed: str | None, seconds: float
) -> None:
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    if allowed is not None:
        monkeypatch.setenv("WATCHDOG_USEC", allowed)
    assert heartbeat.interval() == pytest.approx(seconds)
