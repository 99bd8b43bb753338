"""The folder in memory that Asterisk, the call server, the sealer and the receipt process share: who writes what.

recordings/<report>.<part>.sln       Asterisk writes, the sealer empties: 8000 Hertz, 16 bit signed, mono
recordings/<random digits>.sln       the same, by the dialplan alone when the call server is gone
notes/<report>.<part>.<random>.json  the call server's word to the sealer, sealed into the report
tallies/<report>.<part>              the sealer's own: one line for each slice that it sealed
kept/<report>.<part>.json            the sealer's word back to the call server
kept/room.json                       the sealer's word whether another report has room
answers/<random>.sln                 an answer, opened for the one caller who hears it now
receipts/<report>.json               the receipt process's word to the sealer: what of a receipt goes into the report
door/receipts.socket                 where the call server asks the receipt process
spool/outgoing/<random>.call         a call back that Asterisk is to make (ivr/calls/back.py)
figures/today.json                   the call server's own: what was asked for today (ivr/calls/figures.py)
studio/<random>.sln                  what volunteers say in calls that go on; no report, and not the sealer's

Installed, each process is a user of its own, and each folder lets in those named here and nobody else
(scripts/installed/etc/tmpfiles.d). Started by `ivr run`, all of them are one user.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RATE: Final = 8000
BYTES_A_SECOND: Final = RATE * 2
SLICE: Final = 32 * 1024  # what Asterisk's stdio buffer writes at once: 2.048 seconds
REPORT_NAME: Final = re.compile(r"[a-z0-9]{8,40}")
_RECORDING: Final = re.compile(r"(?P<report>[a-z0-9]{8,40})(?:\.(?P<number>[0-9]{1,4}))?")


@dataclass(frozen=True, order=True)
class Part:
    """One recording of a report; `number` is 1 to 9999, and a later call of the same witness counts on."""

    report: str
    number: int

    def __str__(self) -> str:
        return f"{self.report}.{self.number}"

    def file(self, ending: str) -> str:
        """Return the name of one of this part's sealed files; names sort in the order of speaking."""
        return f"{self.number:04d}-{ending}.age"


def part_of(recording: str) -> Part:
    """Return the part that the recording `recording` (a file's name without `.sln`) belongs to.

    A name that nobody gave on purpose still leads to a report of its own, always the same one: a
    witness's words are never dropped for a name.
    """
    found = _RECORDING.fullmatch(recording)
    if found is None:
        return Part(hashlib.sha256(os.fsencode(recording)).hexdigest()[:16], 1)
    return Part(found["report"], int(found["number"] or 1))


def part_of_note(name: str) -> Part | None:
    """Return the part that a note's file name speaks of; None for a name that is not a note's."""
    recording, _, _ = name.removesuffix(".json").rpartition(".")
    return part_of(recording) if _RECORDING.fullmatch(recording) else None


@dataclass(frozen=True)
class Memory:
    """The folder and its rooms; it must lie in a tmpfs (guard.py checks)."""

    root: Path

    @property
    def recordings(self) -> Path:
        """Plain sound that Asterisk writes."""
        return self.root / "recordings"

    @property
    def notes(self) -> Path:
        """What the call server knows of a report."""
        return self.root / "notes"

    @property
    def kept(self) -> Path:
        """What the sealer tells the call server."""
        return self.root / "kept"

    @property
    def tallies(self) -> Path:
        """What the sealer must remember of a part until it has ended."""
        return self.root / "tallies"

    @property
    def answers(self) -> Path:
        """Answers that are being played."""
        return self.root / "answers"

    @property
    def receipts(self) -> Path:
        """Tags and public keys of new receipts, until the sealer puts them into their reports."""
        return self.root / "receipts"

    @property
    def door(self) -> Path:
        """Where the call server asks the receipt process."""
        return self.root / "door"

    @property
    def figures(self) -> Path:
        """What the call server has counted of the day that goes on."""
        return self.root / "figures"

    @property
    def studio(self) -> Path:
        """What volunteers record, until their call ends."""
        return self.root / "studio"

    @property
    def outgoing(self) -> Path:
        """Calls back that wait for a few seconds."""
        return self.root / "spool/outgoing"

    def make(self) -> None:
        """Create what is missing, private to this user; folders that exist keep their owner and mode."""
        kept = (self.recordings, self.notes, self.kept, self.tallies, self.answers, self.receipts)
        for folder in (self.root, *kept, self.door, self.figures, self.studio, self.outgoing.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def drop(path: Path, text: str) -> None:
    """Write a file in memory whole or not at all, so that its reader never sees half of it."""
    unfinished = path.with_name(f".{secrets.token_hex(8)}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(path)
