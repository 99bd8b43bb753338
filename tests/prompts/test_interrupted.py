"""Whatever interrupts a build, the live release stays whole and no finished clip is lost."""

import random
import subprocess
import sys
from contextlib import suppress

import pytest

from ivr.prompts.build import build
from ivr.prompts.release import live, verify
from tests.prompts import spoken
from tests.prompts.building import many

CLIPS = 60


def builder(folder, largest_file: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.prompts.building", str(folder), str(CLIPS), str(largest_file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(folder) -> set[str]:
    return {path.name for path in (folder / "clips").iterdir() if not path.name.startswith(".")}


def killed_at_a_random_moment(process: subprocess.Popen[str]) -> None:
    for _ in range(random.randint(0, CLIPS // 5)):
        process.stdout.readline()  # one more clip is finished
    with suppress(subprocess.TimeoutExpired):
        process.wait(random.uniform(0, 0.1))
    process.kill()
    process.communicate()


@pytest.mark.parametrize("attempt", range(2))
def test_a_build_killed_at_any_moment_loses_no_finished_clip_and_no_release(built, attempt):
    for _ in range(4):
        before = finished(built)
        killed_at_a_random_moment(builder(built))
        verify(built / "releases" / live(built))
        assert before <= finished(built), attempt
    before = finished(built)
    summary = build(many(CLIPS), spoken.VOICES, "{}", built)
    assert summary.made <= CLIPS - len(before) + len(spoken.LINE)
    assert (summary.made + summary.kept, summary.live) == (CLIPS, live(built))
    verify(built / "releases" / live(built))
    assert not list(built.rglob(".new-*"))


@pytest.mark.parametrize("largest_file", [4_000, 30_000], ids=["no room for clips", "no room for the manifest"])
def test_a_disk_without_room_is_told_and_the_live_release_stays(built, largest_file):
    before = live(built)
    told = " ".join(builder(built, largest_file).communicate())
    assert "make room" in told
    assert live(built) == before
    verify(built / "releases" / before)
