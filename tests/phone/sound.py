"""The telephone's sound: a frame sent every 20 ms, and every frame that comes kept (RFC 3550)."""

import contextlib
import random
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from . import keys, offer
from .alaw import SILENCE
from .heard import FRAME, Heard

TICK = 0.02
REST = 3
"""Frames of sound between two keys."""
SIGN_OF_LIFE = 5.0
"""Seconds between two frames of who only listens: Asterisk hangs up on a telephone that sends nothing."""


@dataclass(frozen=True)
class Press:
    """A key on its way, and whom to tell the moment (time.monotonic) it was let go."""

    key: str
    milliseconds: int
    released: Callable[[float], None]


class Sound:
    """One RTP stream in each direction; `tick` and `receive` are called by the telephone's thread.

    Who `only_listens` sends no silence but a sign of life, like telephones that suppress it (RFC 3551, 4.1).
    """

    def __init__(self, address: str, *, only_listens: bool = False) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.heard = Heard()
        self.said = bytearray()
        self.silent = False
        self.only_listens = only_listens
        self.chosen = offer.NOTHING
        self._speech: deque[bytes] = deque()
        self._presses: deque[Press] = deque()
        self._sending: deque[bytes] = deque()
        self._source = random.getrandbits(32)
        self._sequence = random.getrandbits(16)
        self._stamp = random.getrandbits(32)
        self._event_stamp = 0
        self._rest = 0
        self._alive_at = 0.0

    def speak(self, sound: bytes) -> None:
        """Send these bytes, 20 ms after 20 ms; the last frame is filled up with silence."""
        for start in range(0, len(sound), FRAME):
            self._speech.append(sound[start : start + FRAME].ljust(FRAME, bytes([SILENCE])))

    @property
    def speaking(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._speech)

    @property
    def resting(self) -> bool:
        """Whether nothing is to be sent but signs of life."""
        return self.only_listens and not (self._speech or self._presses or self._rest)

    def press(self, press: Press) -> None:
        """Send a key as RFC 4733 events, after those that wait."""
        assert self.chosen.events is not None, "the other side did not agree to key events"
        self._presses.append(press)

    def tick(self, now: float) -> None:
        """Send the frame of these 20 ms: a key's event, or sound."""
        if self.chosen is offer.NOTHING or self.silent:
            return
        self._stamp += FRAME
        marker = False
        if self._presses and not self._sending and not self._rest:
            self._sending.extend(keys.events(self._presses[0].key, self._presses[0].milliseconds))
            self._event_stamp = self._stamp
            marker = True
        if self._sending:
            self._send_event(now, marker=marker)
        else:
            self._rest = max(0, self._rest - 1)
            if not self.resting or now >= self._alive_at:
                self._send_sound(now)

    def _send_sound(self, now: float) -> None:
        self._alive_at = now + SIGN_OF_LIFE
        frame = self._speech.popleft() if self._speech else bytes([SILENCE]) * FRAME
        self.said += frame
        self._send(self.chosen.codec, frame, self._stamp, marker=False)

    def _send_event(self, now: float, *, marker: bool) -> None:
        assert self.chosen.events is not None
        payload = self._sending.popleft()
        self._send(self.chosen.events, payload, self._event_stamp, marker=marker)
        if len(self._sending) == keys.ENDS - 1:
            self._presses[0].released(now)
        if not self._sending:
            self._presses.popleft()
            self._rest = REST

    def _send(self, kind: int, payload: bytes, stamp: int, *, marker: bool) -> None:
        self._sequence += 1
        head = struct.pack(
            "!BBHII", 0x80, kind | (0x80 * marker), self._sequence & 0xFFFF, stamp & 0xFFFFFFFF, self._source
        )
        with contextlib.suppress(OSError):  # the other side may be gone: a packet more or less
            self.socket.sendto(head + payload, self.chosen.address)

    def receive(self, now: float) -> None:
        """Keep every packet that has come from where the other side said it would send; until it has, they wait."""
        while self.chosen is not offer.NOTHING:
            try:
                packet, address = self.socket.recvfrom(2048)
            except BlockingIOError:
                return
            except OSError:
                continue
            if address != self.chosen.address or len(packet) < 12:
                continue
            first, kind, sequence, stamp, _ = struct.unpack("!BBHII", packet[:12])
            if kind & 0x7F == self.chosen.codec:
                self.heard.add(sequence, stamp, packet[12 + 4 * (first & 15) :], now)
