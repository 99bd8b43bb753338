"""Who may open reports: the list of readers with their public keys, and sealing to all of them.

The list is a text file that `age -R` understands as well: a comment that names the person, then their key.

    # Alice <alice@example.org>
    age1…
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyrage

from ivr.problems import ToMend

FEWEST_READERS: Final = 2
_PERSON: Final = re.compile(r"#\s*(?P<name>[^<]*?)\s*<(?P<mail>[^<>\s]+@[^<>\s]+)>\s*")


class KeysRefused(ToMend):
    """The list of readers cannot be used; the sentence says what to change in it."""


@dataclass(frozen=True)
class Reader:
    """A person entrusted with reports: public key (`age1…`), name, and address for the mails."""

    key: str
    name: str
    mail: str


def readers(path: Path) -> tuple[Reader, ...]:
    """Read the list of readers. Raises KeysRefused."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"The list of readers {path} cannot be read ({error}): write it as SECURITY.md shows."
        raise KeysRefused(sentence) from error
    found = []
    name = mail = ""
    for line in filter(None, map(str.strip, lines)):
        person = _PERSON.fullmatch(line)
        if person:
            name, mail = person["name"], person["mail"]
        elif not line.startswith("#"):
            found.append(Reader(line, name, mail))
            name = mail = ""
    _refuse_strangers([reader.key for reader in found])
    return tuple(found)


class Seal:
    """Seals to every reader at once; each of them opens alone."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the public keys; raises KeysRefused when fewer than two people could open a report."""
        _refuse_strangers(keys)
        if len(keys) < FEWEST_READERS:
            sentence = (
                f"At least {FEWEST_READERS} people must be able to open reports; the list holds {len(keys)}: "
                "ask a second person for a public key (`ivr keys new` on their own computer)."
            )
            raise KeysRefused(sentence)
        self.keys = tuple(keys)
        self._recipients = [pyrage.x25519.Recipient.from_str(key) for key in keys]

    def sound(self, plain: bytes) -> bytes:
        """Seal `plain`; every file of the same length gives about the same length."""
        sealed: bytes = pyrage.encrypt(plain, self._recipients)
        return sealed

    def facts(self, facts: Mapping[str, Any], size: int = 4096) -> bytes:
        """Seal facts as JSON, padded with spaces to a multiple of `size` bytes: its length tells nothing."""
        text = json.dumps(facts, ensure_ascii=False, indent=1).encode()
        return self.sound(text.ljust(-(-len(text) // size) * size))


def _refuse_strangers(keys: Sequence[str]) -> None:
    for key in keys:
        if key.upper().startswith("AGE-SECRET-KEY"):
            sentence = "The list of readers holds a secret key: remove it, make a new pair, and list its public key."
            raise KeysRefused(sentence)
        try:
            pyrage.x25519.Recipient.from_str(key)
        except pyrage.RecipientError as error:
            sentence = f"`{key}` is no public key: copy the whole one, which begins with age1."
            raise KeysRefused(sentence) from error
    if len(set(keys)) < len(keys):
        sentence = "A key stands twice in the list of readers: two people must have two keys of their own."
        raise KeysRefused(sentence)
