"""Reads the content folder; whatever a file gets wrong comes back as problems, all of them at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import polib
from pydantic import BaseModel, ValidationError

from ivr.content.models import (
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
    "dataclass_type": "must be like {section: meals} or {menu: health}.",
    "model_type": "must be a list of `key: value` lines.",
    "dict_type": "must be a list of `key: value` lines.",
}


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
        translations=reader.translations(),
        budgets=budgets or BudgetsFile(),
    )
    return content, reader.problems


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
            self.problems += [_problem(name, one["loc"], one["type"], one["msg"]) for one in error.errors()]
        return None

    def every(self, name: str, model: type[M]) -> Mapping[str, M]:
        """Read every YAML file of a folder, by the file's name."""
        files = sorted((self.folder / name).glob("*.yaml"))
        found = {file.stem: self.one(f"{name}/{file.name}", model) for file in files}
        return {stem: one for stem, one in found.items() if one is not None}

    def translations(self) -> Mapping[str, Mapping[str, Sentence]]:
        """Read every PO file, by language and clip; obsolete and empty entries are left out."""
        return {file.stem: self._translation(file) for file in sorted((self.folder / "translations").glob("*.po"))}

    def _translation(self, file: Path) -> Mapping[str, Sentence]:
        try:
            entries = polib.pofile(file.read_text("utf-8"), check_for_duplicates=True)
        except (OSError, ValueError) as error:
            name = f"translations/{file.name}"
            self.problems.append(Problem(name, "", f"is not a PO file ({error}): mend it in a translation editor."))
            return {}
        return {
            entry.msgctxt: Sentence(entry.msgstr, entry.fuzzy)
            for entry in entries
            if entry.msgctxt and entry.msgstr and not entry.obsolete
        }


def _problem(file: str, place: tuple[int | str, ...], kind: str, message: str) -> Problem:
    path = ".".join(str(step) for step in place if not str(step).endswith("]"))
    return Problem(file, path, _SENTENCES.get(kind, f"{message[:1].lower()}{message[1:]}."))
