"""Many callers in one thread: telephones that speak and press keys, and hear only where in the call they are."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self

from tests.line.witness import is_tone
from tests.phone import offer
from tests.phone.dialog import Caller, Dialog, State
from tests.phone.heard import FRAME
from tests.phone.sound import TICK, Press, Sound

LOOPBACK = "127.0.0.1"
TONE = b"the tone"
PRESSED_AGAIN = 2.0  # seconds: a key that comes between two clips is lost, as it is for everybody

Steps = Iterator[Callable[[], bool]]
"""A caller's story: each step waits until what it yields is true."""


class Ear:
    """Stands in for tests.phone.Heard: knows which frames came, not in which order."""

    def __init__(self) -> None:
        self.frames: set[bytes] = set()

    def add(self, _sequence: int, _stamp: int, payload: bytes, _at: float) -> None:
        self.frames.add(TONE if is_tone(payload) else payload)


class OneOfMany:
    """One caller of a crowd; `sent` holds the time (time.time) at which each frame of `said` left."""

    def __init__(self, exchange: tuple[str, int], clips: Mapping[str, bytes], number: int) -> None:
        self.number = number
        self.sent: list[float] = []
        self.spoke_from = 0
        self.sound = Sound(LOOPBACK)
        self.ear = Ear()
        self.sound.heard = self.ear  # type: ignore[assignment] # the same shape, less work
        self.dialog = Dialog(exchange, Caller(f"07{number:08d}", "", LOOPBACK), self._agreed)
        self._clips = clips

    def _agreed(self, sdp: str) -> None:
        self.sound.chosen = offer.chosen(sdp)

    @property
    def said(self) -> bytes:
        return bytes(self.sound.said)

    @property
    def answered(self) -> bool:
        return self.dialog.state is State.ANSWERED

    def dial(self, extension: str) -> None:
        self.dialog.invite(extension, offer.offer(LOOPBACK, self.sound.port, ("alaw",), events=True))

    def hears(self, clip: str) -> bool:
        return (TONE if clip == "tone" else mark(self._clips[clip])) in self.ear.frames

    def press(self, keys: str) -> None:
        for key in keys:
            self.sound.press(Press(key, 100, lambda _: None))

    def press_until(self, key: str, clip: str) -> Steps:
        while not self.hears(clip):
            self.press(key)
            until = time.monotonic() + PRESSED_AGAIN
            yield lambda until=until: self.hears(clip) or time.monotonic() > until  # type: ignore[misc]

    def tick(self, now: float) -> None:
        self.sound.receive(now)
        self.dialog.receive()
        self.dialog.tick(now)
        if self.answered:
            self.sound.tick(now)
        self.sent += [time.time()] * (len(self.sound.said) // FRAME - len(self.sent))

    def close(self) -> None:
        self.sound.socket.close()
        self.dialog.socket.close()


def mark(clip: bytes) -> bytes:
    """Return the first frame of a clip that nothing else sounds like."""
    frames = (clip[start : start + FRAME] for start in range(0, len(clip), FRAME))
    return next(frame for frame in frames if len(set(frame)) > 20)


def to_the_tone(caller: OneOfMany) -> Steps:
    caller.dial("line-en")
    yield lambda: caller.hears("en/main.1")
    yield from caller.press_until("9", "en/witness-welcome")
    yield from caller.press_until("5", "tone")


def speaks(caller: OneOfMany, speech: bytes) -> Steps:
    """Lead to the tone, and speak a second after it: by then the recording runs."""
    yield from to_the_tone(caller)
    until = time.monotonic() + 1
    yield lambda: time.monotonic() > until
    caller.spoke_from = len(caller.sound.said)
    caller.sound.speak(speech)


class Crowd:
    """All callers at once, each with a story; one more dials every 20 ms."""

    def __init__(
        self,
        exchange: tuple[str, int],
        clips: Mapping[str, bytes],
        stories: Sequence[Callable[[OneOfMany], Steps]],
    ) -> None:
        self.callers = [OneOfMany(exchange, clips, number) for number in range(len(stories))]
        self._stories = [(story(caller), caller) for story, caller in zip(stories, self.callers, strict=True)]
        self._waits: dict[OneOfMany, Callable[[], bool]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._live, name="crowd", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._closing:
            self.hang_up()
        self._close()

    def wait(self, happened: Callable[[], bool], timeout: float, what: str) -> None:
        """Return when `happened`, which is asked every 20 ms, is true."""
        with self._changed:
            assert self._changed.wait_for(happened, timeout), f"waited {timeout} s for {what}"

    def wait_told(self, timeout: float = 30) -> None:
        """Return when every story is told and all was said."""
        self.wait(lambda: not self._stories and not self.speaking, timeout, "the stories to end")

    @property
    def started(self) -> int:
        """How many have begun to speak."""
        return sum(caller.spoke_from > 0 for caller in self.callers)

    @property
    def speaking(self) -> bool:
        return any(caller.sound.speaking for caller in self.callers if caller.answered)

    def hang_up(self, timeout: float = 10) -> None:
        with self._changed:
            for caller in self.callers:
                if caller.answered:
                    caller.dialog.bye()
        self.wait(lambda: not any(one.dialog.waiting for one in self.callers), timeout, "answers to the hang-ups")

    def vanish(self) -> None:
        """Be gone without a word, all of them."""
        self._close()

    def _close(self) -> None:
        self._closing = True
        self._thread.join()
        for caller in self.callers:
            caller.close()

    def _live(self) -> None:
        next_tick = time.monotonic()
        while not self._closing:
            with self._changed:
                while next_tick <= time.monotonic():  # late ticks are made up for
                    now = time.monotonic()
                    for caller in self.callers:
                        caller.tick(now)
                    self._tell()
                    next_tick += TICK
                self._changed.notify_all()
            time.sleep(max(0, next_tick - time.monotonic()))

    def _tell(self) -> None:
        begun = False
        for story, caller in list(self._stories):
            waits = self._waits.get(caller)
            if waits is None and begun:
                return
            begun = begun or waits is None
            if waits is None or waits():
                try:
                    self._waits[caller] = next(story)
                except StopIteration:
                    self._stories.remove((story, caller))
