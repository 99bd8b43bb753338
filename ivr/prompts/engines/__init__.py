"""What every engine offers; an engine turns words into sound and is one module of this folder."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from ivr.problems import ToMend
from ivr.prompts.manifest import Voice


class SynthesisFailed(ToMend):
    """An engine did not speak; the sentence says why and what to do."""


@dataclass(frozen=True)
class Speech:
    """What an engine said or a person recorded: mono, signed 16-bit samples, `rate` of them a second."""

    pcm: bytes
    rate: int


class Engine(Protocol):
    """An engine; asking its version or whether it can speak must be quick, for each build asks.

    `online` engines send the words to somebody else's computer, so somebody has to allow them.
    """

    online: bool

    def version(self) -> str:
        """Return what, besides words and voice, decides the sound: a new version makes every clip anew."""

    def can_speak(self, voice: Voice) -> bool:
        """Tell whether this machine has the voice."""

    def speak(self, text: str, voice: Voice, *, slow: bool) -> Speech:
        """Return the spoken text, slowly if people write it down; raise SynthesisFailed."""


@cache
def engines() -> tuple[str, ...]:
    """Return the names of all engines."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def engine(name: str) -> Engine:
    """Return the engine of that name (one an interpreter); raise SynthesisFailed if there is none."""
    if name not in engines():
        raise SynthesisFailed(f"There is no engine {name!r}: name one of {', '.join(engines())} in languages.yaml.")
    return cast("Engine", import_module(f"{__name__}.{name}").ENGINE)
