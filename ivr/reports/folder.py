"""A report on disk: a folder with a random name, sealed files, and a card to read without a key.

<report>/report.json              day, state, complete or not, and every file's digest: the card
         0001-0001.sln.age …       the first part's sound, 2.048 seconds a file: age -d and sox play it
         0001-end.json.age        sealed when the part ended: exact length, digests of the plain sound
         0001-note-<random>.json.age  sealed: language, urgency, the caller's choices
         receipt.json             the receipt's tag and public key (receipt.py)
         answer-<random>.wav.age  a spoken answer, sealed to the receipt alone (answer.py)
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from ivr.problems import ToMend
from ivr.reports import disk
from ivr.reports.memory import REPORT_NAME, Part

CARD: Final = "report.json"
SEALED: Final = re.compile(r"(?P<number>[0-9]{4})-(?P<what>[0-9]{4}\.sln|end\.json|note-[a-z0-9]+\.json)\.age")


class State(StrEnum):
    """How far the people entrusted are with a report."""

    NEW = "new"
    OPENED = "opened"
    DONE = "done"


class NoSuchReport(ToMend):
    """There is no report of this name: `ivr reports list` shows them."""


@dataclass(frozen=True)
class Card:
    """What anybody may know of a report; `files` maps a sealed file's name to its SHA-256 in hexadecimal."""

    day: str
    state: State = State.NEW
    complete: bool = False
    generation: int = 1  # counts how often it was sealed anew (rekey.py)
    trial: bool = False  # made by `ivr reports test`, not by a caller
    done: str = ""  # the day it was marked done
    announced: str = ""  # the day its deletion was announced
    files: dict[str, str] = field(default_factory=dict)


def new_name() -> str:
    """Return a random name for a report: 20 hexadecimal digits, nothing of the call in it."""
    return secrets.token_hex(10)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, as `sha256sum` prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, order=True)
class Report:
    """One report's folder; nothing here needs or holds a key."""

    path: Path

    @property
    def name(self) -> str:
        """The random name."""
        return self.path.name

    def begin(self, card: Card | None = None) -> None:
        """Create the folder and its card, so that both last; a report that exists is left as it is."""
        if not self.path.is_dir():
            self.path.mkdir(mode=0o750, parents=True)
        if not (self.path / CARD).exists():
            self.write_card(card or Card(day=disk.today().isoformat()))
            disk.blur(self.path.parent, disk.today())
            disk.settle(self.path.parent)

    def card(self) -> Card:
        """Read the card. Raises NoSuchReport."""
        try:
            told = json.loads((self.path / CARD).read_bytes())
            return _fitting(Card(**{**told, "state": State(told["state"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise NoSuchReport(f"{self.path} is not a report: `ivr reports list` shows them.") from error

    def write_card(self, card: Card) -> None:
        """Replace the card."""
        disk.put(self.path / CARD, (json.dumps(asdict(card), indent=1) + "\n").encode())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the report for a change of its card; others that would change it wait."""
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def sealed(self) -> list[str]:
        """Return the names of the sealed files in the order of speaking."""
        return sorted(path.name for path in self.path.iterdir() if SEALED.fullmatch(path.name))

    def slices(self, part: Part) -> list[str]:
        """Return the names of a part's slices of sound, the first first, without a gap."""
        wanted = (part.file(f"{count:04d}.sln") for count in range(1, 10000))
        there = {path.name for path in self.path.iterdir()} if self.path.is_dir() else set()
        names = []
        for name in wanted:
            if name not in there:
                break
            names.append(name)
        return names

    def parts(self) -> list[Part]:
        """Return the parts that have any sealed file."""
        return [Part(self.name, number) for number in sorted({int(name[:4]) for name in self.sealed()})]

    def next_part(self) -> Part:
        """Return a part that nothing was said in yet."""
        return Part(self.name, max((part.number for part in self.parts()), default=0) + 1)

    def ended(self, part: Part) -> bool:
        """Tell whether a part is whole: its recording ended, and all of it is sealed."""
        return (self.path / part.file("end.json")).exists()

    def list_files(self) -> None:
        """Bring the card up to date with the sealed files; what a crash left unlisted is listed now."""
        with self.alone():
            card = self.card()
            names = self.sealed()
            files = {name: card.files.get(name) or digest(self.path / name) for name in names}
            spoken = [part for part in self.parts() if self.slices(part)]
            complete = bool(spoken) and all(map(self.ended, spoken))
            now = replace(card, files={**card.files, **files}, complete=complete)
            if now != card:
                self.write_card(now)

    def verify(self) -> list[str]:
        """Compare every sealed file with the card, without a key; return what is wrong, in sentences."""
        card = self.card()
        there = set(self.sealed())
        wrong = [
            f"{self.name}: {name} is listed on the card and missing." for name in sorted(card.files.keys() - there)
        ]
        wrong += [f"{self.name}: {name} is not listed on the card." for name in sorted(there - card.files.keys())]
        for name in sorted(there & card.files.keys()):
            if digest(self.path / name) != card.files[name]:
                wrong.append(f"{self.name}: {name} was changed after it was sealed.")
        return wrong


def _fitting(card: Card) -> Card:
    """Return a card whose values are of their kinds (it may come from another machine); else raise TypeError."""
    plain = vars(Card(""))
    if not all(isinstance(value, type(plain[name])) for name, value in vars(card).items()):
        raise TypeError
    if not all(isinstance(one, str) for pair in card.files.items() for one in pair):
        raise TypeError
    date.fromisoformat(card.day)
    return card


def all_reports(shelf: Path) -> Iterator[Report]:
    """Yield every report in the folder `shelf`, sorted by name, which is random."""
    if shelf.is_dir():
        for path in sorted(shelf.iterdir()):
            if REPORT_NAME.fullmatch(path.name) and (path / CARD).exists():
                yield Report(path)


def find_report(shelf: Path, name: str) -> Report:
    """Return the report called `name`, or the only one whose name begins so. Raises NoSuchReport."""
    found = [report for report in all_reports(shelf) if report.name.startswith(name)] if name else []
    exact = [report for report in found if report.name == name]
    if len(exact or found) != 1:
        fault = "Several reports begin" if found else "No report begins"
        raise NoSuchReport(f"{fault} with `{name}`: `ivr reports list` shows their names.")
    return (exact or found)[0]
