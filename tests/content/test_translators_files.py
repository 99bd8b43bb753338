"""Translators' files as gettext itself reads them, and the English as people hear it."""

import re
import subprocess
from pathlib import Path

import pytest

from ivr.content.load import load
from ivr.content.models import Content
from ivr.content.speak import PLACEHOLDER
from ivr.settings import CHECKOUT

CONTENT = CHECKOUT / "content"
FILES = sorted((CONTENT / "translations").glob("*.po"))
MOST_WORDS = 14  # of a sentence


@pytest.fixture(scope="module")
def content() -> Content:
    return load(CONTENT)[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_gettext_finds_no_mistake(file: Path) -> None:
    told = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", file], check=False, capture_output=True, text=True)
    mistakes = [line for line in told.stderr.splitlines() if "warning: header field" not in line]
    assert (told.returncode, mistakes) == (0, [])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_draft_says_that_no_native_speaker_has_reviewed_it(file: Path, content: Content) -> None:
    language = next(one for one in content.languages if one.code == file.stem)
    header = file.read_text(encoding="utf-8").partition("msgid")[0]
    assert ("no native speaker has reviewed" in header) == (language.reviewed is None)


def test_no_english_sentence_of_a_section_is_long(content: Content) -> None:
    long = []
    for name, section in content.sections.items():
        for clip in section.clips:
            text = PLACEHOLDER.sub(lambda found: said(content, found[1]), clip.says)
            sentences = re.split(r"(?<=[.?!])\s+", text)
            long += [(name, clip.id, one) for one in sentences if len(one.split()) > MOST_WORDS]
    assert long == []


def said(content: Content, fact: str) -> str:
    """Return the words of a fact; a number that people write down counts as one."""
    one = content.facts.get(fact)
    return "number" if one is None or one.kind == "telephone" else str(one.value)
