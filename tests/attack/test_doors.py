"""What of the line can be reached from elsewhere at all, and strangers at the server's own door."""

import contextlib
import ipaddress
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.asterisk_fixture import CHECKOUT
from tests.attack.stranger import LOOPBACK
from tests.running_line import RunningLine

NOISE = [
    b"",
    b"\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00",
    b"agi_network: yes",
    b"agi_x: \xff\n" * 500,
    b"x" * 9000,
]
EACH = 8  # strangers of each kind
LISTENS = "0A"  # a state of /proc/net/tcp
DEAF = "07"  # the state of every UDP socket that is not connected


def family(process: int) -> set[int]:
    """Return a process and all that it has started, by proc(5)."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(re.findall(r"^PPid:\s*(\d+)", status.read_text(), re.MULTILINE)[0])
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def sockets(processes: set[int]) -> set[str]:
    """Return the inodes of the sockets that processes hold."""
    found = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                found |= set(re.findall(r"^socket:\[(\d+)\]$", str(handle.readlink())))
    return found


def doors() -> Iterator[tuple[str, str, str, int]]:
    """Yield inode, protocol, address and port of every socket of this machine that waits for somebody."""
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, here, _, state, *rest = row.split()
            if state == (DEAF if "udp" in table else LISTENS):
                address, port = here.split(":")
                words = [bytes.fromhex(address[start : start + 8])[::-1] for start in range(0, len(address), 8)]
                yield rest[5], table, str(ipaddress.ip_address(b"".join(words))), int(port, 16)


@dataclass(frozen=True)
class Doors:
    """The address at which each door waits, by protocol and port, and which of them take calls."""

    all: dict[tuple[str, int], str]
    for_calls: set[tuple[str, int]]


@pytest.fixture
def open_ones(line: RunningLine) -> Iterator[Doors]:
    """The doors of a line that takes a call."""
    with line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")  # so that the doors of its sound are open too
        ours = [line.asterisk.process.pid, *(process.pid for process in line.processes.values())]
        held = sockets(set().union(*map(family, ours)))
        found = {(kind, port): address for inode, kind, address, port in doors() if inode in held}
        sound = phone._sound.chosen.address[1]
        for_calls = {("tcp", line.asterisk.wiring.agi_port), ("udp", line.asterisk.sip_port), ("udp", sound)}
        assert for_calls <= found.keys()
        yield Doors(found, for_calls)


def test_every_door_that_takes_calls_is_on_this_machine_alone(open_ones: Doors) -> None:
    others = {door for door in open_ones.all if door[0].startswith("tcp")}
    assert {open_ones.all[door] for door in open_ones.for_calls | others} == {LOOPBACK}


def test_the_other_doors_are_asterisk_s_own_for_names_and_the_firewall_lets_nobody_begin_there(
    line: RunningLine, open_ones: Doors
) -> None:
    others = [(kind, port) for (kind, port), at in open_ones.all.items() if at != LOOPBACK]
    held = sockets(family(line.asterisk.process.pid))
    assert {(kind, port) for inode, kind, _, port in doors() if inode in held} >= set(others)
    assert sorted(kind for kind, _ in others) in ([], ["udp"], ["udp", "udp6"])  # none without a name server
    told = (CHECKOUT / "scripts/installed/etc/calais-line/firewall.nft").read_text(encoding="utf-8")
    first, last = map(int, re.findall(r"udp dport (\d+)-(\d+) ct state new drop", told)[0])
    by_chance = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    assert first <= int(by_chance[0])
    assert int(by_chance[1]) <= last


def test_strangers_at_the_server_s_door_take_no_caller_s_place(line: RunningLine) -> None:
    with contextlib.ExitStack() as strangers, line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        for noise in NOISE * EACH:
            stranger = strangers.enter_context(socket.create_connection((LOOPBACK, line.asterisk.wiring.agi_port), 20))
            with contextlib.suppress(ConnectionError):  # it has ended already
                stranger.sendall(noise)
        with line.phone() as next_one:
            next_one.call("line-fr")
            next_one.hears("fr/main.1")
        phone.press("2")
        phone.hears("en/daily.1")
