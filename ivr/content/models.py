"""The shape of every file that a volunteer writes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from ivr.callflow.line import Choice

Choice.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined] # the core knows no pydantic

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
NAME, CODE, KEY = r"^[a-z0-9]+([.-][a-z0-9]+)*$", r"^[a-z]{2,3}$", r"^([1-8]|0[1-8])$"
MENU_KEY = r"^[0-9]$"
VOICE = r"^[A-Za-z0-9]+([-_+.][A-Za-z0-9]+)*$"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
Name = Annotated[str, StringConstraints(pattern=NAME)]
VoiceName = Annotated[str, StringConstraints(pattern=VOICE)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
MenuKey = Annotated[str, StringConstraints(pattern=MENU_KEY)]
PrintedKey = Annotated[str, StringConstraints(pattern=KEY)]


class Model(BaseModel):
    """Extra keys are mistakes; a value never changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def first_mistake(error: ValidationError) -> str:
    """Return the first mistake as one sentence with its place; a number of a telephone is a word for YAML."""
    one = error.errors()[0]
    place = ".".join(str(part) for part in one["loc"])
    why = one["msg"].removeprefix("Value error, ").removesuffix(".")
    mend = ": write it in quotation marks" if one["type"] == "string_type" else ""
    return f"{place}{': ' if place else ''}{why}{mend}."


class LanguageEntry(Model):
    """A language of the line: its own name, its printed key, and the voices that speak it."""

    code: Code
    name: Words
    key: PrintedKey
    voices: dict[Name, VoiceName] = Field(
        default_factory=dict, description="By engine, its own name for the voice; the best first. Takes win over all."
    )
    pins: dict[Name, Name] = Field(default_factory=dict, description="By clip, the engine that is to speak it.")
    speed: int = Field(140, ge=80, le=260, description="Words a minute.")
    instead: Code = "en"
    when_first: bool = Field(default=False, description="Of an open service, say first when, then which.")
    reviewer: str = ""
    reviewed: date | None = None


class LanguagesFile(Model):
    """`languages.yaml`, in the order in which the languages are offered."""

    languages: tuple[LanguageEntry, ...]
    most_used: tuple[Code, ...] = Field(min_length=1, max_length=3)


class Phrase(Model):
    """A sentence, what its translators should know, and the services of which it `tells` when or where they are.

    While a notice changes one of these services, the sentence is not said: the notice is.
    """

    says: Words
    note: str = ""
    tells: tuple[Name, ...] = ()


class FixedPhrase(Phrase):
    """A sentence of the line itself; those with `languages` are for volunteers, and no other language needs them."""

    languages: tuple[Code, ...] = ()


class PhrasesFile(Model):
    """`phrases.yaml`."""

    phrases: dict[Name, FixedPhrase]


class ClipEntry(Phrase):
    """One idea of a section; `write_down` marks a number or an address."""

    id: Name
    write_down: bool = False


class SectionFile(Model):
    """`leaflet/<section>.yaml`; `checked` is the day on which a person last confirmed it.

    Notices of its `services` are said first in it.
    """

    title: Words
    source: Words
    checked: date | Literal["never"]
    legal: bool = False
    then: str = ""
    services: tuple[Name, ...] = ()
    clips: tuple[ClipEntry, ...] = Field(min_length=1)


class MenuFile(Model):
    """`menus/<menu>.yaml`; the callflow's own `Choice` says where a key leads."""

    title: Words
    choices: dict[MenuKey, Choice]


class Start(Model):
    """A service of which only the beginning is known; it counts as open for `lasts` minutes."""

    days: Words
    at: Annotated[str, StringConstraints(pattern=rf"^{CLOCK}$")]
    lasts: int = Field(60, ge=5, le=720)


