"""Whether anything that a build reads has changed since the last one: told in a moment by times and sizes."""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from ivr.prompts.clips import UNFINISHED

CODE = Path(__file__).parent.parent  # a new version may say the same words otherwise
RECORD = ".built"
QUIET_ENDINGS = (".pyc", "~")


class LastBuild:
    """What the last build of a prompts folder read, made live and noted.

    `reads` are the folders that builds read; `decided` is whatever else decides what is said. Look at it before
    a build, so that what changes meanwhile is left to the next one.
    """

    def __init__(self, prompts: Path, reads: Iterable[Path], *decided: object) -> None:
        """Look at everything that a build would read."""
        packages = Path(sysconfig.get_path("purelib")).stat().st_mtime_ns  # installing any changes it
        self._prompts = prompts
        self._read = _digest((sys.version, packages, *decided), CODE, *reads)

    @property
    def live(self) -> str:
        """Return the name of the release that callers hear; raise OSError if there is none."""
        return (self._prompts / "current").readlink().name

    def notes(self) -> list[str] | None:
        """Return what the last build noted, if another one would find, make and note the same; else None."""
        try:
            record = json.loads((self._prompts / RECORD).read_bytes())
            same = record["read"] == self._read and record["heard"] == self._heard()
            return [str(note) for note in record["notes"]] if same else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, notes: Iterable[str]) -> None:
        """Remember a build that made and published everything; raise OSError."""
        new = self._prompts / f"{UNFINISHED}{os.getpid()}.json"
        new.write_text(json.dumps({"read": self._read, "heard": self._heard(), "notes": list(notes)}))
        new.replace(self._prompts / RECORD)

    def _heard(self) -> str:
        """Return a digest of the live release, to which nothing may have happened."""
        return _digest((self.live,), self._prompts / "current")


def _digest(settled: tuple[object, ...], *folders: Path) -> str:
    """Return a digest of plain values and of the name, size and time of every file in these folders."""
    files = [line for folder in folders for line in sorted(_files(str(folder)))]
    return hashlib.sha256("\n".join((repr(settled), *files)).encode()).hexdigest()


def _files(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(entry.path)
                elif not entry.name.endswith(QUIET_ENDINGS):
                    status = entry.stat()
                    yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"
    except FileNotFoundError:
        return
