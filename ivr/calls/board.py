"""The notice board: a folder with a file a notice, read again whenever a file has come or gone.

<folder>/<service>-<random>.json   a notice in force, or one that is over since midnight; written once
<folder>/over/                     notices that were ended, or that a newer one of their service replaced
"""

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ivr.content.notices import Notice
from ivr.problems import ToMend
from ivr.reports import disk

log = logging.getLogger(__name__)

OVER = "over"


class NoSuchNotice(ToMend):
    """A notice is not on the board; the sentence says how to see those that are."""


class Board:
    """Notices of one line; several processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made with the first notice."""
        self._folder = folder
        self._names: list[str] = []
        self._read: tuple[Notice, ...] = ()
        self._unreadable = ""

    def current(self) -> tuple[Notice, ...]:
        """Return every notice on the board; whether it is over by its day is the reader's to say.

        Quick where nothing has changed: every caller asks. A folder that cannot be read counts as empty.
        """
        names = self._on_the_board()
        if names != self._names:
            self._names, self._read = names, tuple(one for name in names if (one := self._one(name)))
        return self._read

    def _on_the_board(self) -> list[str]:
        try:
            names = sorted(path.name for path in self._folder.iterdir() if path.suffix == ".json")
            self._unreadable = ""
        except FileNotFoundError:
            return []
        except OSError as error:
            if self._unreadable != str(error):  # every caller asks: one line is enough
                self._unreadable = str(error)
                log.error("no caller hears a notice, their folder cannot be read: %s", error)  # noqa: TRY400 - no traceback helps
            return []
        return names

    def in_force(self, day: date) -> list[Notice]:
        """Return the notices that hold on a day."""
        return [one for one in self.current() if one.on(day)]

    def publish(self, prepare: Callable[[Notice], None] = lambda _: None, **told: Any) -> Notice:  # noqa: ANN401 - the fields of a notice but for its id
        """Put a notice on the board, after it was prepared; what it says anew is over. Raise OSError or DiskFull.

        A change that keys told replaces the one before of its service; words replace those in the same languages.
        """
        notice = Notice.model_validate({**told, "id": f"{told['service']}-{secrets.token_hex(4)}"})
        before = [one for one in self.current() if _says_anew(notice, one)]
        prepare(notice)
        self._make_folders()  # both: what is announced must also be replaced
        disk.put(self._folder / f"{notice.id}.json", notice.model_dump_json(by_alias=True, indent=1).encode())
        for one in before:
            self._over(one)
        return notice

    def end(self, name: str) -> Notice:
        """Take a notice from the board and keep it among those that are over; raise NoSuchNotice."""
        for one in self.current():
            if one.id == name:
                self._over(one)
                return one
        raise NoSuchNotice(f"There is no notice {name!r}: `ivr notices list` shows those in force.")

    def _make_folders(self) -> None:
        for folder in (self._folder, self._folder / OVER):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _over(self, notice: Notice) -> None:
        self._make_folders()
        with suppress(FileNotFoundError):  # another call ended it meanwhile
            (self._folder / f"{notice.id}.json").rename(self._folder / OVER / f"{notice.id}.json")

    def _one(self, name: str) -> Notice | None:
        try:
            return Notice.model_validate_json((self._folder / name).read_bytes())
        except FileNotFoundError:  # ended meanwhile
            return None
        except (ValidationError, OSError) as error:
            log.error("the notice %s cannot be read, no caller hears it: %s", name, error)  # noqa: TRY400 - no traceback helps
            return None


def _says_anew(new: Notice, old: Notice) -> bool:
    if new.service != old.service or (new.change == "none") != (old.change == "none"):
        return False
    return new.change != "none" or {*old.spoken} <= {*new.spoken}
