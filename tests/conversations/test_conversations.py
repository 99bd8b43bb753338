"""Whole calls on the line's own content, as pages that read as prose.

`pytest tests/conversations --update-conversations` writes the pages anew; review them as a change of the line.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ivr.callflow.line import Limits, Line
from ivr.calls.server import entry_of
from ivr.calls.simulate import Texts, line_and_texts, simulate, texts_by_sound
from ivr.settings import CHECKOUT
from tests.conversations.replay import Conversation, Replay, conversation

PAGES = {file.stem: file for file in sorted(Path(__file__).parent.glob("*.yaml"))}
OLD_BEFORE = date(2025, 11, 23)  # so that no page changes as time goes by


@pytest.fixture(scope="session")
def whole_line() -> tuple[Line, Texts]:
    return line_and_texts(CHECKOUT / "content", "", OLD_BEFORE, Limits())


def replayed(page: Conversation, whole_line: tuple[Line, Texts], *, lenient: bool = False) -> tuple[Replay, str]:
    """Return the phone after the call, and the page that the call makes."""
    line, texts = whole_line
    waiting = page.header.get("not_ready", [])
    languages = tuple(replace(one, ready=one.ready and one.code not in waiting) for one in line.languages)
    entry = replace(entry_of(page.header["calls"]), lesson=page.header["lesson"])
    at = datetime.fromisoformat(page.header["at"])
    phone = Replay(page.turns, texts_by_sound(texts), lenient=lenient)
    transcript = simulate(replace(line, languages=languages), entry, phone, texts, lambda: at)
    return phone, transcript.page(**page.header)


@pytest.mark.parametrize("name", PAGES)
def test_the_line_keeps_to_the_conversation(
    name: str, whole_line: tuple[Line, Texts], request: pytest.FixtureRequest
) -> None:
    page = conversation(PAGES[name])
    if request.config.getoption("--update-conversations"):
        _, text = replayed(page, whole_line, lenient=True)
        PAGES[name].write_text(text, encoding="utf-8")
        page = conversation(PAGES[name])
    phone, text = replayed(page, whole_line)
    phone.ended()
    assert not phone.astray, f"{name}: {phone.astray} (see --update-conversations)"
    assert text == PAGES[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_no_caller_hears_of_a_fault_or_a_missing_clip(name: str) -> None:
    said = PAGES[name].read_text(encoding="utf-8")
    assert "is missing]" not in said
    assert "Something broke" not in said
