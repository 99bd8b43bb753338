"""Lets a caller speak with whoever is on duty: rings one after the other, and no more a day than the rota says."""

import json
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from ivr.content.rota import Rota
from ivr.reports import memory

_log: Final = logging.getLogger(__name__)


class Dialler(Protocol):
    """The part of a phone that calls somebody."""

    def connect(self, number: str, rings: int, longest: int) -> bool:
        """Call a number for the caller; tell whether they spoke."""


class People:
    """The people of a line; `folder` is in memory and keeps how many were called today, `clock` is the line's."""

    def __init__(self, rota: Rota, folder: Path, clock: Callable[[], datetime]) -> None:
        self._rota = rota
        self._file = folder / "connected.json"
        self._clock = clock
        self._lock = threading.Lock()

    def on_duty(self, section: str, at: datetime) -> bool:
        """Tell whether the section offers a person at a time: somebody is on duty, and may still be called today."""
        return bool(self._rota.now(section, at)) and self._called() < self._rota.calls

    def connect(self, phone: Dialler, section: str) -> bool:
        """Call those on duty in their order until one speaks with the caller."""
        for person in self._rota.now(section, self._clock()):
            if not self._may_call():
                break
            if phone.connect(person.number, person.rings, self._rota.minutes * 60):
                return True
        return False

    def _may_call(self) -> bool:
        with self._lock:
            called = self._called()
            if called >= self._rota.calls:
                return False
            try:
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                memory.drop(self._file, json.dumps({"day": self._day(), "calls": called + 1}))
            except OSError as error:
                _log.warning("nobody is called: how many were called today cannot be kept (%s)", error.strerror)
                return False
            return True

    def _called(self) -> int:
        try:
            told = json.loads(self._file.read_bytes())
            return int(told["calls"]) if told["day"] == self._day() else 0
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("nobody is called today: %s cannot be read (%s)", self._file, error)
            return self._rota.calls

    def _day(self) -> str:
        return self._clock().date().isoformat()
