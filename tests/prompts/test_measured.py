"""The line as it is written now, measured by the clips of a release."""

from dataclasses import replace
from datetime import date

import pytest

from ivr.content.check import Checked, check
from ivr.content.models import Budget, BudgetsFile
from ivr.content.stopwatch import LengthUnknown
from ivr.prompts.manifest import Clip, Manifest
from ivr.prompts.measured import Measured, measure, over_budget
from tests.callflow.telling import NOON
from tests.content.sound import sound_content


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check(sound_content(tmp_path_factory.mktemp("measured") / "content"))


def manifest(checked: Checked, seconds: float = 1.0) -> Manifest:
    clips = [
        Clip(one.id, one.language, one.text, seconds, "espeak", {}, "", 1.0, {}, {}) for one in checked.words["en"]
    ]
    return Manifest("1", tuple(clips), "")


def measured(checked: Checked, manifest: Manifest) -> Measured:
    return measure(checked, manifest, date.min, witness_number=False)


def test_the_languages_of_the_release_are_offered(checked: Checked) -> None:
    assert [one.code for one in measured(checked, manifest(checked)).line.offered] == ["en"]


def test_a_clip_whose_words_have_changed_has_no_length(checked: Checked) -> None:
    made = manifest(checked)
    old = [replace(one, text="Before.") if one.id == "meals.evening" else one for one in made.clips]
    lengths = measured(checked, replace(made, clips=tuple(old))).lengths
    assert ("en", "meals.evening") not in lengths
    assert len(lengths) == len(made.clips) - 1


def test_a_budget_that_is_not_kept_is_a_problem(checked: Checked) -> None:
    budgets = BudgetsFile(every_section=Budget(newcomer=2))
    (late,) = over_budget(measured(checked, manifest(checked)), budgets, NOON)
    assert str(late).startswith("budgets.yaml: every_section.newcomer: en: ")


def test_a_budget_that_is_kept_is_none(checked: Checked) -> None:
    assert over_budget(measured(checked, manifest(checked, 0.1)), checked.content.budgets, NOON) == []


def test_clips_that_are_too_long_are_named_from_the_longest_on(checked: Checked) -> None:
    made = manifest(checked)
    lasts = {"meals.evening": 13.0, "goodbye": 12.5}
    long = tuple(replace(one, seconds=lasts.get(one.id, 1.0)) for one in made.clips)
    (problem,) = over_budget(measured(checked, replace(made, clips=long)), BudgetsFile(longest_clip=12), NOON)
    assert problem.path == "longest_clip"
    assert problem.sentence == (
        "en: longer than 12 s: meals.evening (13.0 s), goodbye (12.5 s): shorten each, or write it as two."
    )


def test_what_is_not_made_yet_cannot_be_measured(checked: Checked) -> None:
    made = manifest(checked)
    fewer = tuple(one for one in made.clips if one.id != "main.1")
    with pytest.raises(LengthUnknown, match=r"en/main\.1 is not made yet"):
        over_budget(measured(checked, replace(made, clips=fewer)), BudgetsFile(), NOON)
