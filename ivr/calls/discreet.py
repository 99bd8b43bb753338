"""The log of witness calls: told when the day is over, so that it tells of no call at which hour it was."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

MOST_HELD: Final = 100  # records: a fault that every call meets need not be told more often


def _day() -> str:
    return datetime.now(UTC).date().isoformat()


class NextDay(logging.Handler):
    """Holds records back until the day after; `tell` passes on those whose day is over."""

    def __init__(self, target: logging.Logger, today: Callable[[], str] = _day) -> None:
        """Pass on to `target`; `today` names the day."""
        super().__init__()
        self._target = target
        self._today = today
        self._holding = threading.Lock()
        self._held: list[tuple[str, logging.LogRecord]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Hold a record."""
        with self._holding:
            if len(self._held) < MOST_HELD:
                self._held.append((self._today(), record))

    def tell(self) -> None:
        """Pass on what was held on an earlier day."""
        today = self._today()
        with self._holding:
            told = [record for day, record in self._held if day < today]
            self._held = [(day, record) for day, record in self._held if day >= today]
        for record in told:
            record.created = datetime.now(UTC).timestamp()
            self._target.handle(record)


log: Final = logging.getLogger("ivr.witness")
log.propagate = False
held: Final = NextDay(logging.getLogger("ivr.calls"))
log.addHandler(held)
