"""A phone whose answers to keys are timed: from a key to the moment at which the next prompt is begun."""

import time
from collections.abc import Callable

from ivr.calls.agi import Tape
from ivr.calls.handler import Phone


class Timed:
    """Does what `phone` does; `told` gets the seconds from each key to the next prompt."""

    def __init__(
        self, phone: Phone, told: Callable[[float], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._phone = phone
        self._told = told
        self._clock = clock
        self._pressed: float | None = None

    def play(self, sound: str) -> str | None:
        """Play a sound, return the key that cut it."""
        self._answer()
        return self._key(self._phone.play(sound))

    def say(self, sound: str) -> None:
        """Play a sound that no key cuts."""
        self._answer()
        self._phone.say(sound)

    def wait(self, seconds: float) -> str | None:
        """Return the key that came in time."""
        return self._key(self._phone.wait(seconds))

    def record(self, sound: str, seconds: float) -> Tape:
        """Sound the tone and record."""
        return self._phone.record(sound, seconds)

    def connect(self, number: str, rings: int, longest: int) -> bool:
        """Call a number for the caller; tell whether they spoke."""
        return self._phone.connect(number, rings, longest)

    def set_variable(self, name: str, value: str) -> None:
        """Tell the dialplan."""
        self._phone.set_variable(name, value)

    def _key(self, key: str | None) -> str | None:
        self._pressed = self._clock() if key else None
        return key

    def _answer(self) -> None:
        if self._pressed is not None:
            self._told(self._clock() - self._pressed)
        self._pressed = None
