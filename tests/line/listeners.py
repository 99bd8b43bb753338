"""Hundreds of callers who only listen: each presses keys at once, and hangs up when it has heard all it waits for."""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ivr.calls.agi import SAMPLES_A_SECOND
from tests.phone import offer
from tests.phone.dialog import Caller, Dialog, State
from tests.phone.sound import TICK, Press, Sound

LOOPBACK = "127.0.0.1"
LOOK = 0.04  # seconds between two looks at every telephone
BETWEEN_KEYS = 0.25  # seconds: as quick as a person who knows the way
BETWEEN_CALLS = 0.08  # seconds: so many keys at once would not be lost by the line, but by a machine that does not rest
LOOK_FOR_CLIPS = 0.5  # seconds between two searches in what was heard


@dataclass
class Ear:
    """Stands in for tests.phone.Heard: all bytes in the order in which they came, and how many packets are missing."""

    sound: bytearray = field(default_factory=bytearray)
    lost: int = 0
    _next: int | None = None

    def add(self, sequence: int, _stamp: int, payload: bytes, _at: float) -> None:
        if self._next is not None:
            self.lost += (sequence - self._next) & 0xFFFF
        self._next = sequence + 1 & 0xFFFF
        self.sound += payload


class Listener:
    """One caller; `waits_for` are the sounds that it must hear whole, in this order."""

    def __init__(self, exchange: tuple[str, int], entry: str, keys: str, waits_for: Sequence[bytes]) -> None:
        self.waits_for = list(waits_for)
        self.ear = Ear()
        self._place = 0
        self._keys = keys
        self._sound = Sound(LOOPBACK, only_listens=True)
        self._sound.heard = self.ear  # type: ignore[assignment] # the same shape, less work
        self._dialog = Dialog(exchange, Caller("0700000000", "", LOOPBACK), self._agreed)
        self._entry = entry
        self._searched_at = 0.0
        self._pressed_at = self._gives_up_at = 0.0

    def dial(self, now: float, patience: float) -> None:
        self._gives_up_at = now + patience
        self._dialog.invite(self._entry, offer.offer(LOOPBACK, self._sound.port, ("alaw",), events=True))

    @property
    def over(self) -> bool:
        """Whether the call has ended and the exchange has agreed to that."""
        ended = self._dialog.state in {State.REFUSED, State.THEY_HUNG_UP, State.WE_HUNG_UP}
        return ended and not self._dialog.waiting

    def _agreed(self, sdp: str) -> None:
        self._sound.chosen = offer.chosen(sdp)

    def look(self, now: float) -> None:
        """Take what came, send what is due, and hang up when all was heard or patience is over."""
        self._sound.receive(now)
        self._dialog.receive()
        self._dialog.tick(now)
        if self._dialog.state is State.ANSWERED:
            self._press(now)
            for _ in range(round(LOOK / TICK)):
                self._sound.tick(now)
            self._search(now)
            if not self.waits_for or now > self._gives_up_at:
                self._dialog.bye()

    def _press(self, now: float) -> None:
        """Press the next key; the first one when the line is heard, as nobody knows earlier that it is there."""
        if self._keys and self.ear.sound and now >= self._pressed_at + BETWEEN_KEYS:
            self._pressed_at = now
            self._sound.press(Press(self._keys[0], 60, lambda _: None))
            self._keys = self._keys[1:]

    def _search(self, now: float) -> None:
        if now < self._searched_at:
            return
        self._searched_at = now + LOOK_FOR_CLIPS
        while self.waits_for and (found := self.ear.sound.find(self.waits_for[0], self._place)) >= 0:
            self._place = found + len(self.waits_for.pop(0))

    @property
    def story(self) -> str:
        """What is to be known of a caller that did not hear all."""
        heard = f"{len(self.ear.sound) / SAMPLES_A_SECOND:.0f} s were heard, {self.ear.lost} packets were missing"
        return f"{heard}, {len(self._keys)} keys not pressed, {len(self.waits_for)} clips not heard"

    def close(self) -> None:
        self._sound.socket.close()
        self._dialog.socket.close()


def listen(listeners: Sequence[Listener], at_once: int, patience: float) -> None:
    """Let all of them call, `at_once` at a time, each for `patience` seconds at the most."""
    waiting, calling = list(listeners), list[Listener]()
    dialled_at = 0.0
    try:
        while waiting or calling:
            now = time.monotonic()
            if waiting and len(calling) < at_once and now >= dialled_at + BETWEEN_CALLS:
                dialled_at = now
                calling.append(waiting.pop(0))
                calling[-1].dial(now, patience)
            for one in calling:
                one.look(now)
            for one in [one for one in calling if one.over]:
                calling.remove(one)
                one.close()
            time.sleep(max(0.0, now + LOOK - time.monotonic()))
    finally:
        for one in calling:
            with contextlib.suppress(OSError):
                one.close()
