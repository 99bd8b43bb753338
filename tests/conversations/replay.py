"""A phone that does what the caller of a written conversation does, and listens whether the line keeps to it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ivr.calls.agi import CallerHungUp, Tape
from ivr.calls.terminal import SPOKEN
from ivr.calls.transcript import CUT, HANGS_UP, PRESSES, SILENT, SPEAKS
from ivr.content.yaml12 import read


@dataclass(frozen=True)
class Turn:
    """What the line says, and what the caller does then; the last sentence may be cut by a key."""

    lines: tuple[str, ...]
    does: str = ""

    @property
    def cut(self) -> bool:
        return bool(self.lines) and self.lines[-1].endswith(CUT)


@dataclass(frozen=True)
class Conversation:
    """A page: how the call came in, and its turns."""

    header: dict[str, Any]
    turns: tuple[Turn, ...]


def conversation(file: Path) -> Conversation:
    page = read(file)
    assert isinstance(page, dict)
    turns, lines = [], ()
    for turn in page.pop("conversation"):
        if "line" in turn:
            lines = tuple(turn["line"].splitlines())
        else:
            turns.append(Turn(lines, turn["caller"]))
            lines = ()
    return Conversation(page, (*turns, Turn(lines)))


class Replay:
    """The phone of one conversation.

    Where the line says something else, the phone hangs up, and `astray` tells what and where. A `lenient` one
    minds no words: its caller does the same after as many sentences, so that the page can be written anew.
    """

    def __init__(self, turns: tuple[Turn, ...], text: Callable[[str], str], *, lenient: bool = False) -> None:
        self.astray = ""
        self._turns = deque(turns)
        self._text = text
        self._lenient = lenient
        self._heard = 0
        self._before = "the beginning"

    def play(self, sound: str) -> str | None:
        turn = self._hear(sound)
        return self._does() if turn.cut and self._heard == len(turn.lines) else None

    def say(self, sound: str) -> None:
        self._hear(sound)

    def wait(self, seconds: float) -> str | None:
        self._all_heard(f"waits {seconds:g} s for a key")
        return self._does()

    def record(self, sound: str, seconds: float) -> Tape:  # noqa: ARG002 - a phone's signature
        self._all_heard("records")
        self._does(SPEAKS)
        if self._turns[0] == Turn((), HANGS_UP):
            raise CallerHungUp
        return Tape(SPOKEN, in_time=True)

    def set_variable(self, name: str, value: str) -> None:
        """There is no dialplan."""

    def ended(self) -> None:
        """Note where a call ended before its conversation."""
        turn = self._turns[0]
        if turn.does not in ("", HANGS_UP) or self._heard < len(turn.lines):
            self._wrong("ends the call")

    def _hear(self, sound: str) -> Turn:
        turn, said = self._turns[0], self._text(sound)
        expected = turn.lines[self._heard].removesuffix(CUT) if self._heard < len(turn.lines) else "nothing"
        if said != expected:
            self._goes_astray(f"says {said!r}")
        self._heard += 1
        if turn.does == HANGS_UP and self._heard == len(turn.lines):
            raise CallerHungUp
        return turn

    def _all_heard(self, what: str) -> None:
        if self._heard < len(self._turns[0].lines):
            self._goes_astray(what)

    def _does(self, only: str = "") -> str | None:
        does = self._turns[0].does
        if not does or (only and does != only) or (does == SPEAKS and not only):
            self._goes_astray(only or "waits for the caller")
            raise CallerHungUp
        if does == HANGS_UP:
            raise CallerHungUp
        self._before, self._heard = f"after the caller {does!r}", 0
        self._turns.popleft()
        return None if does in (SILENT, SPEAKS) else does.removeprefix(PRESSES)

    def _goes_astray(self, what: str) -> None:
        if not self._lenient:
            self._wrong(what)
            raise CallerHungUp

    def _wrong(self, what: str) -> None:
        turn = self._turns[0]
        rest = [*turn.lines[self._heard :], f"(the caller {turn.does})" if turn.does else "(the end)"]
        self.astray = self.astray or f"{self._before} the line {what}, and the page has {rest[0]!r}"
