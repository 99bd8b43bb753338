"""A caller with a stopwatch: takes a real call, presses planned keys, and notes when each clip begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any, Self

from ivr.callflow import script
from ivr.callflow.actions import Action, Ask, Clip, Key, Look, Moment, Record, Say, Silence
from ivr.callflow.line import Entry, Line
from ivr.problems import ToMend

A_KEY = 0.3  # seconds that a returning caller takes for each key

Lengths = Mapping[tuple[str, str], float]


class LengthUnknown(ToMend):
    """A clip has no length yet; the sentence says what to do."""


@dataclass(frozen=True)
class Press:
    """A key and the clip that names it."""

    key: str
    named_by: Clip


@dataclass
class Stopwatch:
    """A caller who presses what was planned and is silent then; it ends with the tone, or with the call.

    Who `listens` presses a key when the clip that names it has ended; others press every key at once. `lengths`
    holds the seconds of each clip by language and id; `begun` the seconds from the answer to each clip, and `tone`
    those to the tone, never where nothing is recorded.
    """

    lengths: Lengths
    clock: datetime
    presses: list[Press]
    listens: bool
    elapsed: float = 0.0
    begun: dict[Clip, float] = field(default_factory=dict)
    tone: float = inf

    def call(self, line: Line, entry: Entry) -> Self:
        """Take one call to its end; raise `LengthUnknown` for a clip that no release holds."""
        story = script.call(line, entry)
        answer: object = None
        while self.tone == inf:
            try:
                answer = self._perform(story.send(answer))
            except StopIteration:
                break
        story.close()
        return self

    def _perform(self, action: Action[Any]) -> object:
        match action:
            case Ask():
                return self._ask(action)
            case Say():
                for clip in action.clips:
                    self._hear(clip)
            case Look():
                return Moment(self.clock, self.elapsed)
            case Record():
                self.tone = self.elapsed
        return None

    def _ask(self, ask: Ask) -> Key | Silence:
        if self.presses and not self.listens:
            self.elapsed += A_KEY
            return Key(self.presses.pop(0).key, 0)
        for position, clip in enumerate(ask.clips):
            self._hear(clip)
            if self.presses and self.presses[0].named_by == clip:
                return Key(self.presses.pop(0).key, position)
        self.elapsed += ask.patience
        return Silence()

    def _hear(self, clip: Clip) -> None:
        self.begun.setdefault(clip, self.elapsed)
        try:
            self.elapsed += self.lengths[clip.language, clip.id]
        except KeyError:
            raise LengthUnknown(f"The clip {clip.language}/{clip.id} is not made yet: run `ivr build`.") from None
