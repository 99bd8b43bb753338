"""Deleting reports that were done long enough ago, never before a mail announced it the day before."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ivr.reports import outbox, shelf
from ivr.reports.folder import Card, Report, State


def retain(reports: Path, mails: Path, days: int, today: date) -> None:
    """Delete what was announced before today, announce what is due; unread and opened reports stay."""
    due = [row for row in shelf.cards(reports) if _due(row[1], days, today)]
    for report, card in due:
        if card.announced and card.announced < today.isoformat():
            shelf.delete(report, today)
    _announce([row for row in due if not row[1].announced], mails, today)


def _due(card: Card, days: int, today: date) -> bool:
    """Tell whether a report's time is over tomorrow, or before."""
    if card.state is not State.DONE or not card.done:
        return False
    return date.fromisoformat(card.done) + timedelta(days=days - 1) <= today


def _announce(rows: list[tuple[Report, Card]], mails: Path, today: date) -> None:
    if not rows:
        return
    text = (
        f"{len(rows)} reports that were marked done are deleted tomorrow. To keep one, mark it as opened "
        "again today: `ivr reports mark NAME opened`."
    )
    outbox.post(
        mails,
        outbox.Mail("Reports will be deleted tomorrow", text, soon=True),
        f"retention-{today.isoformat()}",
    )
    for report, card in rows:
        with report.alone():
            report.write_card(replace(card, announced=today.isoformat()))
