"""Rehearses a call without a telephone: the real story and handler, on a phone of text."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from ivr.callflow import script, studio
from ivr.callflow.actions import Clip
from ivr.callflow.line import Entry, Limits, Line
from ivr.calls import rehearsal
from ivr.calls.agi import CallerHungUp
from ivr.calls.handler import Handler, Phone
from ivr.calls.house import House
from ivr.calls.rehearsal import RehearsalDesk, RehearsalStudio
from ivr.calls.transcript import Transcript
from ivr.content import plan
from ivr.content.check import check, fuzzy_clips
from ivr.problems import Problem, ToMend

Texts = Mapping[tuple[str, str], str]


class ContentBroken(ToMend):
    """The content has mistakes: a line for each."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(one) for one in problems))


def texts_by_sound(texts: Texts) -> Callable[[str], str]:
    """Return what tells the words of a sound named `language/clip`; a missing clip says so."""
    named = {f"{language}/{clip}": text for (language, clip), text in texts.items()}
    named |= {f"{language}/{rehearsal.TAPE}": "(what was just recorded)" for language, _ in texts}
    return lambda sound: named.get(sound, f"[the clip {sound} is missing]")


def simulate(line: Line, entry: Entry, phone: Phone, texts: Texts, clock: Callable[[], datetime]) -> Transcript:
    """Run one call on `phone` and return its transcript."""
    transcript = Transcript(phone, texts_by_sound(texts))
    house = House(RehearsalDesk(), line.limits.report, RehearsalStudio(transcript, line) if entry.studio else None)
    handler = Handler(transcript, _sounds, house, clock)
    story = studio.call(line) if entry.studio else script.call(line, entry)
    with suppress(CallerHungUp):
        handler.run(story, line.most_used)
    return transcript


def _sounds(clip: Clip) -> tuple[str, ...]:
    return (f"{clip.language}/{clip.id}",)


def line_and_texts(content: Path, witness_number: str, old_before: date, limits: Limits) -> tuple[Line, Texts]:
    """Return the line and its words straight from the content, every translated language offered.

    Raises ContentBroken with every mistake.
    """
    checked = check(content, witness_number)
    if checked.problems:
        raise ContentBroken(checked.problems)
    fuzzy = fuzzy_clips(checked, checked.complete)
    line = plan.line_of(checked.content, checked.complete, fuzzy, old_before, witness_number=bool(witness_number))
    texts = {(one.language, one.id): one.text for words in checked.words.values() for one in words}
    return replace(line, limits=limits), texts
