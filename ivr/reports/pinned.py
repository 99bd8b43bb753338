"""The list of readers as last announced: it changes only together with a mail to all, old and new."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ivr.reports import disk, outbox
from ivr.reports.keys import Reader

LIST: Final = ".readers.json"


def announce(reports: Path, mails: Path, readers: Sequence[Reader]) -> bool:
    """Post a mail to the old and the new readers if the list changed; tell whether it did."""
    before = announced(reports)
    now = tuple(readers)
    if before == now:
        return False
    if before:
        outbox.post(
            mails,
            outbox.Mail("Who can open reports has changed", _text(before, now), _addresses(before, now)),
        )
    disk.put(reports / LIST, json.dumps([asdict(reader) for reader in now], indent=1).encode())
    return True


def announced(reports: Path) -> tuple[Reader, ...]:
    """Return the readers of the last announcement."""
    path = reports / LIST
    return tuple(Reader(**told) for told in json.loads(path.read_bytes())) if path.exists() else ()


def _text(before: Sequence[Reader], now: Sequence[Reader]) -> str:
    came = [f"New: {_person(reader)}" for reader in now if reader not in before]
    left = [f"No longer: {_person(reader)}" for reader in before if reader not in now]
    advice = (
        "Reports that come from now on can be opened by the new list, each of them alone. If you did not\n"
        "expect this, call the others before you do anything else. If you did, change your own pinned list."
    )
    return "\n".join([*came, *left, "", advice])


def _person(reader: Reader) -> str:
    return f"{reader.name or 'a reader without a name'} <{reader.mail}> {reader.key}"


def _addresses(*lists: Sequence[Reader]) -> tuple[str, ...]:
    return tuple(sorted({reader.mail for readers in lists for reader in readers if reader.mail}))
