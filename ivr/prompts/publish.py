"""From content to a live release: check, find the words, choose the languages that are whole, build."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.content import plan
from ivr.content.check import Checked, check, fuzzy_clips
from ivr.problems import Problem
from ivr.prompts import voices
from ivr.prompts.build import Summary, build
from ivr.prompts.manifest import Voice, unspoken
from ivr.prompts.takes import sort, takes_in
from ivr.prompts.telephone import Arrived, Desk, bring_new
from ivr.prompts.workers import Crew


@dataclass(frozen=True)
class Published:
    """What came of it: problems stop everything; a language in `waiting` is not offered, and why.

    `arrived` are the takes by telephone that were looked at.
    """

    problems: list[Problem]
    waiting: dict[str, str]
    summary: Summary | None = None
    arrived: tuple[Arrived, ...] = ()


def publish(  # noqa: PLR0913 - what is said, by whom, and where it goes
    content: Path,
    prompts: Path,
    witness_number: str,
    old_before: date,
    progress: Callable[[str, int, int], None],
    *,
    takes: Sequence[Path] = (),
    telephone: Desk | None = None,
    fetched: Path | None = None,
    online: bool = False,
    crew: Crew | None = None,
) -> Published:
    """Build what is new of the content and make it live; a mistake leaves the old release live.

    `takes` are the folders of human takes, the best first; without any it is `recorded` in `prompts`. What
    volunteers spoke by `telephone` is brought to them first.
    `fetched` is the folder of voices that somebody fetched (else `voices` in `prompts`), `online` as in `voices_of`;
    a `crew` of workers that many builds share makes the clips sooner.
    """
    checked = check(content, witness_number)
    if found := [*checked.problems, *voices.problems(checked)]:
        return Published(found, {})
    said = [one for language in checked.words.values() for one in language]
    arrived = tuple(bring_new(telephone, said)) if telephone else ()
    may_speak = voices.voices_of(checked.content, fetched or prompts / "voices", online=online)
    folders = takes or (prompts / "recorded",)
    late = waiting(checked, may_speak, folders)
    ready = checked.words.keys() - late.keys()
    if silent := [code for code in checked.content.most_used if code not in ready]:
        sentence = f"names {silent[0]!r}, which cannot be offered ({late[silent[0]]}): choose another language."
        return Published([Problem("languages.yaml", "most_used", sentence)], late, arrived=arrived)
    line = plan.line_of(
        checked.content,
        ready,
        fuzzy_clips(checked, ready),
        old_before,
        witness_number=bool(witness_number),
    )
    utterances = [one for code in sorted(ready) for one in checked.words[code]]
    pins = voices.pins_of(checked.content)
    json = plan.to_json(line)
    made = build(utterances, may_speak, json, prompts, takes=folders, pins=pins, crew=crew, progress=progress)
    return Published([], late, made, arrived)


def waiting(checked: Checked, may_speak: list[Voice], takes: Sequence[Path]) -> dict[str, str]:
    """Return the languages that cannot be offered yet, each with why."""
    said = [one for language in checked.words.values() for one in language]
    silent = unspoken(said, voices.speaking(may_speak), sort(said, takes_in(*takes)).speaking)
    late = dict.fromkeys(sorted(silent), "no voice speaks it, and not every clip has a take")
    for missing in checked.missing:
        count = sum(one.language == missing.language for one in checked.missing)
        late[missing.language] = f"{count} sentences are missing, {missing.id} for one"
    return late
