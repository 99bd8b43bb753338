"""The release that is live: a call holds the one it began with; a new one is read by the first call."""

import logging
import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ivr.callflow.actions import Clip
from ivr.callflow.line import Limits, Line
from ivr.calls.agi import SAMPLES_A_SECOND
from ivr.content import plan
from ivr.content.notices import Notice, noticed
from ivr.problems import ToMend
from ivr.prompts.release import Release, live, open_current

log = logging.getLogger(__name__)

CurrentNotices = Callable[[], tuple[Notice, ...]]
OnDuty = Callable[[str, datetime], bool]


def _nobody(section: str, at: datetime) -> bool:  # noqa: ARG001 - a line without a rota
    return False


class Held:
    """A release with its line, and how many calls use it; `shelf` is the folder that its clips are links into."""

    def __init__(self, release: Release, shelf: Path, limits: Limits, notices: CurrentNotices, on_duty: OnDuty) -> None:
        """Read the line of a release; raise PlanBroken or OSError, with the release let go."""
        self.release = release
        self._folder, self._shelf = release.path, shelf
        self._digests = release.digests()
        try:
            line = replace(plan.from_json(release.line_json()), limits=limits, on_duty=on_duty)
            self.line: Line = noticed(line, notices)
        except BaseException:
            release.close()
            raise
        self.calls = 0

    def sounds(self, clip: Clip) -> tuple[str, ...]:
        """Return what Asterisk is told to play for a clip, and if that is missing, the next one.

        On the shelf a clip is also where somebody removed the release. Nobody looks beforehand: that would cost
        each sound that is played as much as all else about it.
        """
        path = f"{self._folder}/{clip.language}/{clip.id}"
        digest = self._digests.get((clip.language, clip.id))
        return (path,) if digest is None else (path, f"{self._shelf}/{digest}/clip")

    def seconds(self, clip: Clip) -> float:
        """Return how long a clip is; for ever where it is missing."""
        for sound in self.sounds(clip):
            with suppress(OSError):
                return Path(f"{sound}.alaw").stat().st_size / SAMPLES_A_SECOND
        return math.inf


class Live:
    """Hands out the live release of a prompts folder; an old one is let go with its last call.

    `notices` tells what volunteers announce at this moment, `on_duty` for which section a person can be reached;
    every call asks them anew.
    """

    def __init__(
        self, folder: Path, limits: Limits, notices: CurrentNotices = tuple, on_duty: OnDuty = _nobody
    ) -> None:
        """Read the release that is live; raise ReleaseBroken or PlanBroken where it cannot be used."""
        self._folder = folder
        self._limits = limits
        self._notices = notices
        self._on_duty = on_duty
        self._lock = threading.Lock()
        self._newest = self._opened()
        self._refused = ""

    @property
    def name(self) -> str:
        """The release that the next call would go on with, as the last one found it."""
        return self._newest.release.name

    @contextmanager
    def hold(self) -> Iterator[Held]:
        """Return the release for one call."""
        with self._lock:
            held = self._newest = self._renewed()
            held.calls += 1
        try:
            yield held
        finally:
            with self._lock:
                held.calls -= 1
                if not held.calls and held is not self._newest:
                    held.release.close()

    def _opened(self) -> Held:
        shelf = self._folder / "clips"
        return Held(open_current(self._folder), shelf, self._limits, self._notices, self._on_duty)

    def _renewed(self) -> Held:
        """Return the release that is live now, or the one before where the new one cannot be used."""
        newest, name = self._newest, live(self._folder)
        if name in (None, newest.release.name, self._refused):
            return newest
        try:
            renewed = self._opened()
        except (ToMend, ValueError, OSError) as error:
            log.error("callers keep hearing %s: %s", newest.release.name, error)  # noqa: TRY400 - no traceback helps
            self._refused = name or ""
            return newest
        if not newest.calls:
            newest.release.close()
        return renewed
