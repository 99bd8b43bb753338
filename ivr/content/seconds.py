"""How many seconds a caller waits for each sentence, and whether that keeps to the budgets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from ivr.callflow.actions import Clip
from ivr.callflow.line import HOME, NEXT, WITNESS, Choice, Entry, Language, Line
from ivr.content.models import Budget, BudgetsFile
from ivr.content.stopwatch import Lengths, Press, Stopwatch
from ivr.content.ways import WITNESS_LINE, Way, ways
from ivr.problems import Problem

TONE, OPEN_NOW, ON_WITNESS_LINE = "tone", "open-now", "witness"


@dataclass(frozen=True)
class Wait:
    """Seconds from the answer on until a clip of a place begins, for three callers.

    A newcomer listens until the right key is named, on the number of all languages or on the language's
    `own_number`. A `returning` caller of the number of all languages presses every key at once.
    """

    language: str
    place: str
    clip: str
    newcomer: float
    own_number: float
    returning: float


@dataclass(frozen=True)
class Silent:
    """Seconds for who presses nothing.

    Until `essentials` begins in each language, until the call ends, and on the witness line until the tone.
    """

    essentials: Mapping[str, float]
    end: float
    tone: float


def waits(line: Line, language: Language, lengths: Lengths, clock: datetime) -> list[Wait]:
    """Return the waits for each clip of each section, for what is open at a time, and for the witness tone.

    `lengths` holds the seconds of every clip by language and id; raise `LengthUnknown` where one is missing.
    """
    calls = _Calls(line, language, lengths, clock)
    found: list[Wait] = []
    for place, way in ways(line).items():
        if place.section:
            found += calls.waits(place.section, way, line.sections[place.section].clips)
        if place.now:
            clips = [clip.id for entry in line.open_now(clock, language.code) for clip in entry]
            found += [wait for wait in calls.waits(OPEN_NOW, way, clips) if wait.newcomer < inf]
    return [*found, calls.tone()]


def arrivals(line: Line, language: Language, lengths: Lengths, clock: datetime) -> dict[Choice, float]:
    """Return after how many seconds a returning caller reaches each place, and the witness tone."""
    calls = _Calls(line, language, lengths, clock)
    found = {place: calls.arrival(place, way) for place, way in ways(line).items()}
    return {**found, WITNESS_LINE: calls.tone().returning}


class _Calls:
    """The calls of three callers in one language."""

    def __init__(self, line: Line, language: Language, lengths: Lengths, clock: datetime) -> None:
        self._line = line
        self._code = language.code
        self._lengths = lengths
        self._clock = clock
        self._to_language = _to_language(language)

    def waits(self, place: str, way: Way, clips: Iterable[str]) -> Iterator[Wait]:
        """Yield the waits for clips of a place, without an end for those that only a further key brings."""
        keys = self._keys(way)
        calls = (*self._newcomers(keys), self._returning(keys))
        for clip in clips:
            yield Wait(self._code, place, clip, *(call.begun.get(Clip(self._code, clip), inf) for call in calls))

    def tone(self) -> Wait:
        """Return the wait for the witness tone; a returning caller cuts the consent short."""
        nine, cut = Press(WITNESS, Clip(self._code, "witness-hint")), Press(NEXT, Clip(self._code, "speak-after-tone"))
        calls = (*self._newcomers([nine]), self._returning([nine, cut]))
        return Wait(self._code, ON_WITNESS_LINE, TONE, *(call.tone for call in calls))

    def arrival(self, place: Choice, way: Way) -> float:
        """Return after how many seconds a returning caller hears the first clip of a place."""
        if place.section:
            said = self._line.sections[place.section].clips
        elif place.menu:
            said = tuple(f"{place.menu}.{key}" for key in self._line.menus[place.menu].choices)
        else:
            said = tuple(clip.id for entry in self._line.open_now(self._clock, self._code) for clip in entry)
        begun = self._returning(self._keys(way)).begun
        return min((begun[clip] for clip in (Clip(self._code, one) for one in said) if clip in begun), default=inf)

    def _keys(self, way: Way) -> list[Press]:
        return [Press(key, Clip(self._code, f"{menu}.{key}")) for menu, key in way]

    def _newcomers(self, keys: list[Press]) -> Iterator[Stopwatch]:
        yield self._call(Entry(), [*self._to_language, *keys], listens=True)
        yield self._call(Entry(language=self._code), keys, listens=True)

    def _returning(self, keys: list[Press]) -> Stopwatch:
        return self._call(Entry(), [*self._to_language, *keys], listens=False)

    def _call(self, entry: Entry, presses: list[Press], *, listens: bool) -> Stopwatch:
        return Stopwatch(self._lengths, self._clock, list(presses), listens).call(self._line, entry)


def _to_language(language: Language) -> list[Press]:
    own = Press(language.key[-1], Clip(language.code, "language-choice"))
    return [Press(HOME, Clip(language.code, "more-languages")), own] if language.key.startswith(HOME) else [own]


def silent(line: Line, lengths: Lengths, clock: datetime) -> Silent:
    """Return what somebody waits for who presses nothing."""
    information = Stopwatch(lengths, clock, [], listens=True).call(line, Entry())
    witness = Stopwatch(lengths, clock, [], listens=True).call(line, Entry(witness=True))
    return Silent(
        essentials={clip.language: begun for clip, begun in information.begun.items() if clip.id == "essentials"},
        end=information.elapsed,
        tone=witness.tone,
    )


def over_budget(waits: Iterable[Wait], budgets: BudgetsFile) -> list[Problem]:
    """Return one problem for each budget that a language exceeds, with the section or tone that is worst."""
    late: dict[tuple[str, str, float], list[tuple[float, str]]] = {}
    for wait in first(waits):
        for name, budget in _budgets(wait.place, budgets):
            for caller, limit in budget:
                if limit is not None and getattr(wait, caller) > limit:
                    late.setdefault((wait.language, f"{name}.{caller}", limit), []).append(
                        (getattr(wait, caller), wait.place)
                    )
    return [_problem(*budget, sorted(found, reverse=True)) for budget, found in late.items()]


def too_long(lengths: Lengths, budgets: BudgetsFile) -> list[Problem]:
    """Return one problem for each language with clips that last longer than a clip may."""
    limit, long = budgets.longest_clip or inf, dict[str, list[tuple[float, str]]]()
    for (language, clip), lasts in lengths.items():
        if lasts > limit:
            long.setdefault(language, []).append((lasts, clip))
    return [_long(language, sorted(clips, reverse=True), limit) for language, clips in sorted(long.items())]


def _long(language: str, clips: list[tuple[float, str]], limit: float) -> Problem:
    named = ", ".join(f"{clip} ({lasts:.1f} s)" for lasts, clip in clips)
    sentence = f"{language}: longer than {limit:g} s: {named}: shorten each, or write it as two."
    return Problem("budgets.yaml", "longest_clip", sentence)


def first(waits: Iterable[Wait]) -> list[Wait]:
    """Return the wait for the first clip of each section, and for the tone."""
    found: dict[tuple[str, str], Wait] = {}
    for wait in waits:
        if wait.place != OPEN_NOW:
            found.setdefault((wait.language, wait.place), wait)
    return list(found.values())


def _budgets(place: str, budgets: BudgetsFile) -> list[tuple[str, Budget]]:
    """Return the budgets that a place must keep, each with its name in the file."""
    if place == ON_WITNESS_LINE:
        return [("witness_tone", budgets.witness_tone)]
    own = [(f"sections.{place}", budgets.sections[place])] if place in budgets.sections else []
    return [("every_section", budgets.every_section), *own]


def _problem(language: str, name: str, limit: float, late: list[tuple[float, str]]) -> Problem:
    (seconds, place), *others = late
    more = f", and {len(others)} more are late" if others else ""
    sentence = (
        f"{language}: {place} begins after {seconds:.1f} s, more than {limit:g}{more}: shorten what comes before."
    )
    return Problem("budgets.yaml", name, sentence)
