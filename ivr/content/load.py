"""Reads the content folder; whatever a file gets wrong comes back as problems, all of them at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import polib
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ivr.content.models import (
    CLOCK,
    CODE,
    KEY,
    MENU_KEY,
    NAME,
    VOICE,
    BudgetsFile,
    Content,
    FactsFile,
    LanguagesFile,
    Lexicon,
    MenuFile,
    PhrasesFile,
    SectionFile,
    Sentence,
    ServiceFile,
)
from ivr.content.words import sources
from ivr.content.yaml12 import YamlBroken, read
from ivr.problems import Problem

M = TypeVar("M", bound=BaseModel)

_SENTENCES = {
    "missing": "is missing: add it.",
    "extra_forbidden": "is not known here: mend its spelling, or remove it.",
    "unexpected_keyword_argument": "is not known here: mend its spelling, or remove it.",
    "string_too_short": "has no words: write what is to be said.",
    "too_short": "is empty: write at least one.",
    "string_type": "must be words: put them in quotation marks.",
    "date_from_datetime_parsing": "must be a day like 2026-11-01.",
    "date_type": "must be a day like 2026-11-01.",
    "dataclass_type": "must be like {section: meals} or {menu: health}.",
    "model_type": "must be a list of `key: value` lines.",
    "dict_type": "must be a list of `key: value` lines.",
}
_PATTERNS = {
    NAME: "must be in small letters and digits, joined by - or a full stop.",
    MENU_KEY: "is not a key for a choice: use 1 to 6, the other keys mean the same everywhere.",
    VOICE: "must be a voice's name, letters and digits joined by - _ + or a full stop: never a path.",
    CODE: "must be two or three small letters, a language's code.",
    KEY: "must be a key from 1 to 8, or from 01 to 08 on the second page.",
    f"^{CLOCK}$": "must be an hour like 18:00.",
    f"^{CLOCK}-{CLOCK}$": "must be two hours like 14:00-18:00.",
}
_KINDS = ("str", "constrained-str", "int", "constrained-int", "date")  # named in a place where two kinds fit


def load(folder: Path) -> tuple[Content, list[Problem]]:
    """Return what could be read of the content folder, and every problem of what could not."""
    reader = _Reader(folder)
    languages = reader.one("languages.yaml", LanguagesFile)
    phrases = reader.one("phrases.yaml", PhrasesFile)
    facts = reader.one("facts.yaml", FactsFile)
    budgets = reader.one("budgets.yaml", BudgetsFile)
    content = Content(
        languages=languages.languages if languages else (),
        most_used=languages.most_used if languages else (),
        phrases=phrases.phrases if phrases else {},
        sections=reader.every("leaflet", SectionFile),
        services=reader.every("services", ServiceFile),
        menus=reader.every("menus", MenuFile),
        facts=facts.facts if facts else {},
        conflicts=facts.conflicts if facts else (),
        lexicons=reader.every("lexicons", Lexicon),
        budgets=budgets or BudgetsFile(),
    )
    return replace(content, translations=reader.translations(sources(content))), reader.problems


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def one(self, name: str, model: type[M]) -> M | None:
        """Read one file into its model."""
        try:
            return model.model_validate(read(self.folder / name))
        except YamlBroken as error:
            self.problems.append(Problem(name, error.place, str(error)))
        except ValidationError as error:
            self.problems += _problems(name, error)
        return None

    def every(self, name: str, model: type[M]) -> Mapping[str, M]:
        """Read every YAML file of a folder, by the file's name."""
        files = sorted((self.folder / name).glob("*.yaml"))
        self.problems += [
            Problem(f"{name}/{file.name}", "", f"the file's name {_PATTERNS[NAME]}")
            for file in files
            if not re.fullmatch(NAME, file.stem)
        ]
        found = {file.stem: self.one(f"{name}/{file.name}", model) for file in files}
        return {stem: one for stem, one in found.items() if one is not None}

    def translations(self, english: Mapping[str, str]) -> Mapping[str, Mapping[str, Sentence]]:
        """Read every PO file, by language and clip; obsolete and empty entries are left out.

        What translates another sentence than the English of today is fuzzy, though nobody has marked it yet.
        """
        files = sorted((self.folder / "translations").glob("*.po"))
        return {file.stem: self._translation(file, english) for file in files}

    def _translation(self, file: Path, english: Mapping[str, str]) -> Mapping[str, Sentence]:
        try:
            text = f"{file.read_text('utf-8')}\n"  # polib opens a file whose name is all of the text
            entries = polib.pofile(text)
            _refuse_duplicates(entries)
        except (OSError, ValueError) as error:
            name = f"translations/{file.name}"
            self.problems.append(Problem(name, "", f"is not a PO file ({error}): mend it in a translation editor."))
            return {}
        return {
            entry.msgctxt: Sentence(entry.msgstr, entry.fuzzy or entry.msgid != english.get(entry.msgctxt, ""))
            for entry in entries
            if entry.msgctxt and entry.msgstr.strip() and not entry.obsolete
        }


def _refuse_duplicates(entries: Iterable[polib.POEntry]) -> None:
    """Raise ValueError for a clip that is translated twice; polib's own look takes most of the time of reading."""
    known = set[tuple[str | None, str]]()
    for entry in (one for one in entries if not one.obsolete):
        if (entry.msgctxt, entry.msgid) in known:
            raise ValueError(f'Entry "{" ".join(entry.msgid.split())}" already exists')
        known.add((entry.msgctxt, entry.msgid))


def _problems(file: str, error: ValidationError) -> Iterator[Problem]:
    """Yield one problem a place, the first that pydantic found there."""
    places: set[str] = set()
    for one in error.errors():
        steps = [str(step) for step in one["loc"]]
        path = ".".join(step for step in steps if not (step.endswith("]") or step in _KINDS))
        if path not in places:
            yield Problem(file, path, _sentence(one))
        places.add(path)


def _sentence(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    pattern = error.get("ctx", {}).get("pattern", "")
    message = error["msg"]
    return _PATTERNS.get(pattern) or _SENTENCES.get(error["type"], f"{message[:1].lower()}{message[1:]}.")
