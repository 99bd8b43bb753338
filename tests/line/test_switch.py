"""A release that is switched while people call: each call finishes on its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ivr.prompts import publish, release
from tests import release as releases
from tests.content.sound import sound_content
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(11)

MEAL = "en/meals.evening"


@dataclass(frozen=True)
class Switched:
    """A small line that takes calls, whose sentence about the meals can be changed."""

    line: RunningLine
    folder: Path

    @property
    def prompts(self) -> Path:
        return self.folder / "prompts"

    def serves(self, what: str) -> Published:
        """Let callers hear of other food from now on."""
        leaflet = self.folder / "content/leaflet/meals.yaml"
        leaflet.write_text(re.sub(r"\w+ food", what, leaflet.read_text()))
        return build(self.folder)


def build(folder: Path) -> Published:
    made = publish.publish(folder / "content", folder / "prompts", "", date.min, lambda *_: None)
    assert made.summary
    assert made.summary.published
    return releases.read(folder / "prompts")


@pytest.fixture
def switched(tmp_path: Path) -> Iterator[Switched]:
    sound_content(tmp_path / "content")
    with running_line(build(tmp_path)) as line:
        yield Switched(line, tmp_path)


def test_a_call_finishes_on_its_own_release_which_is_not_pruned_meanwhile(
    switched: Switched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "KEPT", 1)
    line, prompts = switched.line, switched.prompts
    first = release.live(prompts)
    with line.phone() as early:
        early.call("line-en")
        early.hears("en/main.1", timeout=20)
        new = switched.serves("Cold food")
        assert new.clips[MEAL] != line.release.clips[MEAL]
        with line.phone(clips=new.clips) as late:
            late.call("line-en")
            late.press("21")
            early.press("21")
            late.hears_whole(MEAL)
        early.hears_whole(MEAL)
        assert release.names(prompts) == [first, release.live(prompts)]
    line.asterisk.wait_channels(0)
    line.asterisk.wait_for(lambda: not release.in_use(prompts, str(first)), 20, "the old release to be let go")
    switched.serves("Warm food")
    assert first not in release.names(prompts)
