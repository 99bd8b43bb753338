"""The volunteers of the studio: who they are, by whose PIN, and the lock that makes guessing hopeless.

<folder>/<name>.json   name, languages, mail, and the PIN as scrypt made it (RFC 7914); never the PIN
<folder>/salt          this line's salt; without it no PIN is known any more
<folder>/wrong.json    the minutes (seconds since 1970) of wrong PINs in the last hour
"""

import fcntl
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.callflow.errands import Locked, Nobody, Volunteer
from ivr.problems import ToMend
from ivr.reports import disk

DIGITS = 8
WRONG_AN_HOUR = 5
HOUR = 3600.0  # seconds
MINUTE = 60
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")  # as HTML's forms take it
_COST = 2**15  # with r = 8: 32 MiB and about a tenth of a second for each guess


class VolunteerRefused(ToMend):
    """A volunteer cannot be added or is not there; the sentence says what to do."""


@dataclass(frozen=True)
class Listed:
    """A volunteer on the list; `pin` is what scrypt made of it, in hexadecimal, `mail` may be empty."""

    name: str
    languages: tuple[str, ...]
    mail: str
    pin: str


class Volunteers:
    """The list of one line; `clock` tells the seconds since 1970."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Take the folder; it is made with the first volunteer."""
        self._folder = folder
        self._clock = clock

    def all(self) -> list[Listed]:
        """Return the volunteers by name."""
        found = []
        for path in sorted(self._folder.glob("*.json")):
            if path.name != "wrong.json":
                told = json.loads(path.read_bytes())
                found.append(Listed(**{**told, "languages": tuple(told["languages"])}))
        return found

    def mails(self) -> tuple[str, ...]:
        """Return the addresses of those who have one."""
        return tuple(one.mail for one in self.all() if one.mail)

    def add(self, name: str, languages: Sequence[str], mail: str = "") -> str:
        """Put a volunteer on the list and return the new PIN, which is kept nowhere. Raise VolunteerRefused."""
        if not NAME.fullmatch(name) or name == "wrong":
            raise VolunteerRefused(f"{name!r} is no name for a volunteer: small letters, digits and -, such as alice.")
        if mail and not MAIL.fullmatch(mail):
            raise VolunteerRefused(f"{mail!r} is no mail address: write one like alice@example.org, or none.")
        if (self._folder / f"{name}.json").exists():
            raise VolunteerRefused(f"{name} is on the list: `ivr volunteers remove {name}` first, for a new PIN.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = {one.pin for one in self.all()}
        while (derived := self._derive(pin := f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")) in known:
            pass
        self._put(f"{name}.json", asdict(Listed(name, tuple(languages), mail, derived)))
        return pin

    def remove(self, name: str) -> None:
        """Take a volunteer off the list; raise VolunteerRefused."""
        if name not in {one.name for one in self.all()}:
            raise VolunteerRefused(f"{name} is not on the list: `ivr volunteers list` shows it.")
        (self._folder / f"{name}.json").unlink()

    def whose(self, digits: str) -> Volunteer | Nobody | Locked:
        """Tell whose PIN these digits are.

        Five wrong ones within an hour, by anybody, lock the studio until the hour is over. A try counts before
        it is looked at, so that no number of calls at once has more of them.
        """
        if not self._folder.is_dir():
            return Nobody()
        with self._wrong() as wrong:
            if len(wrong) >= WRONG_AN_HOUR:
                return Locked()
            wrong.append(self._clock() // MINUTE * MINUTE)
            counted = wrong[-1]
        derived = self._derive(digits)
        found = [one for one in self.all() if hmac.compare_digest(one.pin, derived)]
        if not found:
            return Nobody()
        with self._wrong() as wrong:
            if counted in wrong:
                wrong.remove(counted)
        return Volunteer(found[0].name, found[0].languages)

    def locked(self) -> bool:
        """Tell whether the studio lets nobody in now."""
        if not self._folder.is_dir():
            return False
        with self._wrong() as wrong:
            return len(wrong) >= WRONG_AN_HOUR

    def unlock(self) -> None:
        """Forget the wrong PINs."""
        if self._folder.is_dir():
            with self._wrong() as wrong:
                wrong.clear()

    @contextmanager
    def _wrong(self) -> Iterator[list[float]]:
        """Hold the times of the last hour's wrong PINs, and keep what becomes of them; one process at a time."""
        with (self._folder / "wrong.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            path = self._folder / "wrong.json"
            known: list[float] = json.loads(path.read_bytes()) if path.exists() else []
            wrong = [one for one in known if self._clock() - one < HOUR]
            yield wrong
            if wrong != known:
                self._put("wrong.json", wrong)

    def _derive(self, digits: str) -> str:
        salt = self._folder / "salt"
        if not salt.exists():
            disk.put(salt, secrets.token_bytes(32))
        derived = hashlib.scrypt(digits.encode(), salt=salt.read_bytes(), n=_COST, r=8, p=1, maxmem=2**27, dklen=32)
        return derived.hex()

    def _put(self, name: str, told: object) -> None:
        disk.put(self._folder / name, json.dumps(told, indent=1).encode())
