"""Lines that never were AGI: too long, too late, half, in another alphabet."""

import threading

import pytest

from ivr.calls.agi import LONGEST_LINE, MOST_VARIABLES, CallerHungUp, WireBroken
from tests.wire.scripted import ENVIRONMENT, Scripted

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.mark.parametrize(
    "environment",
    [
        b"",
        b"agi_network: yes",
        b"agi_network: yes\n",
    ],
)
def test_silence_before_the_end_of_the_environment_ends_in_time(environment: bytes) -> None:
    with Scripted(b"", environment=environment) as scripted, pytest.raises(WireBroken):
        scripted.agi()


@pytest.mark.parametrize("environment", [b"", b"agi_network: yes", b"agi_network: yes\nagi_"])
def test_a_connection_that_closes_before_its_environment_ends_is_a_hang_up(environment: bytes) -> None:
    with Scripted(b"", environment=environment, closes=True) as scripted, pytest.raises(CallerHungUp):
        scripted.agi()


@pytest.mark.parametrize(
    "environment",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"HANGUP\n\n",
        b"agi_network\n\n",
        b"\xff\xfe\x00\x01\n\n",
        b"network: yes\n\n",
    ],
)
def test_what_is_no_environment_ends_the_connection(environment: bytes) -> None:
    with Scripted(b"", environment=environment) as scripted, pytest.raises(WireBroken):
        scripted.agi()


def test_an_environment_without_end_ends_the_connection() -> None:
    endless = b"".join(b"agi_arg_%d: x\n" % number for number in range(MOST_VARIABLES + 1))
    with Scripted(b"", environment=endless) as scripted, pytest.raises(WireBroken):
        scripted.agi()


@pytest.mark.parametrize("name", ["Zoé".encode("latin-1"), b"\xc3", b"a\0b", "سامية".encode()])
def test_a_name_in_any_bytes_does_no_harm(name: bytes) -> None:
    with Scripted(b"200 result=50\n", environment=b"agi_calleridname: " + name + b"\n\n") as scripted:
        assert scripted.agi().wait(1) == "2"


def test_lines_may_end_like_those_of_windows() -> None:
    with Scripted(b"HANGUP\r\n511 dead\r\n", environment=ENVIRONMENT.replace(b"\n", b"\r\n")) as scripted:
        line = scripted.agi()
        with pytest.raises(CallerHungUp):
            line.wait(1)


def test_a_reply_may_come_in_pieces() -> None:
    with Scripted(b"200 resu") as scripted:
        line = scripted.agi()
        later = threading.Timer(0.01, scripted.asterisk.sendall, [b"lt=50\n"])
        later.start()
        assert line.wait(1) == "2"
        later.join()


def test_ten_megabytes_without_a_line_end_are_not_kept() -> None:
    with Scripted(b"", environment=b"") as scripted:
        flood = threading.Thread(target=_pour, args=(scripted, 10_000_000), daemon=True)
        flood.start()
        with pytest.raises(WireBroken):
            scripted.agi()
        assert len(scripted.wire._pending) < LONGEST_LINE + 65536 + 1
    flood.join(60)
    assert not flood.is_alive()


def _pour(scripted: Scripted, size: int) -> None:
    try:
        scripted.asterisk.sendall(b"x" * size)
    except OSError:
        return
