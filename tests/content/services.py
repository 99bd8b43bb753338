"""Services that the tests make up, and the clock on the wall in Calais."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.content.models import Times

PARIS = ZoneInfo("Europe/Paris")


def service(**fields: Any) -> Times:
    return Times.model_validate({"need": "food", **fields})


def paris(*moment: int, fold: int = 0) -> datetime:
    year, month, day, hour, minute = (*moment, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=PARIS, fold=fold)


def wall(*moment: int) -> datetime:
    return paris(*moment).replace(tzinfo=None)
