"""What is done with reports on the line itself, without any key: list, mark, delete, blur times."""

import secrets
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from ivr.reports import disk
from ivr.reports.folder import Card, Report, State, all_reports

DELETED: Final = "deleted.log"


def cards(shelf: Path) -> list[tuple[Report, Card]]:
    """Return the reports of callers with their cards, the oldest day first."""
    found = [(report, report.card()) for report in all_reports(shelf)]
    return sorted(((report, card) for report, card in found if not card.trial), key=lambda row: (row[1].day, row[0]))


def mark(report: Report, state: State, today: date) -> None:
    """Say how far the readers are; `done` starts the time after which a report is deleted."""
    with report.alone():
        done = today.isoformat() if state is State.DONE else ""
        report.write_card(replace(report.card(), state=state, done=done, announced=""))


def delete(report: Report, today: date) -> None:
    """Delete a report for ever and log its name and the day; nothing can bring it back."""
    gone = report.path.with_name(f".gone-{secrets.token_hex(4)}")
    with (report.path.parent / DELETED).open("a", encoding="utf-8") as log:
        log.write(f"{today.isoformat()} {report.name}\n")
    report.path.rename(gone)
    shutil.rmtree(gone)
    disk.blur(report.path.parent, today)
    disk.settle(report.path.parent)


def deleted(shelf: Path) -> set[str]:
    """Return the names of the reports that were deleted on purpose."""
    log = shelf / DELETED
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return {line.split()[-1] for line in lines if line.strip()}


def blur_times(shelf: Path) -> None:
    """Write every file's times anew, rounded to its day: its last change (ctime) then tells this night."""
    for report in all_reports(shelf):
        for path in (*report.path.iterdir(), report.path):
            with suppress(FileNotFoundError):  # the sealer renamed what it had just written
                disk.blur(path)
