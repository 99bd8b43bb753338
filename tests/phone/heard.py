"""What the telephone heard: packets in the order they were sent, and the known clips found in them."""

import bisect
import threading
from collections.abc import Mapping
from dataclasses import dataclass

FRAME = 160
"""Bytes of 20 ms in A-law, mu-law and G.722."""
RECOGNIZED = 10
"""A clip is recognized by its first 10 frames (0.2 s), or by all of it where it is shorter."""

TOLD_APART = 3
"""Nearly all clips begin with the same frame of silence; hardly two have the same three, and none is shorter."""


@dataclass(frozen=True, order=True)
class Packet:
    """One RTP packet: its number (never wrapping), when it came (time.monotonic), its timestamp and its sound."""

    number: int
    at: float
    stamp: int
    payload: bytes


@dataclass(frozen=True)
class HeardClip:
    """A known clip in what was heard: which packets (`first` up to, not with, `after`), when, how much of it.

    `length` is the heard part in bytes, `lost` how many of its packets never came, `whole` whether it reached
    its last byte.
    """

    name: str
    first: int
    after: int
    begins: float
    ends: float
    length: int
    lost: int
    whole: bool


class Heard:
    """Everything that was heard in a call; safe to read while the call goes on."""

    def __init__(self) -> None:
        self._packets: list[Packet] = []
        self._lock = threading.Lock()
        self._wrapped: int | None = None

    def add(self, sequence: int, stamp: int, payload: bytes, at: float) -> None:
        """Keep a packet; `sequence` is the 16-bit number of the wire, so reordered packets find their place."""
        with self._lock:
            last = self._wrapped if self._wrapped is not None else sequence
            number = last + ((sequence - last + 0x8000) & 0xFFFF) - 0x8000
            self._wrapped = max(last, number)
            packet = Packet(number, at, stamp, payload)
            place = bisect.bisect_left(self._packets, number, key=lambda known: known.number)
            if place == len(self._packets) or self._packets[place].number != number:
                self._packets.insert(place, packet)

    def packets(self, first: int = 0) -> list[Packet | None]:
        """Return the packets from the `first` on, with None for each that was lost."""
        with self._lock:
            if not self._packets:
                return []
            start = self._packets[0].number
            place = bisect.bisect_left(self._packets, start + first, key=lambda known: known.number)
            found: list[Packet | None] = []
            for packet in self._packets[place:]:
                found += [None] * (packet.number - start - first - len(found))
                found.append(packet)
            return found

    @property
    def count(self) -> int:
        """How many packets there are by now, the lost ones included."""
        with self._lock:
            return self._packets[-1].number - self._packets[0].number + 1 if self._packets else 0

    @property
    def sound(self) -> bytes:
        """All bytes that came, in order."""
        return b"".join(packet.payload for packet in self.packets() if packet)

    @property
    def lost(self) -> int:
        """How many packets never came."""
        return self.packets().count(None)

    def after(self, at: float) -> Packet | None:
        """Return the first packet that came after a time of time.monotonic."""
        return next((packet for packet in self.packets() if packet and packet.at > at), None)

    def find(self, name: str, clip: bytes, first: int = 0) -> HeardClip | None:
        """Return where a clip begins for the first time at or after packet `first`."""
        packets = self.packets(first)
        for place in range(len(packets)):
            if found := _match(name, clip, packets, place):
                return _moved(found, first)
        return None

    def clips(self, known: Mapping[str, bytes]) -> list[HeardClip]:
        """Return the known clips in the order they were heard; of several that fit, the one heard longest."""
        packets = self.packets()
        beginnings: dict[bytes, list[str]] = {}
        for name, clip in known.items():
            beginnings.setdefault(clip[: TOLD_APART * FRAME], []).append(name)
        found: list[HeardClip] = []
        place = 0
        while place < len(packets):
            names = _begin(beginnings, packets[place : place + TOLD_APART])
            fits = [match for name in names if (match := _match(name, known[name], packets, place))]
            best = max(fits, key=lambda fit: (fit.length, fit.whole), default=None)
            if best:
                found.append(best)
            place = best.after if best else place + 1
        return found


def _begin(beginnings: Mapping[bytes, list[str]], packets: list[Packet | None]) -> list[str]:
    """Return the names of the clips that may begin with these packets, of thousands nearly always none."""
    came = [packet.payload for packet in packets if packet]
    if len(came) < len(packets):  # a lost one may have been any
        return [name for names in beginnings.values() for name in names]
    return beginnings.get(b"".join(came), [])


def _moved(clip: HeardClip, by: int) -> HeardClip:
    return HeardClip(
        clip.name,
        clip.first + by,
        clip.after + by,
        clip.begins,
        clip.ends,
        clip.length,
        clip.lost,
        clip.whole,
    )


def _match(name: str, clip: bytes, packets: list[Packet | None], place: int) -> HeardClip | None:
    """Follow a clip packet by packet from `place`; a lost packet stands for any 20 ms of it."""
    first = last = packets[place]
    if first is None or last is None or not clip.startswith(first.payload):
        return None
    offset, lost, after = len(first.payload), 0, place + 1
    missing = 0
    while offset < len(clip) and after < len(packets):
        packet = packets[after]
        if packet is None:
            missing += 1
            offset = min(offset + FRAME, len(clip))
        elif clip.startswith(packet.payload, offset):
            last = packet
            lost += missing
            missing = 0
            offset += len(packet.payload)
        else:
            break
        after += 1
    offset = min(offset, len(clip))
    if offset < min(len(clip), RECOGNIZED * FRAME):
        return None
    return HeardClip(name, place, after, first.at, last.at, offset, lost + missing, offset == len(clip))
