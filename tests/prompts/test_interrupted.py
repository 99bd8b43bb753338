"""Whatever interrupts a build, the live release stays whole and no finished clip is lost."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.prompts.release import live
from ivr.prompts.whole import broken_clips
from ivr.prompts.workers import ONE_THREAD
from tests.content.sound import sound_content

pytestmark = pytest.mark.long(49)

KILLS = 50
CLIPS = 8  # that are new whenever the words are changed
PIECE = 150_000  # bytes: more than a clip has, less than the text of a release
LOOK = 0.002  # seconds between two looks at what was made
SHORT = 0.25  # seconds in which clips are made and published, once a worker has begun to


class Building:
    """A small line that is built again and again by `ivr build`, each time in a process of its own."""

    def __init__(self, folder: Path, prompts: Path) -> None:
        self.content = folder / "content"
        self.prompts = prompts
        self.log = folder / "log"
        self.changes = self.day = 0
        ours = {"IVR_CONTENT": self.content, "IVR_PROMPTS": prompts, "IVR_STATE": folder / "state"}
        self._builder = subprocess.Popen(
            [sys.executable, "-m", "tests.prompts.building", self.log],
            env={**os.environ, **ONE_THREAD, **{name: str(value) for name, value in ours.items()}},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> int:
        """Start a build; return its process."""
        assert self._builder.stdin
        assert self._builder.stdout
        self._builder.stdin.write("\n")
        self._builder.stdin.flush()
        return int(self._builder.stdout.readline())

    def end(self) -> int:
        """Wait for its end; return its exit code, which is minus the signal that killed it."""
        assert self._builder.stdout
        return int(self._builder.stdout.readline())

    def build(self) -> int:
        self.begin()
        return self.end()

    def change(self) -> None:
        """Change the words of some clips; each second time to earlier ones, so that there is nothing to make."""
        self.changes += 1
        self.day = self.changes if self.changes % 2 else self.changes - 3
        says = (f'  - {{id: "dish{dish}", says: "On day {self.day} dish {dish} is hot."}}' for dish in range(CLIPS))
        leaflet = self.content / "leaflet/meals.yaml"
        kept = leaflet.read_text().partition('  - {id: "dish')[0]
        leaflet.write_text("\n".join([kept.rstrip("\n"), *says, ""]))

    def finished(self) -> set[str]:
        return {path.name for path in (self.prompts / "clips").iterdir() if not path.name.startswith(".")}

    def heard(self) -> str:
        """Return the live release, every sound of which was read and found as it was published."""
        name = live(self.prompts)
        assert name
        assert broken_clips(self.prompts / "releases" / name) == []
        return name

    def says_what_was_changed(self) -> bool:
        """Tell whether callers hear the words of today."""
        manifest = self.prompts / "releases" / self.heard() / "manifest.json"
        return f"On day {self.day} dish 0 is hot." in manifest.read_text()

    def said(self) -> str:
        return self.log.read_text()

    def close(self) -> None:
        assert self._builder.stdin
        self._builder.stdin.close()
        self._builder.wait(60)


@contextlib.contextmanager
def opened(folder: Path, prompts: Path) -> Iterator[Building]:
    building = Building(folder, prompts)
    try:
        yield building
    finally:
        building.close()


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small content, spoken quickly, and its release."""
    folder = tmp_path_factory.mktemp("interrupted")
    languages = sound_content(folder / "content") / "languages.yaml"
    languages.write_text(languages.read_text().replace("en+f2}", "en+f2}, speed: 250"))
    with opened(folder, folder / "prompts") as building:
        assert building.build() == 0, building.said()
    return folder


def copied(built_once: Path, folder: Path, prompts: Path) -> None:
    for source, place in ((built_once / "content", folder / "content"), (built_once / "prompts", prompts)):
        subprocess.run(["cp", "-a", source, place], check=True)  # shutil would untie the links


@pytest.fixture
def building(built_once: Path, tmp_path: Path) -> Iterator[Building]:
    copied(built_once, tmp_path, tmp_path / "prompts")
    with opened(tmp_path, tmp_path / "prompts") as one:
        yield one


def wait(process: int, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Wait so long, or until something is true, or a process has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and Path(f"/proc/{process}").exists() and not until():
        time.sleep(LOOK)


def kill_at_a_random_moment(building: Building, lasts: float) -> bool:
    """Begin a build that lasts so long, and kill it; tell whether it was killed, or had finished.

    The moment lies anywhere in the build, or in the short time in which it makes and publishes; each second
    time its workers are killed with it, as when the power fails.
    """
    before = building.finished()
    process = building.begin()
    if random.random() < 0.5:
        wait(process, lasts, lambda: building.finished() != before)
        wait(process, random.uniform(0, SHORT))
    else:
        wait(process, random.uniform(0, lasts))
    with contextlib.suppress(ProcessLookupError):
        random.choice((os.kill, os.killpg))(process, signal.SIGKILL)
    code = building.end()
    assert code in {0, -signal.SIGKILL}, building.said()
    return code < 0


def test_a_build_killed_at_fifty_random_moments_loses_no_finished_clip_and_no_release(building: Building) -> None:
    for _ in range(2):  # the first one also loads what the others find loaded
        began = time.monotonic()
        building.change()
        assert building.build() == 0, building.said()
        lasts = time.monotonic() - began
    kills = 0
    while kills < KILLS:
        building.change()
        since, made = building.finished(), set[str]()
        while kill_at_a_random_moment(building, lasts):
            kills += 1
            building.heard()
            assert made <= (made := building.finished() - since)
        assert building.says_what_was_changed()
    assert not list(building.prompts.rglob(".new-*"))


def fill(disk: Path) -> Path:
    """Take every byte of a disk."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(PIECE)):
            pass
    return filler


def test_a_disk_that_fills_during_a_build_is_told_and_the_live_release_stays(
    built_once: Path, tmp_path: Path, small_disk: Path
) -> None:
    copied(built_once, tmp_path, small_disk / "prompts")
    with opened(tmp_path, small_disk / "prompts") as building:
        before = building.heard()
        building.change()
        filler = fill(small_disk)
        while building.build() != 0:
            assert building.heard() == before
            os.truncate(filler, filler.stat().st_size - PIECE)  # a little more room than the time before
        assert building.says_what_was_changed()
    assert "The clip cannot be written (No space left on device): make room, then build again.\n" in building.said()
    assert "The release cannot be written (No space left on device): make room, build again.\n" in building.said()
    assert "Traceback" not in building.said()
