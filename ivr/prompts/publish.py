"""From content to a live release: check, find the words, choose the languages that are whole, build."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.content import plan
from ivr.content.check import Checked, check, fuzzy_clips
from ivr.content.models import Content
from ivr.problems import Problem
from ivr.prompts.build import Summary, build, speaking
from ivr.prompts.manifest import Voice, unspoken
from ivr.prompts.takes import sort, takes_in

ENGINE = "espeak"


@dataclass(frozen=True)
class Published:
    """What came of it: problems stop everything; a language in `waiting` is not offered, and why."""

    problems: list[Problem]
    waiting: dict[str, str]
    summary: Summary | None = None


def publish(  # noqa: PLR0913 - what is said, by whom, and where it goes
    content: Path,
    prompts: Path,
    witness_number: str,
    old_before: date,
    progress: Callable[[str, int, int], None],
    *,
    takes: Sequence[Path] = (),
) -> Published:
    """Build what is new of the content and make it live; a mistake leaves the old release live.

    `takes` are the folders of human takes, the best first; without any it is `recorded` in `prompts`.
    """
    checked = check(content, witness_number)
    if checked.problems:
        return Published(checked.problems, {})
    voices = voices_of(checked.content)
    folders = takes or (prompts / "recorded",)
    waiting = _waiting(checked, voices, folders)
    ready = checked.words.keys() - waiting.keys()
    if silent := [code for code in checked.content.most_used if code not in ready]:
        sentence = f"names {silent[0]!r}, which cannot be offered ({waiting[silent[0]]}): choose another language."
        return Published([Problem("languages.yaml", "most_used", sentence)], waiting)
    line = plan.line_of(
        checked.content,
        ready,
        fuzzy_clips(checked.content, ready),
        old_before,
        witness_number=bool(witness_number),
    )
    utterances = [one for code in sorted(ready) for one in checked.words[code]]
    summary = build(utterances, voices, plan.to_json(line), prompts, takes=folders, progress=progress)
    return Published([], waiting, summary)


def voices_of(content: Content) -> list[Voice]:
    """Return the voices of the languages that have one."""
    return [Voice(one.code, ENGINE, one.voice, one.speed) for one in content.languages if one.voice]


def _waiting(checked: Checked, voices: list[Voice], takes: Sequence[Path]) -> dict[str, str]:
    said = [one for language in checked.words.values() for one in language]
    silent = unspoken(said, speaking(voices), sort(said, takes_in(*takes)).speaking)
    waiting = dict.fromkeys(sorted(silent), "no voice speaks it, and not every clip has a take")
    for missing in checked.missing:
        count = sum(one.language == missing.language for one in checked.missing)
        waiting[missing.language] = f"{count} sentences are missing, {missing.id} for one"
    return waiting
