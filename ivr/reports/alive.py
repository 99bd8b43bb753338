"""Whether a sealer works on the reports, and a mail when it stays away: no caller would notice."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ivr.reports import outbox
from ivr.reports.outbox import Mail

PATIENCE: Final = 120.0
"""Seconds that a sealer may be away: whoever started it starts it again within a few."""
_GONE: Final = (
    "What witnesses say is recorded, but not sealed: it waits in memory, and is lost if the machine stops before that. "
    "On the machine, `ivr status` says what does not run."
)


def is_sealing(reports: Path) -> bool:
    """Tell whether a sealer works on the reports: it holds their folder as long as it lives."""
    if not reports.is_dir():
        return False
    handle = os.open(reports, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


class Lookout:
    """Looks for the sealer now and then; `mails` is the outbox for those in charge, `clock` gives seconds."""

    def __init__(self, reports: Path, mails: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._reports = reports
        self._mails = mails
        self._clock = clock
        self._seen = clock()
        self._told = False

    def look(self) -> None:
        """Look, and post one mail for each time that the sealer stays away. Raise OSError or DiskFull."""
        if is_sealing(self._reports):
            self._seen, self._told = self._clock(), False
        elif not self._told and self._clock() - self._seen > PATIENCE:
            outbox.post(self._mails, Mail("The sealer does not run", _GONE, soon=True), "sealer")
            self._told = True