class Closure(Model):
    """From one day to another, both included, nothing begins."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class OneOff(Model):
    """Open on one day, whatever else is written."""

    on: date
    hours: Annotated[str, StringConstraints(pattern=rf"^{CLOCK}-{CLOCK}$")]


class Move(Model):
    """From one day to another, both included, it begins at another hour, and nobody knows how long it lasts."""

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    at: Annotated[str, StringConstraints(pattern=rf"^{CLOCK}$")]


class Times(Model):
    """When a service is open, and which need it meets.

    Exactly one of hours, starts, days, condition and unknown says when; days are surely over by `over_by`.
    With `every_weeks` only each so many weeks, counted from the week of `anchor`; without an anchor nobody
    knows which. `telephone` is a leaflet clip that is said with it.
    """

    need: Literal["food", "washing", "doctor", "shelter", "clothes", "learning"]
    hours: str = ""
    starts: Start | None = None
    days: str = ""
    over_by: Annotated[str, StringConstraints(pattern=rf"^({CLOCK}|24:00)$")] = "24:00"
    condition: str = ""
    unknown: bool = False
    every_weeks: int = Field(1, ge=1, le=52)
    anchor: date | None = None
    closed: tuple[Closure, ...] = ()
    opened: tuple[OneOff, ...] = ()
    moved: tuple[Move, ...] = ()
    telephone: str = ""


class ServiceFile(Times):
    """`services/<service>.yaml`."""

    says: Words
    source: Words
    checked: date | Literal["never"]


class Fact(Model):
    """A figure, deadline, address, number or name, written once for all languages."""

    kind: Literal["number", "hour", "telephone", "address", "name", "website"]
    value: Words | NonNegativeInt

    @model_validator(mode="after")
    def _fits(self) -> Self:
        value = str(self.value)
        if (self.kind == "number") != isinstance(self.value, int):
            raise ValueError("does not fit its kind: only a number is a plain number.")
        if self.kind == "hour" and not re.fullmatch(CLOCK, value):
            raise ValueError("is no hour of the day: write it like 18:00.")
        if self.kind == "telephone" and not re.fullmatch(r"[0-9 .+()-]*[0-9][0-9 .+()-]*", value):
            raise ValueError("is no telephone number: write its digits.")
        return self


class Conflict(Model):
    """Where the source contradicts itself, and what was chosen."""

    fact: Name
    says: tuple[str, ...]
    chosen: str
    why: Words


class FactsFile(Model):
    """`facts.yaml`."""

    facts: dict[Name, Fact]
    conflicts: tuple[Conflict, ...] = ()


class Lexicon(Model):
    """`lexicons/<code>.yaml`: numbers in words, and names written so that the voice says them right.

    `hours` holds the words for hours of the clock, 0 to 24, where they are not those of the numbers.
    """

    numbers: dict[NonNegativeInt, Words] = Field(default_factory=dict)
    hours: dict[Annotated[int, Field(ge=0, le=24)], Words] = Field(default_factory=dict)
    names: dict[str, Words] = Field(default_factory=dict)


class Budget(Model):
    """The most seconds that three callers may wait (`seconds.Wait` says who they are)."""

    newcomer: float | None = Field(None, gt=0)
    own_number: float | None = Field(None, gt=0)
    returning: float | None = Field(None, gt=0)


class BudgetsFile(Model):
    """`budgets.yaml`: what holds for every section, what for one, what until the witness tone, and for a clip."""

    every_section: Budget = Budget()
    sections: dict[Name, Budget] = Field(default_factory=dict)
    witness_tone: Budget = Budget()
    longest_clip: float | None = Field(None, gt=0)


@dataclass(frozen=True)
class Sentence:
    """A translated sentence; `fuzzy` where the English has changed since."""

    text: str
    fuzzy: bool = False


@dataclass(frozen=True)
class Content:
    """All that is written, as it was read; whether it fits together is `check`'s business."""

    languages: tuple[LanguageEntry, ...] = ()
    most_used: tuple[str, ...] = ()
    phrases: Mapping[str, FixedPhrase] = field(default_factory=dict)
    sections: Mapping[str, SectionFile] = field(default_factory=dict)
    services: Mapping[str, ServiceFile] = field(default_factory=dict)
    menus: Mapping[str, MenuFile] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, Sentence]] = field(default_factory=dict)
    budgets: BudgetsFile = field(default_factory=BudgetsFile)
