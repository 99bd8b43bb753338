"""Room on the disk: a reserve that nothing else can take, so that two full reports always fit."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr.reports.memory import BYTES_A_SECOND, SLICE

RESERVED_REPORTS: Final = 2
_ON_DISK: Final = SLICE + 4096  # a sealed slice, in the disk's own blocks
_STEP: Final = 1 << 20


def report_size(longest: float) -> int:
    """Return the bytes on disk of one report of `longest` seconds, with its padding and eight short parts."""
    seconds_a_slice = SLICE / BYTES_A_SECOND
    return int((longest / seconds_a_slice + 16 + 8 * 16) * _ON_DISK)


@dataclass(frozen=True)
class Reserve:
    """A file that only holds a place; `report` is the size in bytes of one full report."""

    file: Path
    report: int

    def held(self) -> int:
        """Return the bytes that are still reserved."""
        try:
            return self.file.stat().st_blocks * 512
        except FileNotFoundError:
            return 0

    def fill(self) -> None:
        """Take what is missing of the reserve, unless the disk has little left for anything else."""
        wanted = RESERVED_REPORTS * self.report
        if self.held() >= wanted or shutil.disk_usage(self.file.parent).free < wanted - self.held() + self.report:
            return
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with contextlib.suppress(OSError):  # no place after all: the next time
                os.posix_fallocate(handle, 0, wanted)
        finally:
            os.close(handle)

    def give(self) -> bool:
        """Free a little of the reserve for a slice that found the disk full; False when none is left."""
        left = self.held()
        if not left:
            return False
        os.truncate(self.file, max(0, self.file.stat().st_size - _STEP))
        return True

    def has_room(self) -> bool:
        """Tell whether one more full report fits, the reserve included."""
        return shutil.disk_usage(self.file.parent).free + self.held() >= self.report
