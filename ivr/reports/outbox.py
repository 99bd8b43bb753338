"""Mails that wait to be sent: files, so that an outage of the network or of the machine loses none.

No mail holds anything of a report: only that there are some, how many, or that the machine needs a person.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from ivr.reports import disk

_URGENT: Final = "An urgent report came in. Please open it: `ivr reports list` shows the new ones."


@dataclass(frozen=True)
class Mail:
    """A mail to every reader, or to the addresses in `to`; `soon` ones do not wait for the fixed hours."""

    subject: str
    text: str
    to: tuple[str, ...] = ()
    soon: bool = False


def post(folder: Path, mail: Mail, name: str = "") -> None:
    """Put a mail into the outbox; the same `name` again is the same mail."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    disk.put(folder / f"{name or secrets.token_hex(8)}.json", json.dumps(asdict(mail), indent=1).encode())


def urgent(folder: Path, name: str) -> None:
    """Announce an urgent report; the mail names neither the report nor the hour."""
    post(folder, Mail("An urgent report", _URGENT, soon=True), f"urgent-{name.rpartition('.')[2]}")


def alarm(folder: Path, sentence: str) -> None:
    """Announce that the machine needs a person."""
    post(folder, Mail("The line needs you", sentence, soon=True), "alarm")


def waiting(folder: Path) -> list[tuple[Path, Mail]]:
    """Return the mails that were not sent yet."""
    found = []
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_bytes())
        found.append((path, Mail(**{**told, "to": tuple(told["to"])})))
    return found
