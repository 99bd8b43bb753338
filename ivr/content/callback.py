"""Calling back: which numbers, by their exact prefixes, and how many of them in an hour; a file of its own.

Without the file nobody is called back.
"""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from ivr.content.models import Model, Name
from ivr.content.own_file import read_own
from ivr.problems import ToMend

Prefix = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{0,14}$")]
NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_TOLD = re.compile(r"[<:](\+?[0-9]+)@")


class CallBackBroken(ToMend):
    """The file cannot be used; the sentence names it, the place and what to do."""


class CallBack(Model):
    """The trunk's endpoint that calls, and the calls an hour by prefix: the longest that fits decides, else none.

    `country` is the code of numbers that come without one (`33` for 06…). `shows` is the line's own number, which
    the called telephone shows; empty shows none.
    """

    trunk: Name
    country: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}$")]
    shows: Annotated[str, StringConstraints(pattern=r"^(\+?[0-9]{3,15})?$")] = ""
    prefixes: dict[Prefix, Annotated[int, Field(ge=0)]] = Field(min_length=1)

    def number(self, told: str) -> str:
        """Return the whole number in what SIP's From header tells, as +33…; empty where there is none to call.

        A trunk may tell it as 06…, 00336…, +336… or 336…: what begins with neither 0 nor + is taken as whole.
        Whether it may be called is the prefixes' to say.
        """
        found = _TOLD.findall(told)
        digits = found[-1] if found else ""  # a name before the address could hold another
        if digits.startswith("00"):
            digits = f"+{digits[2:]}"
        elif digits.startswith("0"):
            digits = f"+{self.country}{digits[1:]}"
        elif digits and not digits.startswith("+"):
            digits = f"+{digits}"
        return digits if NUMBER.fullmatch(digits) else ""

    def prefix(self, number: str) -> str:
        """Return the prefix that decides about a number; empty where none fits."""
        return max((one for one in self.prefixes if number.startswith(one)), key=len, default="")


def call_back_of(file: Path) -> CallBack:
    """Read the file. Raise CallBackBroken."""
    return read_own(file, CallBack, CallBackBroken)
