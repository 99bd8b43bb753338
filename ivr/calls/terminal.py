"""The simulator's telephone: it writes what would be said, and takes what a person types as keys."""

from collections import deque
from collections.abc import Callable

from ivr.calls.agi import CallerHungUp, Tape

LISTEN = "."
SPOKEN = 5.0  # seconds that a rehearsed recording lasts


class Terminal:
    """A phone of text.

    `text` tells what a sound says, `show` writes it, `read` returns a typed line and raises EOFError for a
    hang-up. A typed line is pressed key by key; each `.` in it listens to one more sentence, or waits out
    one patience. An empty line is silence.
    """

    def __init__(self, text: Callable[[str], str], show: Callable[[str], None], read: Callable[[str], str]) -> None:
        self._text = text
        self._show = show
        self._read = read
        self._typed: deque[str] = deque()

    def play(self, sound: str) -> str | None:
        """Write what is said; a key that was typed ahead cuts it."""
        self._show(self._text(sound))
        return self._next()

    def say(self, sound: str) -> None:
        """Write what is said."""
        self._show(self._text(sound))

    def wait(self, seconds: float) -> str | None:
        """Let a person type."""
        if not self._typed:
            self._typed.extend(self._ask(f"keys ({seconds:g} s; Enter: silence, Ctrl-D: hang up)? ").replace(" ", ""))
        return self._next()

    def record(self, sound: str, seconds: float) -> Tape:  # noqa: ARG002 - nothing is recorded here
        """Pretend to record."""
        self._typed.clear()
        self._ask(f"  * tone * you speak, {seconds:g} s at most (Enter: the hash key, Ctrl-D: hang up) ")
        return Tape(SPOKEN, in_time=True)

    def connect(self, number: str, rings: int, longest: int) -> bool:  # noqa: ARG002 - nobody is called here
        """Pretend that nobody picks up."""
        self._show(f"  * it rings for {rings} s, and nobody picks up *")
        return False

    def set_variable(self, name: str, value: str) -> None:
        """There is no dialplan to tell."""

    def _next(self) -> str | None:
        key = self._typed.popleft() if self._typed else LISTEN
        return None if key == LISTEN else key

    def _ask(self, prompt: str) -> str:
        try:
            return self._read(prompt)
        except EOFError:
            raise CallerHungUp from None
