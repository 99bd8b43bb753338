"""What is done with sealed reports by the clock: mails, times, deletion, second place, monthly test."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from ivr import heartbeat
from ivr.reports import answers, disk, notify, outbox, pinned, shelf, sync, trial
from ivr.reports.alive import Lookout
from ivr.reports.keys import Reader
from ivr.reports.retain import retain

_NIGHT: Final = 3  # o'clock: what is done once a day is done from then on
_LOOK_EVERY: Final = 30.0  # seconds
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What a line wants; `second` is a folder, `host:folder` or empty; without `post` no mail is sent.

    `also` is a second outbox, the studio's: the call server writes it and may not reach the other. `canary` is a
    third, whose mails, and the one that the sealer is gone, go to those `in_charge`, else to the readers.
    """

    reports: Path
    mails: Path
    readers: tuple[Reader, ...]
    post: notify.Post | None
    hours: tuple[int, ...] = (8, 18)
    done_days: int = 90
    answer_days: int = 60
    second: str = ""
    also: Path | None = None
    canary: Path | None = None
    in_charge: tuple[str, ...] = ()


def run(plan: Plan, zone: ZoneInfo) -> None:
    """Go the rounds until the process is ended."""
    heartbeat.ready()
    looked = float("-inf")
    lookout = Lookout(plan.reports, plan.canary or plan.mails)
    while True:
        heartbeat.beat()
        if time.monotonic() - looked > _LOOK_EVERY:
            looked = time.monotonic()
            _try(lookout.look)
            go(plan, datetime.now(zone))
        time.sleep(1)


def go(plan: Plan, now: datetime) -> None:
    """Do once what is due at `now`; one thing's trouble never holds up another."""
    _try(lambda: pinned.announce(plan.reports, plan.mails, plan.readers))
    if now.hour >= _NIGHT and _first("night", plan, now.date().isoformat()):
        for work in _nightly(plan, now.date()):
            heartbeat.beat()
            _try(work)
    _try(lambda: notify.count(plan.reports, plan.mails, now, plan.hours))
    post = plan.post
    if post:
        _try(lambda: notify.deliver(plan.mails, _addresses(plan.readers), post.send, now))
        if studio := plan.also:
            _try(lambda: notify.deliver(studio, (), post.send, now))
        if canary := plan.canary:
            _try(lambda: notify.deliver(canary, plan.in_charge or _addresses(plan.readers), post.send, now))


def _nightly(plan: Plan, today: date) -> Sequence[Callable[[], object]]:
    return (
        lambda: retain(plan.reports, plan.mails, plan.done_days, today),
        lambda: answers.expire(plan.reports, plan.answer_days),
        lambda: _second_place(plan),
        lambda: shelf.blur_times(plan.reports),
        lambda: _monthly_test(plan, today),
    )


def _second_place(plan: Plan) -> None:
    if not plan.second:
        return
    remote = ":" in plan.second
    done = sync.rsync(plan.reports, plan.second) if remote else sync.sync(plan.reports, Path(plan.second))
    if done.doubts:
        outbox.alarm(plan.mails, "The second place of the reports does not verify: run `ivr reports sync`.")


def _monthly_test(plan: Plan, today: date) -> None:
    if _first("test", plan, today.strftime("%Y-%m")):
        trial.begin(plan.reports, plan.readers, today)
        text = "A test report waits. Open it and tell the line its word, so that all know that you still can."
        outbox.post(plan.mails, outbox.Mail("The monthly test", text), "test")
    late = trial.silent(plan.reports, today)
    if late and _first("late", plan, today.strftime("%Y-%m")):
        names = ", ".join(reader.name or reader.key for reader in plan.readers if reader.key in late)
        text = f"Not shown this month that they can open reports: {names}. Please ask them."
        outbox.post(plan.mails, outbox.Mail("Can everyone still open reports?", text), "late")


def _first(what: str, plan: Plan, period: str) -> bool:
    """Tell whether this is the first time in a period, also after a restart."""
    path = plan.reports / ".rounds.json"
    done = json.loads(path.read_bytes()) if path.exists() else {}
    if done.get(what) == period:
        return False
    plan.reports.mkdir(mode=0o750, parents=True, exist_ok=True)
    disk.put(path, json.dumps({**done, what: period}).encode())
    return True


def _try(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the rounds go on, whatever one of them met
        _log.warning("%s", error)


def _addresses(readers: Sequence[Reader]) -> list[str]:
    return [reader.mail for reader in readers if reader.mail]
