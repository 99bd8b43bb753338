"""Answers what the recording booth of one call asks for: to record, to keep, to hear and to judge takes."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from ivr.callflow.actions import Clip, Full
from ivr.callflow.errands import AskToRecord, Judge, KeepTake, Speak, Spoken, ToJudge, Unheard, Volunteer
from ivr.callflow.line import MAIN, Line
from ivr.calls.agi import CannotRecord
from ivr.calls.house import Recorder
from ivr.calls.recordings import Recordings
from ivr.prompts.manifest import Manifest
from ivr.reports.disk import DiskFull

log = logging.getLogger(__name__)

A_PERSON = "take"  # who speaks a clip of the manifest, where it is no engine


class Booth:
    """The booth of one call: what it records is gone with the call, but for what was kept."""

    def __init__(
        self,
        phone: Recorder,
        recordings: Recordings,
        line: Line,
        manifest: Callable[[], Manifest],
        clock: Callable[[], datetime],
    ) -> None:
        """Take the phone and the release of the call; `manifest` tells its words, and who speaks each."""
        self._phone = phone
        self.recordings = recordings
        self._line = line
        self._manifest = cache(manifest)  # thousands of clips
        self._clock = clock
        self._tapes: list[Clip] = []

    def speak(self, asked: Speak) -> Spoken | Unheard | Full:
        """Record the volunteer once."""
        tape = self.recordings.blank(asked.language)
        self._tapes.append(tape)
        try:
            self._phone.record(str(self.recordings.sound(tape)), asked.longest)
            return Spoken(tape) if self.recordings.voice_in(tape) else Unheard()
        except (CannotRecord, OSError) as error:
            log.error("a volunteer could not be recorded: %s", error)  # noqa: TRY400 - no traceback helps
            return Full()

    def to_record(self, asked: AskToRecord) -> tuple[Clip, ...]:
        """Return the clips that an engine speaks and of which no recording waits, those nearest to callers first."""
        language = asked.language
        pending = {
            (one.clip.id, one.words) for one in (*self.recordings.waiting(language), *self.recordings.good(language))
        }
        lacking = [
            one.id
            for one in self._manifest().clips
            if one.language == language and one.engine != A_PERSON and (one.id, one.text) not in pending
        ]
        order = {clip: number for number, clip in enumerate(as_callers_come(self._line))}
        return tuple(Clip(language, clip) for clip in sorted(lacking, key=lambda clip: order.get(clip, len(order))))

    def keep(self, volunteer: Volunteer, asked: KeepTake) -> bool:
        """Keep what was spoken as a take that waits."""
        clip = asked.clip
        words = next(one.text for one in self._manifest().clips if (one.language, one.id) == (clip.language, clip.id))
        return _done(lambda: self.recordings.keep_take(asked.spoken, clip, words, volunteer.name, self._clock()))

    def to_judge(self, volunteer: Volunteer) -> tuple[ToJudge, ...]:
        """Return the takes of others in the volunteer's languages whose words are still the line's."""
        words = {(one.language, one.id): one.text for one in self._manifest().clips}
        return tuple(
            ToJudge(one.clip, one.spoken)
            for language in volunteer.languages
            for one in self.recordings.waiting(language)
            if one.by != volunteer.name and words.get((language, one.clip.id)) == one.words
        )

    def judge(self, volunteer: Volunteer, asked: Judge) -> bool:
        """Keep what the volunteer found of a take."""
        return _done(lambda: self.recordings.judge(asked.spoken, volunteer.name, good=asked.good))

    def leave(self) -> None:
        """Remove from memory what was recorded in this call."""
        self.recordings.forget(self._tapes)


def as_callers_come(line: Line) -> Iterator[str]:
    """Yield the clips of the sections, menu after menu from the main menu on."""
    menus = [MAIN]
    for menu in menus:  # it grows meanwhile
        for choice in line.menus[menu].choices.values():
            menus += [choice.menu] if choice.menu and choice.menu not in menus else []
            yield from line.sections[choice.section].clips if choice.section else ()


def _done(work: Callable[[], None]) -> bool:
    try:
        work()
    except (OSError, DiskFull) as error:
        log.error("a take could not be kept: %s", error)  # noqa: TRY400 - no traceback helps
        return False
    return True
