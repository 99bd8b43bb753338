"""Ten sampled telephones, which hear all of each call they make: what was late, what was lost, how soon keys count."""

import struct
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from tests.bench.load.keypad import PRESSED, Pressed, moments
from tests.bench.load.marks import LENGTH, RTP, Mark, receive, stamped
from tests.phone import offer
from tests.phone.dialog import Caller, Dialog, State
from tests.phone.sound import Press, Sound

LOOPBACK = "127.0.0.1"
Packet = tuple[int, int, bytes, float]
"""A packet's number, its stamp, its payload, and when the kernel took it (time.time)."""
PATIENCE = 10.0
"""Seconds until an unanswered call counts as failed."""
LATE = 0.06
"""Seconds that a packet may come later than its stamp says, after the one before it: a telephone holds about so much
in store, and then its listener hears a gap."""


class StampedSound(Sound):
    """A telephone's sound that keeps every packet."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        stamped(self.socket)
        self.packets: list[Packet] = []

    def receive(self, now: float) -> None:  # noqa: ARG002 - the kernel knows better
        while came := receive(self.socket):
            packet, at, _ = came
            _, kind, sequence, stamp, _ = struct.unpack("!BBHII", packet[:RTP])
            if kind & 0x7F == self.chosen.codec:
                self.packets.append((sequence, stamp, packet[RTP:], at))


class SampledCall:
    """One call: its keys are pressed as everybody's are, and after each of them its mark must be heard."""

    def __init__(self, exchange: tuple[str, int], extension: str, keys: str, marks: Sequence[Mark]) -> None:
        self.pressed: list[Pressed] = []
        self.packets = self.lost = self.late = 0
        self.failed = False
        self._released: list[float] = []
        self.sound = StampedSound(LOOPBACK)
        self._keys = keys
        self._marks = marks
        self._dialog = Dialog(exchange, Caller("0700000000", "", LOOPBACK), self._agreed)
        self._extension = extension

    def dial(self, now: float, seconds: float) -> None:
        """Begin; `seconds` is how long the call lasts once it is answered."""
        self._gives_up = now + PATIENCE
        self._seconds = seconds
        self._moments = moments(seconds)
        self._dialog.invite(self._extension, offer.offer(LOOPBACK, self.sound.port, ("alaw",), events=True))

    def _agreed(self, sdp: str) -> None:
        self.sound.chosen = offer.chosen(sdp)

    @property
    def over(self) -> bool:
        """Whether nothing is to come any more."""
        return self.failed or (self._dialog.state is State.WE_HUNG_UP and not self._dialog.waiting)

    def tick(self, now: float) -> None:
        """Do what is due in these 20 ms."""
        self.sound.receive(now)
        self._dialog.receive()
        self._dialog.tick(now)
        state = self._dialog.state
        if state is State.ANSWERED:
            self._speak(now - self._dialog.changed_at[state])
            self.sound.tick(now)
        elif state is not State.WE_HUNG_UP:
            self.failed = now > self._gives_up or state not in {State.CALLING, State.RINGING}

    def _speak(self, elapsed: float) -> None:
        if self._moments and elapsed > self._moments[0]:
            self._moments.pop(0)
            key, self._keys = self._keys[0], self._keys[1:]
            self.sound.press(Press(key, PRESSED, lambda _: self._released.append(time.time())))
        if elapsed > self._seconds:
            self._dialog.bye()

    def finish(self) -> None:
        """Count what was heard, forget it, and be gone."""
        heard = self.sound.packets
        self.pressed = list(_pressed(self._released, self._marks, heard))
        self.packets = len(heard)
        self.lost = sum((after[0] - before[0] - 1) & 0xFFFF for before, after in pairwise(heard))
        self.late = sum(
            (after[3] - before[3]) - ((after[1] - before[1]) & 0xFFFFFFFF) / 8000 > LATE
            for before, after in pairwise(heard)
        )
        self.sound.packets = []
        self.sound.socket.close()
        self._dialog.socket.close()


def _pressed(released: Sequence[float], marks: Sequence[Mark], heard: Sequence[Packet]) -> Iterator[Pressed]:
    """Yield each key and how long its prompt took; none after the first that was lost."""
    for let_go, mark in zip(released, marks, strict=False):
        found = (at for _, _, payload, at in heard if at > let_go and payload[:LENGTH] == mark.begins)
        at = next(found, None)
        yield Pressed(let_go, None if at is None else at - mark.after - let_go)
        if at is None:
            return


class Phones:
    """So many telephones; each calls again as soon as its call is over, until nobody is to call any more."""

    def __init__(self, count: int, dial: Callable[[], SampledCall], seconds: float, now: float) -> None:
        """Begin; the first calls are spread over the `seconds` of one."""
        self.calls: list[SampledCall] = []
        self.done = False
        self._dial = dial
        self._seconds = seconds
        self._next: list[float] = [now + number * seconds / count for number in range(count)]
        self._calling: list[SampledCall] = []

    def tick(self, now: float) -> None:
        """Do what is due in these 20 ms."""
        if self._next and now >= self._next[0] and not self.done:
            self._next.pop(0)
            call = self._dial()
            call.dial(now, self._seconds)
            self.calls.append(call)
            self._calling.append(call)
        for call in self._calling:
            call.tick(now)
        for call in [call for call in self._calling if call.over]:
            self._calling.remove(call)
            call.finish()
            self._next.append(now)

    @property
    def over(self) -> bool:
        """Whether all calls are over, and no other will begin."""
        return self.done and not self._calling

    def close(self) -> None:
        for call in self._calling:
            call.failed = True  # it should be over by now
            call.finish()
