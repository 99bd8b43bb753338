"""The thread of one call: its language, what was said already, its time, and the places it can be."""

from collections.abc import Collection
from dataclasses import dataclass

from ivr.callflow.actions import Ask, Clip, Key, Look, Say, Silence, Story, do
from ivr.callflow.line import AGAIN, HOME, MAIN, NEXT, UP, WITNESS, Entry, Language, Line

LAST_MINUTE = 60.0
BETWEEN_KEYS = 6.0
LESSONS = ("hint-again", "hint-main", "hint-up", "hint-next", "hint-witness")
TWICE = 2
CHANGED = "changed"


@dataclass(frozen=True)
class AtLanguages:
    """Choosing a language; `pressed` is a key that already came."""

    pressed: str = ""


@dataclass(frozen=True)
class WithoutKeys:
    """What is most needed, read out to somebody who presses nothing."""


@dataclass(frozen=True)
class AtMenu:
    """In a menu; `trail` leads from the main menu to it."""

    trail: tuple[str, ...] = (MAIN,)


@dataclass(frozen=True)
class InSection:
    """Hearing a section that was chosen in the last menu of `trail`."""

    trail: tuple[str, ...]
    section: str


@dataclass(frozen=True)
class OpenNow:
    """Hearing what is open now, chosen in the last menu of `trail`."""

    trail: tuple[str, ...]


@dataclass(frozen=True)
class AtWitness:
    """On the witness line."""


@dataclass(frozen=True)
class AtGoodbye:
    """Taking leave; a key still brings the caller back."""


Place = AtLanguages | WithoutKeys | AtMenu | InSection | OpenNow | AtWitness | AtGoodbye


class TimeIsUp(Exception):
    """The call has lasted as long as a call may."""


class Conversation:
    """What one call remembers while it lasts."""

    def __init__(self, line: Line, entry: Entry) -> None:
        self.line = line
        self.entry = entry
        self.language: Language | None = line.language(entry.language)
        self.recorded = 0.0
        self.receipts_tried = 0
        self.has_receipt = False
        self._told: set[str] = set()

    @property
    def voices(self) -> tuple[str, ...]:
        """The codes in which the line speaks: the caller's language, else those most used."""
        if self.language:
            return (self.language.code,)
        return self.line.most_used

    def say(self, *ids: str) -> tuple[Clip, ...]:
        """Return the clips of these sentences, in every language in which the line speaks."""
        return tuple(Clip(voice, clip) for voice in self.voices for clip in ids)

    def once(self, clip: str) -> tuple[Clip, ...]:
        """Return a sentence that a call needs to hear only once, or nothing if it was said."""
        if clip in self._told:
            return ()
        self._told.add(clip)
        return self.say(clip)

    def lesson(self) -> tuple[Clip, ...]:
        """Return the one key that this call is taught, once."""
        return self.once(LESSONS[self.entry.lesson % len(LESSONS)])

    def doubted(self, clips: tuple[Clip, ...]) -> tuple[Clip, ...]:
        """Return the clips, with a warning before the first in each language whose English has changed since."""
        if self.line.fuzzy.isdisjoint(clips):
            return clips
        said: list[Clip] = []
        for clip in clips:
            warning = Clip(clip.language, CHANGED)
            if clip in self.line.fuzzy and clip != warning and warning not in said:
                said.append(warning)
            said.append(clip)
        return tuple(said)

    def ask(self, clips: tuple[Clip, ...], patience: float = 0) -> Story[Key | Silence]:
        """Ask, after a warning in the call's last minute; a call that is over its time ends here."""
        moment = yield from do(Look())
        left = min(self.line.limits.call, moment.longest) + self.recorded - moment.elapsed
        if left <= 0:
            raise TimeIsUp
        if left <= LAST_MINUTE and (warning := self.once("minute-left")):
            answer = yield from do(Ask(warning, 0))
            if isinstance(answer, Key):
                return answer
        return (yield from do(Ask(self.doubted(clips), patience)))

    def offer(self, clips: tuple[Clip, ...], patience: float) -> Story[Key | Silence]:
        """Ask with choices that `#` skips one by one; a skipped last choice leaves the patience."""
        rest = clips
        while True:
            rest = self.doubted(rest)  # first: what was skipped is counted in what was said
            answer = yield from self.ask(rest, patience)
            if not (isinstance(answer, Key) and answer.pressed == NEXT and rest):
                return answer
            rest = rest[answer.during + 1 :]

    def choose(self, said: tuple[Clip, ...], keys: Collection[str]) -> Story[str]:
        """Return which of the keys was pressed; nothing for star, or when nothing useful came three times."""
        useless = 0
        before: tuple[Clip, ...] = ()
        while useless <= TWICE:
            answer = yield from self.ask(before + said, self.line.limits.patience)
            before = ()
            if isinstance(answer, Silence):
                useless += 1
            elif answer.pressed in keys:
                return answer.pressed
            elif answer.pressed == UP:
                return ""
            elif answer.pressed != AGAIN:
                useless += 1
                before = self.say("wrong-menu")
        return ""

    def digits(self, said: tuple[Clip, ...], count: int) -> Story[str]:
        """Collect so many keys; `*` begins anew, `#` or a long silence ends."""
        digits = ""
        while len(digits) < count:
            answer = yield from self.ask(said, BETWEEN_KEYS)
            said = ()
            if isinstance(answer, Silence) or answer.pressed == NEXT:
                break
            digits = "" if answer.pressed == UP else digits + answer.pressed
        return digits

    def last_words(self, *ids: str) -> Story[None]:
        """Say what no key cuts."""
        yield from do(Say(self.doubted(self.say(*ids))))


def everywhere(key: str, trail: tuple[str, ...]) -> Place | None:
    """Return where a key leads that means the same in every menu and section, else nothing."""
    if key == WITNESS:
        return AtWitness()
    if key == HOME:
        return AtMenu()
    if key == UP:
        return AtMenu(trail[:-1]) if len(trail) > 1 else AtLanguages()
    return None
