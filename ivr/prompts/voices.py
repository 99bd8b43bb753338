"""Who may speak: the voices that languages.yaml names, the best first, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ivr.content.check import Checked
from ivr.content.models import Content, LanguageEntry
from ivr.problems import Problem
from ivr.prompts.engines import engine, engines
from ivr.prompts.manifest import Voice

FILE = "languages.yaml"


def voices_of(content: Content, fetched: Path, *, online: bool) -> list[Voice]:
    """Return the voices of every language, the best first.

    `fetched` is the folder of the voices that somebody fetched; `online` allows engines that send the words
    to somebody else's computer. Raise SynthesisFailed: no such engine.
    """
    return [
        Voice(one.code, name, voice, one.speed, str(fetched))
        for one in content.languages
        for name, voice in one.voices.items()
        if online or not engine(name).online
    ]


def speaking(voices: Iterable[Voice]) -> dict[str, tuple[Voice, ...]]:
    """Return by language the voices that this machine has, in their order; raise SynthesisFailed: no such engine."""
    found: dict[str, tuple[Voice, ...]] = {}
    for voice in voices:
        if engine(voice.engine).can_speak(voice):
            found[voice.language] = (*found.get(voice.language, ()), voice)
    return found


def pins_of(content: Content) -> dict[tuple[str, str], str]:
    """Return the engine that is to speak a clip, by language and clip, where one is pinned."""
    return {(one.code, clip): name for one in content.languages for clip, name in one.pins.items()}


def problems(checked: Checked) -> list[Problem]:
    """Return the voices and pins that name what does not exist."""
    clips = {code: {said.id for said in words} for code, words in checked.words.items()}
    return [
        problem
        for place, one in enumerate(checked.content.languages)
        for problem in (*_unknown_engines(place, one), *_loose_pins(place, one, clips))
    ]


def _unknown_engines(place: int, one: LanguageEntry) -> Iterator[Problem]:
    for name in sorted(one.voices.keys() - set(engines())):
        sentence = f"there is no engine {name!r}: name one of {', '.join(engines())}."
        yield Problem(FILE, f"languages.{place}.voices", sentence)


def _loose_pins(place: int, one: LanguageEntry, clips: Mapping[str, set[str]]) -> Iterator[Problem]:
    for clip, name in one.pins.items():
        path = f"languages.{place}.pins.{clip}"
        if name not in one.voices:
            yield Problem(FILE, path, f"names {name!r}, but no voice of it: add one under `voices`.")
        if clip not in clips[one.code]:
            yield Problem(FILE, path, f"there is no such clip: `ivr take list --language {one.code}` shows them.")
