"""The rota: whom the line may call for a caller, of which section, when; a file of its own, for numbers are private.

Nothing but the exact numbers in it can ever be dialled, and without the file nothing can.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from opening_hours import OpeningHours
from pydantic import AfterValidator, Field, StringConstraints

from ivr.content.models import Model, Name
from ivr.content.notation import COUNTRY
from ivr.content.own_file import read_own
from ivr.problems import ToMend

NUMBER = r"^\+?[0-9]{3,15}$"


class RotaBroken(ToMend):
    """The rota cannot be used; the sentence names the file, the place and what to do."""


def _hours(expression: str) -> str:
    try:
        OpeningHours(expression, country=COUNTRY)
    except Exception as error:  # the library's own error is not in its types
        raise ValueError("are no hours: write them like Mo-Fr 14:00-18:00.") from error
    return expression


class Person(Model):
    """Somebody on the rota: an exact number, the hours as in OpenStreetMap, and the seconds that it rings."""

    number: Annotated[str, StringConstraints(pattern=NUMBER)]
    hours: Annotated[str, AfterValidator(_hours)] = "24/7"
    rings: int = Field(25, ge=5, le=60)

    def on_duty(self, at: datetime) -> bool:
        """Tell whether it is their time, by the clock on the wall."""
        return bool(OpeningHours(self.hours, country=COUNTRY).is_open(at.replace(tzinfo=None)))


class Rota(Model):
    """People by section, in the order in which they are called; the trunk's endpoint that calls them; two caps.

    `minutes` is the longest that a caller and a person may speak, `calls` how many are made on a day, in all.
    """

    trunk: Name
    minutes: int = Field(10, ge=1, le=60)
    calls: int = Field(20, ge=1)
    sections: dict[Name, tuple[Person, ...]] = Field(min_length=1)

    def now(self, section: str, at: datetime) -> tuple[Person, ...]:
        """Return who is on duty for a section, the first to call first."""
        return tuple(person for person in self.sections.get(section, ()) if person.on_duty(at))

    @property
    def people(self) -> dict[str, Person]:
        """Return everybody by their number: all that may be dialled."""
        return {person.number: person for people in self.sections.values() for person in people}


def rota_of(file: Path) -> Rota:
    """Read the rota. Raise RotaBroken."""
    return read_own(file, Rota, RotaBroken)
