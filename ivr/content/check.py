"""The one validator: command line, tests and publishing all ask it what is wrong with the content."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.callflow import check as callflow
from ivr.callflow.actions import Clip
from ivr.callflow.line import Menu
from ivr.content import services
from ivr.content.load import load
from ivr.content.models import Content
from ivr.content.plan import section_of
from ivr.content.speak import PLACEHOLDER
from ivr.content.words import SOURCE, Missing, Speaker, Utterance, sources
from ivr.problems import Problem


@dataclass(frozen=True)
class Checked:
    """The content with every problem; the words by language; and what languages still lack."""

    content: Content
    problems: list[Problem]
    words: dict[str, list[Utterance]]
    missing: list[Missing]

    @property
    def complete(self) -> AbstractSet[str]:
        """The languages in which everything can be said."""
        return self.words.keys() - {one.language for one in self.missing}


def check(folder: Path, witness_number: str = "") -> Checked:
    """Read and check the content folder."""
    content, problems = load(folder)
    menus = {name: Menu(name, menu.choices) for name, menu in content.menus.items()}
    sections = {name: section_of(name, one, date.min) for name, one in content.sections.items()}
    problems += callflow.check(menus, sections)
    problems += [*_languages(content), *_phrases(content), *_facts(content), *_translations(content)]
    leaflet = {clip for section in sections.values() for clip in section.clips}
    problems += [*services.mistakes(content.services, leaflet), *_budgets(content)]
    said = {one.code: Speaker(content, one, witness_number).all() for one in content.languages}
    words = {code: utterances for code, (utterances, _) in said.items()}
    missing = [one for _, lacks in said.values() for one in lacks]
    problems += [_english(content, one) for one in missing if one.language == SOURCE]
    return Checked(content, sorted(set(problems)), words, missing)


def _languages(content: Content) -> Iterator[Problem]:
    for what, values in (
        ("code", [x.code for x in content.languages]),
        ("key", [x.key for x in content.languages]),
    ):
        for value, times in Counter(values).items():
            if times > 1:
                yield Problem("languages.yaml", "languages", f"the {what} {value!r} is used twice: give each its own.")
    codes = {one.code for one in content.languages}
    for code in [*content.most_used, *(one.instead for one in content.languages)]:
        if code not in codes:
            yield Problem("languages.yaml", "most_used", f"names {code!r}, which is no language here: mend the code.")


def _phrases(content: Content) -> Iterator[Problem]:
    for name in sorted(callflow.PHRASES - content.phrases.keys()):
        yield Problem("phrases.yaml", f"phrases.{name}", "is missing: the line says it, so write it.")


def _facts(content: Content) -> Iterator[Problem]:
    used = {name for text in sources(content).values() for name in PLACEHOLDER.findall(text)}
    for name in sorted(content.facts.keys() - used):
        yield Problem("facts.yaml", f"facts.{name}", "is said nowhere: use it in a sentence, or remove it.")
    for name, fact in content.facts.items():
        if (fact.kind == "number") != isinstance(fact.value, int):
            yield Problem(
                "facts.yaml", f"facts.{name}.value", "does not fit its kind: only a number is a plain number."
            )


def _translations(content: Content) -> Iterator[Problem]:
    english = sources(content)
    for code, sentences in content.translations.items():
        for name, sentence in sentences.items():
            wanted, found = (sorted(set(PLACEHOLDER.findall(text))) for text in (english.get(name, ""), sentence.text))
            if name in english and wanted != found and not name.startswith("hour-"):
                need = " ".join(f"{{{one}}}" for one in wanted) or "none"
                sentence_of = f"must hold the same placeholders as the English ({need}): mend the translation."
                yield Problem(f"translations/{code}.po", name, sentence_of)


def _budgets(content: Content) -> Iterator[Problem]:
    for name in sorted(content.budgets.sections.keys() - content.sections.keys()):
        yield Problem("budgets.yaml", f"sections.{name}", "is no section: there is no such file in leaflet/; mend it.")


def _english(content: Content, missing: Missing) -> Problem:
    first, _, rest = missing.id.partition(".")
    if first == "service":
        return Problem(f"services/{rest}.yaml", "says", missing.sentence)
    if first in content.sections and rest:
        return Problem(f"leaflet/{first}.yaml", f"clips.{rest}", missing.sentence)
    return Problem("phrases.yaml", f"phrases.{missing.id}", missing.sentence)


def fuzzy_clips(content: Content, languages: AbstractSet[str]) -> frozenset[Clip]:
    """Return the clips of these languages whose English changed after they were translated."""
    return frozenset(
        Clip(code, name)
        for code in languages
        for name, sentence in content.translations.get(code, {}).items()
        if sentence.fuzzy
    )
