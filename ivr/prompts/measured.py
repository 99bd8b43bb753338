"""The line as it is written now, with the seconds that its clips last in the live release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ivr.callflow.line import Line
from ivr.content import plan, seconds
from ivr.content.check import Checked, fuzzy_clips
from ivr.content.models import BudgetsFile
from ivr.problems import Problem
from ivr.prompts.manifest import Manifest
from ivr.prompts.release import open_current


@dataclass(frozen=True)
class Measured:
    """A line, and the seconds of its clips by language and id; a clip that is not made has none."""

    line: Line
    lengths: Mapping[tuple[str, str], float]


def measured(checked: Checked, prompts: Path, old_before: date, *, witness_number: bool) -> Measured:
    """Return the line that the content makes, with the languages and clips of the live release.

    A clip whose words were changed since has no length. Raise ReleaseBroken without a release, or ManifestBroken.
    """
    with open_current(prompts) as current:
        return measure(checked, current.manifest(), old_before, witness_number=witness_number)


def measure(checked: Checked, manifest: Manifest, old_before: date, *, witness_number: bool) -> Measured:
    """Return the line that the content makes, measured by the clips of a manifest."""
    words = {(one.language, one.id): one.text for some in checked.words.values() for one in some}
    same = [clip for clip in manifest.clips if words.get((clip.language, clip.id)) == clip.text]
    ready = {clip.language for clip in manifest.clips} & checked.complete
    fuzzy = fuzzy_clips(checked, ready)
    line = plan.line_of(checked.content, ready, fuzzy, old_before, witness_number=witness_number)
    return Measured(line, {(clip.language, clip.id): clip.seconds for clip in same})


def over_budget(one: Measured, budgets: BudgetsFile, at: datetime) -> list[Problem]:
    """Return every budget that is not kept; raise LengthUnknown where a clip on the way is not made yet."""
    late = [
        problem
        for language in one.line.offered
        for problem in seconds.over_budget(seconds.waits(one.line, language, one.lengths, at), budgets)
    ]
    return [*late, *seconds.too_long(one.lengths, budgets)]
