"""Turns the two settings by which the line calls somebody into what each room takes; without them nobody is called.

A mistake in either file is told by `ivr check`, and keeps no line closed: it opens, calls nobody, and says so.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

from ivr.problems import ToMend
from ivr.reports.memory import Memory
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.calls.back import Back
    from ivr.calls.people import People
    from ivr.content.callback import CallBack
    from ivr.content.rota import Rota

_log: Final = logging.getLogger(__name__)
_T = TypeVar("_T")


def back(settings: Settings) -> "Back | None":
    """Return what calls back; None where the line does not, or its file has a mistake."""
    from ivr.calls.back import Back

    whom = _or_nobody(call_back_of, settings)
    memory = Memory(settings.memory)
    return Back(whom, memory.outgoing, memory.figures) if whom else None


def people(settings: Settings) -> "People | None":
    """Return those whom the line may call for a caller; None without a rota, or where it has a mistake."""
    from ivr.calls.people import People

    called, zone = rota(settings), ZoneInfo(settings.time_zone)
    return People(called, Memory(settings.memory).figures, lambda: datetime.now(zone)) if called else None


def rota(settings: Settings) -> "Rota | None":
    """Return the rota; None without one, or where it has a mistake."""
    return _or_nobody(rota_of, settings)


def rota_of(settings: Settings) -> "Rota | None":
    """Return the rota, None without one. Raise RotaBroken."""
    from ivr.content import rota

    return rota.rota_of(settings.rota) if settings.rota else None


def call_back_of(settings: Settings) -> "CallBack | None":
    """Return whom the line calls back, None without that. Raise CallBackBroken."""
    from ivr.content import callback

    return callback.call_back_of(settings.call_back) if settings.call_back else None


def _or_nobody(read: Callable[[Settings], _T | None], settings: Settings) -> _T | None:
    try:
        return read(settings)
    except ToMend as broken:
        _log.warning("%s (Until that is mended, the line is open and calls nobody by this file.)", broken)
        return None
