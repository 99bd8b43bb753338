"""The one validator: command line, tests and publishing all ask it what is wrong with the content."""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.callflow import check as callflow
from ivr.callflow.actions import Clip
from ivr.callflow.line import Menu, Section
from ivr.content import services
from ivr.content.load import load
from ivr.content.models import Content
from ivr.content.plan import section_of
from ivr.content.speak import OF_AN_HOUR, PLACEHOLDER
from ivr.content.utterance import Utterance
from ivr.content.words import SOURCE, Missing, Speaker, sources
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
    unread = {problem.file for problem in problems if not problem.file.startswith("translations/")}
    problems += [*_walks(content, unread), *_languages(content), *_phrases(content, unread)]
    problems += [*_facts(content, unread), *_translations(content, unread), *_services(content, unread)]
    problems += _budgets(content, unread)
    said = {one.code: Speaker(content, one, witness_number).all() for one in content.languages}
    words = {code: utterances for code, (utterances, _) in said.items()}
    missing = [one for _, lacks in said.values() for one in lacks]
    problems += [*_twice(content, words), *_english(content, missing, unread)]
    return Checked(content, sorted(set(problems)), words, missing)


def _walks(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    """Yield what is wrong with the walks through the line; a file that cannot be read is there all the same."""
    menus = {name: Menu(name, {}) for name in _names("menus", unread)}
    menus |= {name: Menu(name, menu.choices) for name, menu in content.menus.items()}
    sections = {name: Section(name, ()) for name in _names("leaflet", unread)}
    sections |= {name: section_of(name, one, date.min) for name, one in content.sections.items()}
    for problem in callflow.check(menus, sections, whole=not unread):
        if problem.file not in unread:
            yield problem


def _names(folder: str, files: AbstractSet[str]) -> list[str]:
    return [Path(file).stem for file in files if Path(file).parent.name == folder]


def _languages(content: Content) -> Iterator[Problem]:
    for what, values in (
        ("code", [x.code for x in content.languages]),
        ("key", [x.key for x in content.languages]),
    ):
        for value, times in Counter(values).items():
            if times > 1:
                yield Problem("languages.yaml", "languages", f"the {what} {value!r} is used twice: give each its own.")
    for one in content.languages:
        if bool(one.reviewer) != bool(one.reviewed):
            sentence = f"say who reviewed {one.code!r} and when: write `reviewer` and `reviewed`, or neither."
            yield Problem("languages.yaml", "languages", sentence)
    codes = {one.code for one in content.languages}
    for code in [*content.most_used, *(one.instead for one in content.languages)]:
        if code not in codes:
            yield Problem("languages.yaml", "most_used", f"names {code!r}, which is no language here: mend the code.")


def _phrases(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    for name in sorted(callflow.PHRASES - content.phrases.keys()) if "phrases.yaml" not in unread else ():
        yield Problem("phrases.yaml", f"phrases.{name}", "is missing: the line says it, so write it.")


def _facts(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    used = {name for text in sources(content).values() for name in PLACEHOLDER.findall(text)}
    for name in sorted(content.facts.keys() - used) if not unread else ():
        yield Problem("facts.yaml", f"facts.{name}", "is said nowhere: use it in a sentence, or remove it.")
    for one in content.conflicts:
        path, fact = f"conflicts.{one.fact}", content.facts.get(one.fact)
        if not fact:
            yield Problem("facts.yaml", path, "is about no fact: mend the name, or remove the conflict.")
        elif one.chosen != str(fact.value):
            sentence = f"chose {one.chosen}, but the line says {fact.value}: mend `chosen`, or remove the conflict."
            yield Problem("facts.yaml", path, sentence)


def _translations(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    english = sources(content)
    known = {one.code for one in content.languages}
    for code, sentences in content.translations.items():
        file = f"translations/{code}.po"
        if code not in known and "languages.yaml" not in unread:
            yield Problem(file, "", "is of no language of languages.yaml: add the language, or remove the file.")
        for name in sentences.keys() & english.keys():
            if sentences[name].fuzzy and _can_be_said(sentences[name].text, content):
                continue  # it says what the English said before, and callers hear that it may have changed
            if sentence := _unlike(name, english[name], sentences[name].text):
                yield Problem(file, name, sentence)


def _can_be_said(text: str, content: Content) -> bool:
    """Tell whether every placeholder of a translation of an older sentence still is a fact."""
    return content.facts.keys() >= set(PLACEHOLDER.findall(text)) and not set("{}") & set(PLACEHOLDER.sub("", text))


def _unlike(name: str, english: str, translated: str) -> str:
    """Return what is wrong with the placeholders of a translation; those of an hour may be others."""
    wanted, found = (set(PLACEHOLDER.findall(text)) for text in (english, translated))
    if name.startswith("hour-"):
        return "" if found <= OF_AN_HOUR else f"may hold only {_listed(OF_AN_HOUR)}: mend the translation."
    if wanted == found:
        return ""
    return f"must hold the same placeholders as the English ({_listed(wanted)}): mend the translation."


def _listed(placeholders: AbstractSet[str]) -> str:
    return " ".join(f"{{{one}}}" for one in sorted(placeholders)) or "none"


def _services(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    leaflet = {f"{name}.{clip.id}" for name, section in content.sections.items() for clip in section.clips}
    unknown = _names("leaflet", unread)
    leaflet |= {one.telephone for one in content.services.values() if one.telephone.partition(".")[0] in unknown}
    yield from services.mistakes(content.services, leaflet)
    yield from _told_of(content, unread)


def _told_of(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    """Yield where sections and services do not find each other: a notice would be heard nowhere."""
    known = content.services.keys() | set(_names("services", unread))
    for name, section in content.sections.items():
        told = {"services": section.services, **{f"clips.{clip.id}.tells": clip.tells for clip in section.clips}}
        for path, named in told.items():
            for service in sorted({*named} - known):
                yield Problem(f"leaflet/{name}.yaml", path, f"names {service!r}, which is no service: mend the name.")
        for service in sorted({one for clip in section.clips for one in clip.tells} & known - {*section.services}):
            yield Problem(f"leaflet/{name}.yaml", "services", f"lacks {service!r}, of which a clip tells: add it.")
    heard = {service for section in content.sections.values() for service in section.services}
    for service in sorted(content.services.keys() - heard) if not _names("leaflet", unread) else ():
        yield Problem(f"services/{service}.yaml", "", "is in no section: name it under `services` in its leaflet file.")


def _budgets(content: Content, unread: AbstractSet[str]) -> Iterator[Problem]:
    for name in sorted(content.budgets.sections.keys() - content.sections.keys() - set(_names("leaflet", unread))):
        yield Problem("budgets.yaml", f"sections.{name}", "is no section: there is no such file in leaflet/; mend it.")


def _twice(content: Content, words: Mapping[str, list[Utterance]]) -> Iterator[Problem]:
    for name, times in Counter(one.id for one in words.get(SOURCE, ())).items():
        if times > 1:
            yield _at(content, name, "is written twice: give each its own id.")


def _english(content: Content, missing: list[Missing], unread: AbstractSet[str]) -> Iterator[Problem]:
    """Yield what English lacks, but for titles of menus and sections that are not there: `_walks` names those."""
    if unread & {"facts.yaml", "phrases.yaml", f"lexicons/{SOURCE}.yaml"}:
        return
    for one in missing:
        if one.language == SOURCE and not one.id.endswith((".title", ".menu")):
            yield _at(content, one.id, one.sentence)


def _at(content: Content, clip: str, sentence: str) -> Problem:
    first, _, rest = clip.partition(".")
    if first == "service":
        return Problem(f"services/{rest}.yaml", "says", sentence)
    if first in content.sections and rest:
        return Problem(f"leaflet/{first}.yaml", f"clips.{rest}", sentence)
    return Problem("phrases.yaml", f"phrases.{clip}", sentence)


def fuzzy_clips(checked: Checked, languages: AbstractSet[str]) -> frozenset[Clip]:
    """Return the clips of these languages in which anything was translated from another English than today's."""
    return frozenset(Clip(code, one.id) for code in languages for one in checked.words[code] if one.fuzzy)
