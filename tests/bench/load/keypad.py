"""Presses the keys of every call that SIPp makes, and hears of each call only when the next prompt begins."""

import heapq
import itertools
import random
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.load.marks import LENGTH, RTP, Mark, let_through_only, receive, stamped
from tests.phone.keys import END, events
from tests.phone.offer import EVENTS
from tests.phone.sound import TICK

LOOPBACK = "127.0.0.1"
PRESSED = 100
"""Milliseconds that a key is held."""
WHEN = (0.2, 0.45, 0.7)
"""When the keys come, as shares of the call's length; each up to a tenth of it earlier or later."""
JITTER = 0.1


def moments(seconds: float) -> list[float]:
    """Return after how many seconds a caller presses each key: never two callers alike."""
    return [seconds * (share + random.uniform(-JITTER, JITTER)) for share in WHEN]


@dataclass
class Pressed:
    """A key of some call: when it was let go, and how many seconds later the next prompt began, if it did."""

    released: float
    took: float | None = None


@dataclass
class Call:
    """One call as the keypad knows it: where Asterisk listens, and what was pressed so far."""

    port: int
    began: float
    sequence: int = field(default_factory=lambda: random.getrandbits(15))
    source: int = field(default_factory=lambda: random.getrandbits(32))
    pressed: list[Pressed] = field(default_factory=list)

    def packet(self, payload: bytes, stamp: int, *, marker: bool) -> bytes:
        self.sequence = self.sequence + 1 & 0xFFFF
        return struct.pack("!BBHII", 0x80, EVENTS | 0x80 * marker, self.sequence, stamp, self.source) + payload


class Keypad:
    """One socket, to which all of SIPp's calls have their sound sent, and from which all their keys come."""

    def __init__(self, keys: str, marks: Sequence[Mark], seconds: float) -> None:
        """Press `keys` in every call of so many `seconds`; after each of them its mark must be heard."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        let_through_only(self.socket, marks)
        stamped(self.socket)
        self.socket.bind((LOOPBACK, 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.calls: list[Call] = []
        self._keys = keys
        self._marks = list(marks)
        self._seconds = seconds
        self._by_port: dict[int, Call] = {}
        self._due: list[tuple[float, int, Iterator[float]]] = []
        self._count = itertools.count()

    def take(self, port: int, now: float) -> None:
        """Begin with a call that was just answered and whose sound Asterisk awaits on `port`."""
        call = Call(port, time.time())
        self.calls.append(call)
        self._by_port[port] = call
        story = self._story(call, now)
        heapq.heappush(self._due, (next(story), next(self._count), story))

    def _story(self, call: Call, began: float) -> Iterator[float]:
        """Press the keys of one call; each step yields when (time.monotonic) it is to go on."""
        for place, (key, after) in enumerate(zip(self._keys, moments(self._seconds), strict=True)):
            yield began + after
            if any(pressed.took is None for pressed in call.pressed):
                return  # a key was lost: nobody knows where this caller is
            for number, payload in enumerate(events(key, PRESSED)):
                yield began + after + number * TICK
                self.socket.sendto(call.packet(payload, round(after * 8000), marker=not number), (LOOPBACK, call.port))
                if payload[1] & END and len(call.pressed) == place:
                    call.pressed.append(Pressed(time.time()))

    def tick(self, now: float) -> None:
        """Send what is due, and take what came."""
        while self._due and self._due[0][0] <= now:
            _, number, story = heapq.heappop(self._due)
            if (due := next(story, None)) is not None:
                heapq.heappush(self._due, (due, number, story))
        while came := receive(self.socket):
            self._heard(*came)

    def _heard(self, packet: bytes, at: float, address: tuple[str, int]) -> None:
        call = self._by_port.get(address[1])
        if call is None or not call.pressed:
            return
        mark, key = self._marks[len(call.pressed) - 1], call.pressed[-1]
        if packet[RTP : RTP + LENGTH] == mark.begins and key.took is None:
            key.took = at - mark.after - key.released

    def close(self) -> None:
        self.socket.close()
