"""The line as a story sees it: languages, menus and sections by their ids, never a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.callflow.actions import Clip

MAIN = "main"
AGAIN, PERSON, WITNESS, HOME, UP, NEXT = "7", "8", "9", "0", "*", "#"
CHOICES = ("1", "2", "3", "4", "5", "6")


@dataclass(frozen=True)
class Language:
    """A language and its printed key (`0` and a digit on the second page), kept even while it is not `ready`.

    `instead` is the language in which its speakers are told that it is not ready.
    """

    code: str
    key: str
    ready: bool
    instead: str = ""
    draft: bool = False


@dataclass(frozen=True)
class Choice:
    """Where a key of a menu leads: exactly one of a section, a menu, or what is open now."""

    section: str = ""
    menu: str = ""
    now: bool = False


@dataclass(frozen=True)
class Menu:
    """Choices by key, in the order in which they are said."""

    id: str
    choices: Mapping[str, Choice]


@dataclass(frozen=True)
class Section:
    """Clip ids in order; those in `write_down` are numbers and addresses that key 7 repeats alone."""

    id: str
    clips: tuple[str, ...]
    write_down: frozenset[str] = frozenset()
    old: bool = False
    legal: bool = False
    then: str = ""


@dataclass(frozen=True)
class Limits:
    """Seconds: of a call, of one recording, of patience after a prompt and after a section."""

    call: float = 1200
    report: float = 1200
    patience: float = 4
    after_section: float = 2.5


def _nothing_open(at: datetime, language: str) -> tuple[tuple[Clip, ...], ...]:  # noqa: ARG001 - a line without services
    return ()


@dataclass(frozen=True)
class Notices:
    """What volunteers announce at a place now: said first, each as its clips; `silent` clips are not said meanwhile."""

    first: tuple[tuple[Clip, ...], ...] = ()
    silent: frozenset[str] = frozenset()


def _no_notices(place: str, at: datetime, language: str) -> Notices:  # noqa: ARG001 - a line without volunteers
    return Notices()


def _nobody(section: str, at: datetime) -> bool:  # noqa: ARG001 - a line that calls nobody
    return False


@dataclass(frozen=True)
class Line:
    """Everything that a story needs; one frozen value for the length of a call.

    `open_now` gives what is open at a time, nearest need first, each entry as its clips; `notices` what volunteers
    announce at a place (a section, or `without-keys`) at a time. `services` are those that a notice may be about.
    `on_duty` tells whether a section offers to speak with a person at a time.
    `fuzzy` holds the clips whose English changed after they were translated, `old_services` the clips of
    services that nobody confirmed lately.
    """

    languages: tuple[Language, ...]
    most_used: tuple[str, ...]
    menus: Mapping[str, Menu]
    sections: Mapping[str, Section]
    limits: Limits = Limits()
    fuzzy: frozenset[Clip] = frozenset()
    witness_number: bool = False
    old_services: frozenset[str] = frozenset()
    services: tuple[str, ...] = ()
    open_now: Callable[[datetime, str], tuple[tuple[Clip, ...], ...]] = field(default=_nothing_open, compare=False)
    notices: Callable[[str, datetime, str], Notices] = field(default=_no_notices, compare=False)
    on_duty: Callable[[str, datetime], bool] = field(default=_nobody, compare=False)

    @property
    def offered(self) -> tuple[Language, ...]:
        """The languages that a caller can choose, in the order of their keys."""
        return tuple(language for language in self.languages if language.ready)

    def essentials(self, at: datetime, language: str) -> tuple[Clip, ...]:
        """Return what is most needed, for somebody who presses nothing: the notices first, where there are any."""
        notices = self.notices("without-keys", at, language)
        usual = () if "essentials" in notices.silent else (Clip(language, "essentials"),)
        return (*(clip for clips in notices.first for clip in clips), *usual)

    def language(self, code: str) -> Language | None:
        """Return the offered language of that code."""
        return next((language for language in self.offered if language.code == code), None)


@dataclass(frozen=True)
class Entry:
    """How a call came in: on which number, with which language preset, and which key it is to be taught.

    `studio` is the volunteers' own number, `canary` the line's own call, which no figure counts.
    """

    witness: bool = False
    studio: bool = False
    canary: bool = False
    language: str = ""
    lesson: int = 0
