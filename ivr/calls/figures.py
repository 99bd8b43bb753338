"""What callers asked for and where they gave up, counted by day and language; never a call to the witness line.

<memory>/figures/today.json       the day that goes on, counted exactly; gone with the power
<state>/figures/2026-11-28.json   a day that is over, counted in fives (`in_fives` says why)

No call leaves a trace of its own: nothing is written to the disk before a day is over, and then no hour.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ivr.callflow.actions import Reached, Story
from ivr.content.notices import WITHOUT_KEYS
from ivr.problems import ToMend
from ivr.reports import disk, memory

FEW: Final = 5  # calls: what fewer have in common might tell of one of them
ALSO_ANSWERS: Final = ("open-now", WITHOUT_KEYS)
_AGAIN_AFTER: Final = 60.0  # seconds, where a file could not be written
_log: Final = logging.getLogger(__name__)


@dataclass
class Counts:
    """The calls of a day in one language: how many asked for a place, and gave up at one without any answer."""

    calls: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    gave_up: dict[str, int] = field(default_factory=dict)


Day = dict[str, Counts]
"""By the code of the language; empty for those who chose none."""
_DAY: Final = TypeAdapter(Day)


@dataclass
class _Today:
    """The day that goes on; `over` are days that are over, as their files on the disk are to be from now on."""

    day: date
    counts: Day
    over: dict[date, Day] = field(default_factory=dict)


_TODAY: Final = TypeAdapter(_Today)


class Trail:
    """The way of one call; `answers` are the places that somebody calls for: sections, and what is open now."""

    def __init__(self, answers: Collection[str]) -> None:
        self._answers = {*answers, *ALSO_ANSWERS}
        self.language = ""
        self.asked: set[str] = set()
        self.last = ""
        self.bore_witness = False

    def follow(self, story: Story[None]) -> Story[None]:
        """Tell the story word for word, and look where it comes to."""
        try:
            action = next(story)
            while True:
                if isinstance(action, Reached):
                    self._reach(action)
                action = story.send((yield action))
        except StopIteration:
            return
        finally:
            story.close()

    def _reach(self, reached: Reached) -> None:
        """Note a place; a language that is only read out was not chosen."""
        self.last = reached.place
        self.bore_witness |= reached.place == "witness"
        if reached.place != WITHOUT_KEYS:
            self.language = reached.language or self.language
        if reached.place in self._answers:
            self.asked.add(reached.place)


class Figures:
    """The figures of a line: `today` is a folder in memory, `kept` one on the disk, `day` tells the line's day."""

    def __init__(self, today: Path, kept: Path, day: Callable[[], date]) -> None:
        """Go on with what an earlier process of this day has counted."""
        self._file = today / "today.json"
        self._kept = kept
        self._day = day
        self._lock = threading.Lock()
        self._now = self._read() or _Today(day(), {})
        self._written = True
        self._patience = 0.0
        self._failing = False

    def count(self, trail: Trail) -> None:
        """Count a call that has ended; one that came to the witness line on its way leaves nothing."""
        if trail.bore_witness or not trail.last:
            return
        with self._lock:
            counts = self._now.counts.setdefault(trail.language, Counts())
            counts.calls += 1
            for place in trail.asked:
                counts.asked[place] = counts.asked.get(place, 0) + 1
            if not trail.asked:
                counts.gave_up[trail.last] = counts.gave_up.get(trail.last, 0) + 1
            self._written = False

    def today(self) -> Day:
        """Return what was counted of the day that goes on, in fives."""
        with self._lock:
            return in_fives(self._now.counts)

    def tend(self) -> None:
        """Write what is new to memory, and a day that is over to the disk; to be called again and again."""
        if time.monotonic() < self._patience:
            return
        try:
            with self._lock:
                if self._now.day != self._day():
                    self._turn_over()
                if not self._written:
                    self._remember()
                if self._now.over:
                    self._keep()
            self._failing = False
        except (OSError, ToMend) as error:
            if not self._failing:  # one line is enough, however long it lasts
                _log.warning("the figures cannot be written: %s", error)
            self._failing = True
            self._patience = time.monotonic() + _AGAIN_AFTER

    def _turn_over(self) -> None:
        """Begin a new day; what is to be on the disk of the last one is fixed now, so that no crash counts it twice."""
        day, over = self._now.day, dict(self._now.over)
        if self._now.counts:
            before = over.get(day) or self._before(day)
            over[day] = _added(before, in_fives(self._now.counts))
        self._now = _Today(self._day(), {}, over)
        self._written = False

    def _before(self, day: date) -> Day:
        """Return what is kept of a day to which the clock was set back; what cannot be understood is put aside."""
        file = self._on_disk(day)
        try:
            return read(file)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except ValidationError as error:
            _log.warning("%s cannot be understood, is now %s.broken, and begins anew: %s", file, file.name, error)
            file.replace(file.with_name(f"{file.name}.broken"))
            return {}

    def _keep(self) -> None:
        """Write the days that are over to the disk, and forget them only then."""
        self._kept.mkdir(mode=0o750, parents=True, exist_ok=True)
        for day, counts in self._now.over.items():
            # A slow disk must not hold up the server: hence not `lasting`.
            disk.put(self._on_disk(day), _DAY.dump_json(counts, indent=1), lasting=False)
        self._now.over = {}
        self._remember()

    def _on_disk(self, day: date) -> Path:
        return self._kept / f"{day}.json"

    def _remember(self) -> None:
        self._written = False
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        memory.drop(self._file, _TODAY.dump_json(self._now).decode())
        self._written = True

    def _read(self) -> _Today | None:
        try:
            return _TODAY.validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            _log.warning("the figures of today begin anew: %s cannot be read (%s)", self._file, error)
            return None


def in_fives(day: Mapping[str, Counts]) -> Day:
    """Return counts rounded down to a multiple of five; 0 means fewer than five, and at least one.

    Whoever takes the disk must learn nothing of one caller: not from a small number, and not from the difference
    of two. Where fewer than five called in a language, what they asked for is left out.
    """
    return {
        language: Counts(_fives(one.calls), _all_fives(one.asked), _all_fives(one.gave_up))
        if one.calls >= FEW
        else Counts()
        for language, one in day.items()
    }


def _fives(count: int) -> int:
    return count - count % FEW


def _all_fives(counts: Mapping[str, int]) -> dict[str, int]:
    return {place: _fives(count) for place, count in sorted(counts.items())}


def _added(before: Day, new: Day) -> Day:
    added = {**before, **{language: one for language, one in new.items() if language not in before}}
    for language in before.keys() & new.keys():
        one, other = before[language], new[language]
        added[language] = Counts(
            one.calls + other.calls, _sum(one.asked, other.asked), _sum(one.gave_up, other.gave_up)
        )
    return added


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {place: one.get(place, 0) + other.get(place, 0) for place in sorted(one.keys() | other.keys())}


def read(file: Path) -> Day:
    """Return a day that is kept. Raises OSError or ValidationError."""
    return _DAY.validate_json(file.read_bytes())


def days(kept: Path) -> dict[date, Day]:
    """Return the days that are kept, the oldest first; what cannot be read is said and left out."""
    found: dict[date, Day] = {}
    for file in sorted(kept.glob("????-??-??.json")):
        try:
            found[date.fromisoformat(file.stem)] = read(file)
        except (OSError, ValueError) as error:  # pydantic's ValidationError is a ValueError
            _log.warning("%s cannot be read and is left out: %s", file.name, error)
    return found
