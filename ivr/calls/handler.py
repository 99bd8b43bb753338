"""Performs the actions of a story on a phone, and apologises when anything of ours breaks."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from math import inf
from typing import Any, Protocol

from ivr.callflow.actions import (
    Action,
    Ask,
    AskKept,
    Clip,
    Connect,
    FindReceipt,
    HearAnswer,
    IssueReceipt,
    Key,
    Look,
    Moment,
    Note,
    Reached,
    Record,
    Say,
    Silence,
    Story,
)
from ivr.callflow.errands import Errand
from ivr.calls import discreet
from ivr.calls.agi import CallerHungUp, SoundMissing, T, Tape, WireBroken, first_there
from ivr.calls.house import House

log = logging.getLogger(__name__)


class Phone(Protocol):
    """What a call needs of a telephone; the AGI wire is one, the simulator another."""

    def play(self, sound: str) -> str | None:
        """Play a sound, return the key that cut it."""

    def say(self, sound: str) -> None:
        """Play a sound that no key cuts."""

    def wait(self, seconds: float) -> str | None:
        """Return the key that came in time."""

    def record(self, sound: str, seconds: float) -> Tape:
        """Sound the tone and record."""

    def connect(self, number: str, rings: int, longest: int) -> bool:
        """Call a number for the caller; tell whether they spoke."""

    def set_variable(self, name: str, value: str) -> None:
        """Tell the dialplan."""


class NothingToHear(Exception):
    """Not one sound of what was to be said is there."""


class Handler:
    """One call: a story on one side, a phone and the house on the other."""

    def __init__(
        self,
        phone: Phone,
        sounds: Callable[[Clip], tuple[str, ...]],
        house: House,
        clock: Callable[[], datetime],
        longest: Callable[[str], float] = lambda _: inf,
    ) -> None:
        """Begin a call that was just answered.

        `sounds` tells where a clip is, or else might be; `longest` gives the seconds that the call may last at the
        place it reached.
        """
        self._phone = phone
        self._sounds = sounds
        self._house = house
        self._clock = clock
        self._longest = longest
        self._answered = time.monotonic()
        self._reached = Reached("", "")

    def run(self, story: Story[None], most_used: tuple[str, ...]) -> None:
        """Run a story to its end; whatever breaks, the caller hears of it, and a witness is recorded.

        Where not even the apology is there, the call is left to the dialplan, which keeps one of its own.
        Raises `CallerHungUp` where the phone is gone, whatever took it.
        """
        try:
            self._tell(story)
        except CallerHungUp:
            raise
        except WireBroken as error:
            self._log.warning("a connection ended: %s", error)
            raise CallerHungUp from error
        except Exception as error:  # noqa: BLE001 - logged by the logger of this kind of call
            if not isinstance(error, NothingToHear):  # of which every clip was told already
                self._log.exception("a call broke at %s", self._reached.place)
            if not self._apologise((self._reached.language,) if self._reached.language else most_used):
                return
        finally:
            story.close()
            self._house.leave()
        self._phone.set_variable("IVR_DONE", "yes")

    @property
    def _log(self) -> logging.Logger:
        return discreet.log if self._reached.place == "witness" else log

    def _tell(self, story: Story[None]) -> None:
        answer: object = None
        try:
            while True:
                answer = self._perform(story.send(answer))
        except StopIteration:
            return

    def _perform(self, action: Action[Any]) -> object:  # noqa: C901, PLR0911, PLR0912 - one line a kind of action
        match action:
            case Ask():
                return self._ask(action)
            case Say():
                self._say(action.clips)
            case Look():
                elapsed = time.monotonic() - self._answered
                return Moment(self._clock(), elapsed, self._longest(self._reached.place))
            case Reached():
                self._reach(action)
            case Record():
                return self._house.record(self._phone, action)
            case Note():
                self._house.note(action)
            case AskKept():
                return self._house.kept()
            case IssueReceipt():
                return self._house.issue_receipt()
            case FindReceipt():
                return self._house.find_receipt(action.digits)
            case HearAnswer():
                return self._hear_answer()
            case Connect():
                return self._house.connect(self._phone, action.section)
            case Errand():
                return self._house.run(action)
            case _:
                raise TypeError(f"no one performs {action!r}.")
        return None

    def _ask(self, ask: Ask) -> Key | Silence:
        missing = 0
        for position, clip in enumerate(ask.clips):
            try:
                if key := self._play(clip):
                    return Key(key, position)
            except SoundMissing:
                missing += 1
        if missing and missing == len(ask.clips):
            raise NothingToHear
        key = self._phone.wait(ask.patience) if ask.patience else None
        return Key(key, len(ask.clips)) if key else Silence()

    def _play(self, clip: Clip) -> str | None:
        try:
            return self._find(clip, self._phone.play)
        except SoundMissing:
            if clip.id == "missing":
                raise
        return self._play(Clip(clip.language, "missing"))

    def _say(self, clips: tuple[Clip, ...]) -> bool:
        """Say what no key cuts; tell whether any of it was there."""
        heard = False
        for clip in clips:
            with suppress(SoundMissing):
                self._find(clip, self._phone.say)
                heard = True
        return heard

    def _find(self, clip: Clip, play: Callable[[str], T]) -> T:
        """Play a clip from where it is; say so and raise SoundMissing where it is nowhere."""
        try:
            return first_there(self._sounds(clip), play)
        except SoundMissing:
            self._log.error("the clip %s/%s is missing: run `ivr build`", clip.language, clip.id)
            raise

    def _hear_answer(self) -> Key | Silence:
        sound = self._house.answer()
        key = self._phone.play(sound) if sound else None
        return Key(key, 0) if key else Silence()

    def _reach(self, reached: Reached) -> None:
        if reached.language != self._reached.language:
            self._phone.set_variable("IVR_LANGUAGE", reached.language)
        self._reached = reached

    def _apologise(self, languages: tuple[str, ...]) -> bool:
        """Apologise, and record a witness; tell whether the apology was there."""
        if self._reached.place != "witness":
            return self._say(tuple(Clip(code, clip) for code in languages for clip in ("apology", "goodbye")))
        if not self._say(tuple(Clip(code, "apology-witness") for code in languages)):
            return False
        self._house.record(self._phone, Record(self._house.longest))
        self._say(tuple(Clip(code, "goodbye") for code in languages))
        return True
