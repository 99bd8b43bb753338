"""The line's own words against its budgets: what the clips of the built release really last."""

import json
from datetime import datetime

import pytest

from ivr.callflow.line import Line
from ivr.content import plan, seconds
from ivr.content.load import load
from ivr.content.stopwatch import Lengths
from ivr.settings import Settings
from tests.content.services import paris
from tests.release import Published

NOON = paris(2026, 11, 23, 12)
FIRST_ESSENTIALS, ALL_ESSENTIALS, KEYLESS_TONE = 45, 150, 40  # seconds after the answer, for who presses nothing


@pytest.fixture(scope="module")
def lengths(release: Published) -> Lengths:
    listed = json.loads((release.folder / "current" / "manifest.json").read_text())["clips"]
    return {(clip["language"], clip["id"]): clip["seconds"] for clip in listed}


@pytest.fixture(scope="module")
def line(release: Published) -> Line:
    return plan.from_json((release.folder / "current" / "line.json").read_text())


def test_every_offered_language_keeps_to_the_budgets(line: Line, lengths: Lengths) -> None:
    budgets = load(Settings().content)[0].budgets
    for language in line.offered:
        waits = seconds.waits(line, language, lengths, NOON)
        assert [str(one) for one in seconds.over_budget(waits, budgets)] == []


@pytest.mark.parametrize("at", [NOON, paris(2026, 11, 28, 23)])
def test_who_presses_nothing_hears_the_essentials_in_time(line: Line, lengths: Lengths, at: datetime) -> None:
    silent = seconds.silent(line, lengths, at)
    ends = {code: begins + lengths[code, "essentials"] for code, begins in silent.essentials.items()}
    assert ends.keys() == {language.code for language in line.offered}
    assert min(silent.essentials.values()) <= FIRST_ESSENTIALS
    assert max(ends.values()) <= ALL_ESSENTIALS


def test_a_witness_who_presses_nothing_hears_the_tone_in_time(line: Line, lengths: Lengths) -> None:
    assert seconds.silent(line, lengths, NOON).tone <= KEYLESS_TONE
