"""What there is of each language: words, reviews, voices, and why it is not offered."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from ivr.content.check import Checked
from ivr.content.models import Content, LanguageEntry
from ivr.content.words import SOURCE, meant_for, sources
from ivr.prompts.takes import sort, takes_in


@dataclass(frozen=True)
class Row:
    """A language: how many of its `sentences` are translated and of these fuzzy; who speaks how many clips.

    `reviewed` is who read it and when, `draft`, or `source`. `why_not` is empty where the language is offered.
    """

    code: str
    key: str
    sentences: int
    translated: int
    fuzzy: int
    reviewed: str
    human: int
    engine: int
    missing: int
    why_not: str


def matrix(
    checked: Checked, spoken: Collection[str], takes: Sequence[Path], waiting: Mapping[str, str]
) -> Iterator[Row]:
    """Yield a row a language; engines speak the languages in `spoken`, `waiting` says why some are not offered."""
    words = [one for some in checked.words.values() for one in some]
    human = Counter(language for language, _ in sort(words, takes_in(*takes)).speaking)
    lacking = Counter(one.language for one in checked.missing)
    for one in checked.content.languages:
        translated = checked.content.translations.get(one.code, {})
        english = _needed(checked.content, one.code)
        unrecorded = len(checked.words[one.code]) - human[one.code]
        by_engine = unrecorded if one.code in spoken else 0
        yield Row(
            code=one.code,
            key=one.key,
            sentences=len(english),
            translated=len(english if one.code == SOURCE else english & translated.keys()),
            fuzzy=sum(sentence.fuzzy for sentence in translated.values()),
            reviewed=_reviewed(one),
            human=human[one.code],
            engine=by_engine,
            missing=unrecorded - by_engine + lacking[one.code],
            why_not=waiting.get(one.code, ""),
        )


def _needed(content: Content, code: str) -> AbstractSet[str]:
    """Return the ids of the sentences that a language needs: those for volunteers are in few."""
    phrases = content.phrases
    return {name for name in sources(content) if name not in phrases or meant_for(phrases[name], code)}


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a heading and a line a language."""
    yield f"{'':4}{'key':5}{'translated':13}{'fuzzy':8}{'reviewed':26}{'human':8}{'engine':9}{'missing':10}offered"
    for one in rows:
        offered = f"no: {one.why_not}" if one.why_not else "yes"
        yield (
            f"{one.code:4}{one.key:5}{f'{one.translated} of {one.sentences}':13}{one.fuzzy:<8}{one.reviewed:26}"
            f"{one.human:<8}{one.engine:<9}{one.missing:<10}{offered}"
        )


def _reviewed(one: LanguageEntry) -> str:
    if one.code == SOURCE:
        return "source"
    return f"{one.reviewer or 'somebody'}, {one.reviewed}" if one.reviewed else "draft"
