"""Writing so that it lasts: whole or not at all, on disk when the call returns, without the hour of day."""

import errno
import os
import secrets
from datetime import UTC, date, datetime, time
from pathlib import Path

from ivr.problems import ToMend


class DiskFull(ToMend):
    """The disk has no place for this file: free some; what was sealed stays, the rest waits in memory."""


def midday(day: date) -> float:
    """Return the seconds since 1970 of noon in Greenwich: the same day on nearly every clock."""
    return datetime.combine(day, time(12), UTC).timestamp()


def blur(path: Path, day: date | None = None) -> None:
    """Round the times of a file or folder to `day`, else to the day that they tell."""
    told = day or datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    os.utime(path, (midday(told), midday(told)))


def settle(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write `content` to `path` in one rename; `lasting=False` spares the waiting for the disk.

    Raises DiskFull; nothing is left behind then.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write(unfinished, content, lasting=lasting)
        unfinished.rename(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            sentence = "The disk is full: free some space. What was sealed stays, the rest waits in memory."
            raise DiskFull(sentence) from error
        raise
    blur(path.parent, today())
    if lasting:
        settle(path.parent)


def today() -> date:
    """Return the day that files and report cards show: the day in Greenwich, so that no clock leaks."""
    return datetime.now(UTC).date()


def _write(path: Path, content: bytes, *, lasting: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.utime(handle, (midday(today()), midday(today())))
        if lasting:
            os.fsync(handle)
    finally:
        os.close(handle)
