"""Turns the two settings by which the line calls somebody into what each room takes; without them nobody is called."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ivr.reports.memory import Memory
from ivr.settings import Settings

if TYPE_CHECKING:
    from ivr.calls.back import Back
    from ivr.calls.people import People
    from ivr.content.rota import Rota


def back(settings: Settings) -> "Back | None":
    """Return what calls back; None where the line does not. Raise CallBackBroken."""
    from ivr.calls.back import Back
    from ivr.content.callback import call_back_of

    return Back(call_back_of(settings.call_back), Memory(settings.memory).outgoing) if settings.call_back else None


def people(settings: Settings) -> "People | None":
    """Return those whom the line may call for a caller; None without a rota. Raise RotaBroken."""
    from ivr.calls.people import People

    rota, zone = rota_of(settings), ZoneInfo(settings.time_zone)
    return People(rota, Memory(settings.memory).figures, lambda: datetime.now(zone)) if rota else None


def rota_of(settings: Settings) -> "Rota | None":
    """Return the rota, None without one. Raise RotaBroken."""
    from ivr.content import rota

    return rota.rota_of(settings.rota) if settings.rota else None
