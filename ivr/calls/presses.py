"""One press of a key counts once, on a trunk that may tell it twice: as a message, and as tones in the sound."""

import time
from collections.abc import Callable

AGAIN = 0.15
"""Seconds after the end of a press within which the same key is the same press, told again. Asterisk tells a key at
its end; the same key as tones and as SIP INFO is told 45 milliseconds apart. Nobody presses twice so fast."""


class Presses:
    """Remembers the last press."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = ""
        self._ended = 0.0

    def told_again(self, key: str) -> bool:
        """Tell whether this key is the last press once more; else it is the last press from now on."""
        now = self._clock()
        if key == self._key and now < self._ended + AGAIN:
            return True
        self._key, self._ended = key, now
        return False
