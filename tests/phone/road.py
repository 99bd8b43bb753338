"""A bad road between a telephone and the exchange: packets are lost, late, and overtake each other.

A relay of UDP, because not every kernel can do it (netem). It carries SIP and RTP, in both directions.
"""

import heapq
import random
import selectors
import socket
import threading
import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from . import offer
from .heard import FRAME
from .phone import Phone

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Weather:
    """`lost` is the share of packets that never arrive; each other one is late by 0 to `late` seconds."""

    lost: float = 0.05
    late: float = 0.1


class Lane:
    """Two sockets: what comes to `near` leaves from `far` for `beyond`, and the other way round.

    `beyond` is the exchange's address; `home` the telephone's, known from its first packet.
    """

    def __init__(self, beyond: tuple[str, int] | None, home: tuple[str, int] | None = None) -> None:
        self.near, self.far = _socket(), _socket()
        self.beyond, self.home = beyond, home
        self.arrived: list[bytes] = []
        """What was handed to the exchange, in that order."""

    def deliver(self, towards: socket.socket, packet: bytes) -> None:
        """Hand a packet over that came through."""
        to = self.beyond if towards is self.far else self.home
        if to is None:
            return
        if towards is self.far:
            self.arrived.append(packet)
        towards.sendto(packet, to)


class Road:
    """One telephone's road; `sip` and `rtp` are its lanes."""

    def __init__(self, exchange: tuple[str, int], weather: Weather, seed: int) -> None:
        self.sip, self.rtp = Lane(exchange), Lane(None)
        self.lost = self.overtaken = 0
        self._weather = weather
        self._chance = random.Random(seed)
        self._under_way: list[tuple[float, int, Lane, socket.socket, bytes]] = []
        self._count = self._newest = 0
        self._closing = False
        self._thread = threading.Thread(target=self._carry, name="road", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._thread.join()
        for lane in (self.sip, self.rtp):
            lane.near.close()
            lane.far.close()

    def _carry(self) -> None:
        with selectors.DefaultSelector() as selector:
            for lane in (self.sip, self.rtp):
                for here, there in ((lane.near, lane.far), (lane.far, lane.near)):
                    selector.register(here, selectors.EVENT_READ, (lane, there))
            while not self._closing:
                wait = self._under_way[0][0] - time.monotonic() if self._under_way else 0.1
                for key, _ in selector.select(min(max(wait, 0), 0.1)):
                    lane, there = key.data
                    self._take(lane, key.fileobj, there)
                self._deliver(time.monotonic())

    def _take(self, lane: Lane, here: socket.socket, there: socket.socket) -> None:
        """Take in all that waits: some of it is lost, the rest sets out."""
        while True:
            try:
                packet, sender = here.recvfrom(65536)
            except OSError:  # nothing more, or the word that nobody listens over there
                return
            if here is lane.near:
                lane.home = sender
            if self._chance.random() < self._weather.lost:
                self.lost += 1
                continue
            self._count += 1
            due = time.monotonic() + self._chance.uniform(0, self._weather.late)
            heapq.heappush(self._under_way, (due, self._count, lane, there, packet))

    def _deliver(self, now: float) -> None:
        while self._under_way and self._under_way[0][0] <= now:
            _, number, lane, there, packet = heapq.heappop(self._under_way)
            self.overtaken += number < self._newest
            self._newest = max(self._newest, number)
            lane.deliver(there, packet)


class FarPhone(Phone):
    """A telephone at the end of a bad road; `road` is open for as long as it is used."""

    def __init__(self, road: Road, **options: object) -> None:
        self.road = road
        super().__init__(road.sip.near.getsockname(), **options)  # type: ignore[arg-type] # as a Phone takes them

    def dial(self, extension: str) -> None:
        with self._changed:
            port = self.road.rtp.far.getsockname()[1]
            self._dialog.invite(extension, offer.offer(LOOPBACK, port, self._codecs, events=self._events))

    def catches(self, name: str, timeout: float = 30) -> None:
        """Return when half of a clip's first second has arrived; a clip can be caught once in a call."""
        begin = self.clips[name][: 50 * FRAME]
        frames = {begin[start : start + FRAME] for start in range(0, len(begin), FRAME)}
        loud = {frame for frame in frames if len(set(frame)) > 20}

        def caught() -> bool:
            came = {packet.payload for packet in self.heard.packets() if packet}
            return len(loud & came) * 2 > len(loud)

        self.wait_for(caught, timeout, f"half of the clip {name}")

    def _agreed(self, sdp: str) -> None:
        """Send to the near end of the road, which knows from now on where it leads."""
        agreed = offer.chosen(sdp)
        if agreed is not offer.NOTHING:
            self.road.rtp.beyond = agreed.address
            self.road.rtp.home = (LOOPBACK, self._sound.port)
            self._sound.chosen = replace(agreed, address=self.road.rtp.near.getsockname())


def _socket() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((LOOPBACK, 0))
    one.setblocking(False)
    return one
