"""A small content folder without a mistake: two languages, two menus, three sections, one service.

Its fixed sentences and English numbers are the line's own, so that a new sentence of the line needs no copy here.
"""

import shutil
from pathlib import Path

import yaml

from ivr.content.load import load
from ivr.content.models import Content
from ivr.content.speak import PLACEHOLDER
from ivr.content.yaml12 import read

HERE = Path(__file__).parent
LINE = HERE.parent.parent / "content"
FACTS = {
    "phone": {"kind": "telephone", "value": "03 21 19 86 56"},
    "custody-hours": {"kind": "number", "value": 24},
    "evening-meal": {"kind": "hour", "value": "18:00"},
}
CONFLICTS = [{"fact": "evening-meal", "says": ["18:00", "19:00"], "chosen": "18:00", "why": "It says six more often."}]


def sound_content(folder: Path) -> Path:
    """Make the folder and return it."""
    shutil.copytree(HERE / "sound_content", folder)
    for name in ("phrases.yaml", "lexicons/en.yaml"):
        shutil.copy(LINE / name, folder / name)
    facts = {"facts": {**_facts_of((folder / "phrases.yaml").read_text()), **FACTS}, "conflicts": CONFLICTS}
    (folder / "facts.yaml").write_text(yaml.safe_dump(facts, allow_unicode=True, sort_keys=True), encoding="utf-8")
    return folder


def _facts_of(phrases: str) -> dict[str, object]:
    document = read(LINE / "facts.yaml")
    assert isinstance(document, dict)
    used = set(PLACEHOLDER.findall(phrases))
    return {name: fact for name, fact in document["facts"].items() if name in used}


def loaded(folder: Path) -> Content:
    """Return the content of a folder that must have no problem when it is read."""
    content, problems = load(folder)
    assert problems == []
    return content
