"""A telephone for tests: calls, listens, presses keys, speaks, hangs up or vanishes."""

import selectors
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

from . import keys, offer
from .dialog import Caller, Dialog, State
from .heard import FRAME, RECOGNIZED, Heard, HeardClip
from .sound import TICK, Press, Sound

LOOK = 4 * TICK
"""Seconds between two looks of a telephone that only listens, while it has nothing to send."""


class CallRefused(Exception):
    """The exchange did not answer the call; `status` is SIP's number for why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class NotHeard(AssertionError):
    """What a test waited for did not happen in time; the message tells what was heard instead."""


class Phone:
    """One telephone, good for one call.

    `clips` are the known clips by name, in the codec of the call, for `hears`. `number` and `name` are what
    the telephone says about its caller, `address` is the address of loopback that it calls from. `keys_by` is
    how it sends keys; with `events=False` it does not even offer RFC 4733 events. One that `only_listens` sends
    no silence, and knows when it heard what to a tenth of a second. All times are of time.monotonic.
    """

    def __init__(
        self,
        exchange: tuple[str, int],
        *,
        clips: Mapping[str, bytes] | None = None,
        number: str = "0612345678",
        name: str = "",
        codecs: Sequence[str] = ("alaw",),
        address: str = "127.0.0.1",
        events: bool = True,
        keys_by: Literal["events", "info", "tones", "tones and info"] = "events",
        only_listens: bool = False,
    ) -> None:
        self.clips = dict(clips or {})
        self._codecs = codecs
        self._events = events
        self._keys_by = keys_by
        self._address = address
        self._sound = Sound(address, only_listens=only_listens)
        self._dialog = Dialog(exchange, Caller(number, name, address), self._agreed)
        self._changed = threading.Condition(threading.RLock())
        self._place = 0
        self._closing = False
        self._thread = threading.Thread(target=self._live, name=f"phone {number}", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._closing:
            if kind is None:
                self.hang_up()
            elif self.state in {State.CALLING, State.RINGING, State.ANSWERED}:
                self._end()
        self.vanish()

    # Calling and hanging up

    def call(self, extension: str, timeout: float = 10) -> None:
        """Call `extension` and return when it has answered; raise CallRefused when it does not want to."""
        self.dial(extension)
        self.wait_answered(timeout)

    def dial(self, extension: str) -> None:
        """Begin a call and return at once."""
        with self._changed:
            sdp = offer.offer(self._address, self._sound.port, self._codecs, events=self._events)
            self._dialog.invite(extension, sdp)

    def wait_answered(self, timeout: float = 10) -> None:
        """Return when the call is answered; raise CallRefused when it is refused."""
        self.wait_for(lambda: self.state not in {State.CALLING, State.RINGING}, timeout, "an answer")
        if self.state is State.REFUSED and self._dialog.response:
            raise CallRefused(self._dialog.response.status, self._dialog.response.first)

    def hang_up(self, timeout: float = 5) -> None:
        """End the call (BYE, or CANCEL before the answer) and return when the exchange has agreed."""
        self._end()
        self.wait_for(lambda: not self._dialog.waiting, timeout, "the exchange's answer to the end of the call")

    def vanish(self) -> None:
        """Be gone at once, like a telephone whose battery is empty: no BYE, no sound, nothing listens."""
        with self._changed:
            if not self.ended:
                self._dialog.state = State.VANISHED
            self._closing = True
        self._thread.join()
        self._sound.socket.close()
        self._dialog.socket.close()

    def shout(self, packet: bytes) -> None:
        """Send bytes of any kind to the exchange's SIP port, from the port of this telephone."""
        with self._changed:
            self._dialog.shout(packet)

    def ask(self, method: str, *headers: tuple[str, str]) -> int:
        """Send a request of any kind within the call, but an INVITE; return its number, for `status`."""
        with self._changed:
            return self._dialog.ask(method, *headers)

    def status(self, number: int) -> int:
        """Return how a request was answered; 0 while it was not."""
        return self._dialog.status(number)

    def _end(self) -> None:
        with self._changed:
            if self.state is State.ANSWERED:
                self._dialog.bye()
            elif self.state in {State.CALLING, State.RINGING}:
                self._dialog.cancel()

    @property
    def state(self) -> State:
        """Where the call is."""
        return self._dialog.state

    @property
    def ended(self) -> bool:
        """Whether the call is over, whoever ended it."""
        return self.state in {State.REFUSED, State.WE_HUNG_UP, State.THEY_HUNG_UP, State.VANISHED}

    def when(self, state: State) -> float:
        """Return the time at which the call came into a state."""
        return self._dialog.changed_at[state]

    def wait_hung_up(self, timeout: float = 10) -> None:
        """Return when the other side has hung up."""
        self.wait_for(lambda: self.state is State.THEY_HUNG_UP, timeout, "the other side to hang up")

    # Listening

    @property
    def heard(self) -> Heard:
        """Everything heard in this call."""
        return self._sound.heard

    def hears(self, *names: str, timeout: float = 10) -> HeardClip:
        """Return when the clips of these names have begun, in this order, after all that `hears` found before.

        `timeout` in seconds for each. Raises NotHeard, which tells what was heard instead.
        """
        return self._hears(names, timeout, whole=False)

    def hears_whole(self, *names: str, timeout: float = 30) -> HeardClip:
        """Return when the clips of these names were heard to their ends, in this order."""
        return self._hears(names, timeout, whole=True)

    def _hears(self, names: Sequence[str], timeout: float, *, whole: bool) -> HeardClip:
        found: list[HeardClip] = []
        for name in names:
            found = [self._hear(name, timeout, whole=whole)]
            self._place = found[0].after
        return found[0]

    def _hear(self, name: str, timeout: float, *, whole: bool) -> HeardClip:
        match: HeardClip | None = None
        place = self._place

        def there() -> bool:
            nonlocal match, place
            if match and self.heard.count < match.first + len(self.clips[name]) // FRAME:
                return False  # it cannot have come to its end yet: do not compare it anew after every packet
            match = self.heard.find(name, self.clips[name], place)
            # What was searched is not searched again, but for a beginning that may still be growing.
            place = match.first if match else max(place, self.heard.count - RECOGNIZED)
            return match is not None and (match.whole or not whole)

        self.wait_for(there, timeout, f"the clip {name}{' to its end' if whole else ''}")
        assert match
        return match

    def story(self) -> list[str]:
        """Return the names of the clips heard so far, in order; those that were cut end in `…`."""
        return [clip.name + ("" if clip.whole else "…") for clip in self.heard.clips(self.clips)]

    def wait_for(self, predicate: Callable[[], bool], timeout: float = 10, what: str = "it") -> None:
        """Return when `predicate` is true; it is asked again after every packet. Raise NotHeard after `timeout`."""
        with self._changed:
            if self._changed.wait_for(predicate, timeout) or predicate():  # a busy machine may never have asked again
                return
        story = ", ".join(self.story()) or f"{len(self.heard.sound)} bytes of nothing known"
        raise NotHeard(f"waited {timeout} s for {what}; the call is '{self.state.value}'; heard: {story}")

    # Pressing and speaking

    def press(self, keys_pressed: str, milliseconds: int = 100, timeout: float = 10) -> float:
        """Press keys one after the other; return the time at which the last was let go."""
        released: list[float] = []
        for key in keys_pressed:
            self._press(key, milliseconds, released.append)
        self.wait_for(
            lambda: len(released) == len(keys_pressed) or self.ended,
            timeout,
            f"key {keys_pressed} to be sent",
        )
        return released[-1] if released else time.monotonic()

    def _press(self, key: str, milliseconds: int, released: Callable[[float], None]) -> None:
        with self._changed:
            if self._keys_by == "events":
                self._sound.press(Press(key, milliseconds, released))
                return
            if "tones" in self._keys_by:
                self._sound.speak(keys.tones(key, milliseconds) + bytes([0xD5]) * 480)
                self.wait_for(lambda: not self._sound.speaking or self.ended, 10, "a tone to be sent")
            if "info" in self._keys_by:
                self._dialog.info(keys.info(key, milliseconds))
                self.wait_for(lambda: not self._dialog.waiting, 5, "the answer to a key")
                until = time.monotonic() + milliseconds / 1000  # a finger needs time for the next key
                self.wait_for(lambda: time.monotonic() >= until, 10, "the key to be let go")
            released(time.monotonic())

    def say(self, sound: bytes, *, wait: bool = True) -> None:
        """Speak: send these bytes of A-law, 20 ms after 20 ms; `wait` until the last one is sent."""
        with self._changed:
            self._sound.speak(sound)
        if wait:
            self.wait_for(lambda: not self._sound.speaking or self.ended, len(sound) / 8000 + 10, "speech to be sent")

    @property
    def said(self) -> bytes:
        """All A-law bytes sent so far, silence included, keys sent as events left out."""
        return bytes(self._sound.said)

    def mute(self) -> None:
        """Send no sound at all from now on, like a telephone that lost its network but not its call."""
        self._sound.silent = True

    def unmute(self) -> None:
        """Send sound again."""
        self._sound.silent = False

    # The thread

    def _agreed(self, sdp: str) -> None:
        self._sound.chosen = offer.chosen(sdp)

    def _live(self) -> None:
        next_tick = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(self._dialog.socket, selectors.EVENT_READ)
            if not self._sound.only_listens:
                selector.register(self._sound.socket, selectors.EVENT_READ)
            while not self._closing:
                rest = LOOK if self._sound.resting else 0
                selector.select(max(0, next_tick + rest - time.monotonic()))
                with self._changed:
                    self._sound.receive(time.monotonic())
                    self._dialog.receive()
                    while next_tick <= time.monotonic():  # late ticks are made up for
                        self._tick()
                        next_tick += TICK
                    self._changed.notify_all()

    def _tick(self) -> None:
        now = time.monotonic()
        self._dialog.tick(now)
        if not self.ended:
            self._sound.tick(now)
