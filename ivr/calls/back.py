"""Calls back who rang a number that costs nothing: a file in Asterisk's spool, in memory, gone with the attempt.

<memory>/figures/called-back.json   by prefix, how many were called in its hour, which goes on when the server restarts

Nothing keeps the number but that file; how many were called counts by prefix alone. As long as it is there, who rings
again is not called a second time. Afterwards nobody is known: no number could be told from another without keeping it.
"""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ivr.content.callback import CallBack
from ivr.reports import memory

HOUR: Final = 3600.0
SOON: Final = 4.0  # seconds until it rings: the rejected call must be over on the caller's telephone
RINGS: Final = 40  # seconds
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Hour:
    """The hour of a prefix, from its first call on: when it is over, in seconds of the clock, and its calls."""

    until: int
    calls: int = 0


_HOURS: Final = TypeAdapter(dict[str, _Hour])


class Back:
    """The calls back of a line; `outgoing` is Asterisk's spool, `counts` a folder in memory.

    `clock` gives seconds since the machine was started: nobody sets it, and memory is as old.
    """

    def __init__(
        self, terms: CallBack, outgoing: Path, counts: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terms = terms
        self._outgoing = outgoing
        self._counts = counts / "called-back.json"
        self._clock = clock
        self._lock = threading.Lock()

    def ask(self, told: str) -> bool:
        """Call back the number in what SIP's From header tells; tell whether it will be. Raise OSError."""
        number = self._terms.number(told)
        prefix = self._terms.prefix(number)
        with self._lock:
            if not prefix or self._is_called(number) or not self._may_call(prefix):
                return False
            self._spool(number)
            return True

    def _is_called(self, number: str) -> bool:
        """Tell whether a number waits to be called back, or is called now: Asterisk keeps the file until it hung up."""
        channel = self._channel(number)
        for file in self._outgoing.glob("*.call"):
            with suppress(FileNotFoundError):  # its call has ended meanwhile
                if channel in file.read_text(encoding="ascii", errors="replace").splitlines():
                    return True
        return False

    def _channel(self, number: str) -> str:
        return f"Channel: PJSIP/{number}@{self._terms.trunk}"

    def _may_call(self, prefix: str) -> bool:
        now, hours = self._clock(), self._hours()
        hour = hours.get(prefix)
        if hour is None or now >= hour.until:
            hour = _Hour(int(now + HOUR))
        if hour.calls >= self._terms.prefixes[prefix]:
            return False
        self._counts.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        counted = {**hours, prefix: _Hour(hour.until, hour.calls + 1)}
        memory.drop(self._counts, _HOURS.dump_json(counted).decode())
        return True

    def _hours(self) -> "dict[str, _Hour]":
        try:
            return _HOURS.validate_json(self._counts.read_bytes())
        except FileNotFoundError:
            return {}
        except ValidationError as error:
            _log.warning("the hours of the call backs begin anew: %s cannot be read (%s)", self._counts, error)
            return {}

    def _spool(self, number: str) -> None:
        """Put a call file there, whole, with a time to come: Asterisk waits for it, and removes the file afterwards."""
        lines = [self._channel(number), "MaxRetries: 0", f"WaitTime: {RINGS}"]
        lines += ["Context: entries", "Extension: line", "Priority: 1", "Archive: no"]
        lines += [f"CallerID: <{self._terms.shows}>"] if self._terms.shows else []
        self._outgoing.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._outgoing.parent / f".{secrets.token_hex(8)}"  # Asterisk looks at whatever comes into its own
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o660)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                os.fchmod(handle, 0o660)  # Asterisk is another user, and notes its attempt in it
                file.write("\n".join(lines) + "\n")
            soon = time.time() + SOON
            os.utime(unfinished, (soon, soon))
            unfinished.rename(self._outgoing / f"{secrets.token_hex(8)}.call")
        finally:
            unfinished.unlink(missing_ok=True)  # where memory is full: nothing else would take the number away
