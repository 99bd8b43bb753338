"""A conversation as a page to read: what the line said, what the caller did."""

from collections.abc import Callable
from io import StringIO
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from ivr.calls.agi import CallerHungUp, Tape
from ivr.calls.handler import Phone

SILENT, SPEAKS, HANGS_UP, PRESSES = "is silent", "speaks", "hangs up", "presses "
T = TypeVar("T")
CUT = " …"  # ends a sentence that a key cut short


class Transcript:
    """A phone that hands everything to another one, and writes it down."""

    def __init__(self, phone: Phone, text: Callable[[str], str]) -> None:
        self._phone = phone
        self._text = text
        self._turns: list[tuple[str, list[str]]] = []

    def play(self, sound: str) -> str | None:
        """Write what is said, and the key that cuts it."""
        self.say_line(sound)
        key = self._do(lambda: self._phone.play(sound))
        if key:
            self._turns[-1][1][-1] += CUT
            self._write("caller", PRESSES + key)
        return key

    def say(self, sound: str) -> None:
        """Write what is said."""
        self.say_line(sound)
        self._do(lambda: self._phone.say(sound))

    def wait(self, seconds: float) -> str | None:
        """Write the key, or the silence."""
        key = self._do(lambda: self._phone.wait(seconds))
        self._write("caller", PRESSES + key if key else SILENT)
        return key

    def record(self, sound: str, seconds: float) -> Tape:
        """Write that the caller speaks."""
        self._write("caller", SPEAKS)
        return self._do(lambda: self._phone.record(sound, seconds))

    def connect(self, number: str, rings: int, longest: int) -> bool:
        """Call nobody: a rehearsal has no rota."""
        return self._phone.connect(number, rings, longest)

    def set_variable(self, name: str, value: str) -> None:
        """Hand it on."""
        self._phone.set_variable(name, value)

    def say_line(self, sound: str) -> None:
        """Write a sentence of the line."""
        self._write("line", self._text(sound))

    def page(self, **header: str | int) -> str:
        """Return the conversation as YAML that reads as prose."""
        yaml, page = YAML(), StringIO()
        yaml.width = 110
        turns = [
            {who: LiteralScalarString("\n".join(lines) + "\n") if who == "line" else lines[0]}
            for who, lines in self._turns
        ]
        yaml.dump({**header, "conversation": turns}, page)
        return page.getvalue()

    def _write(self, who: str, text: str) -> None:
        if who == "line" and self._turns and self._turns[-1][0] == "line":
            self._turns[-1][1].append(text)
        else:
            self._turns.append((who, [text]))

    def _do(self, act: Callable[[], T]) -> T:
        try:
            return act()
        except CallerHungUp:
            self._write("caller", HANGS_UP)
            raise
