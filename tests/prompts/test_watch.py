"""`ivr build --watch`: what is saved is live soon after, and one line says so."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.callflow.actions import Clip
from ivr.calls.recordings import Recordings
from ivr.content.check import check
from ivr.content.utterance import Utterance
from ivr.prompts.bring import bring
from ivr.prompts.engines import engine
from ivr.prompts.manifest import Voice
from ivr.prompts.release import live, open_current
from tests.content.sound import sound_content
from tests.prompts import recordings
from tests.prompts.test_telephone import by_telephone
from tests.running_line import IVR

pytestmark = pytest.mark.long(32)

SET_ASIDE = "en/meals.evening: the take is set aside, its words have changed: record it again."


class Watching:
    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.prompts = folder / "prompts"
        self.told = folder / "told"
        ours = {"IVR_CONTENT": self.content, "IVR_PROMPTS": self.prompts, "IVR_STATE": folder / "state"}
        environment = {**os.environ, **{name: str(value) for name, value in ours.items()}}
        with self.told.open("wb") as out:
            # Who starts the tests in the background may ignore Ctrl-C, which a program inherits.
            command = ["env", "--default-signal=INT", IVR, "build", *options]
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)

    def lines(self) -> list[str]:
        return self.told.read_text().splitlines()

    def says(self, words: str, count: int = 1) -> str:
        """Return the line that says this for the `count`-th time, when it is there."""
        until = time.monotonic() + 60
        while len(found := [line for line in self.lines() if words in line]) < count:
            assert time.monotonic() < until, self.lines()
            assert self.process.poll() is None, self.lines()
            time.sleep(0.05)
        return found[count - 1]


@pytest.fixture(scope="module")
def built_once(tmp_path_factory) -> Path:
    """Return a folder with a small content and its release."""
    folder = tmp_path_factory.mktemp("watch")
    sound_content(folder / "content")
    (folder / "prompts/recorded").mkdir(parents=True)
    assert Watching(folder).process.wait(120) == 0
    return folder


@pytest.fixture
def watching(built_once, tmp_path) -> Iterator[Watching]:
    subprocess.run(["cp", "-a", built_once, tmp_path / "line"], check=True)
    started = Watching(tmp_path / "line", "--watch")
    try:
        started.says("live:")
        yield started
    finally:
        started.process.kill()
        started.process.wait()


def test_what_is_saved_is_live_and_one_line_says_so(watching):
    first = live(watching.prompts)
    sentence = watching.content / "leaflet/meals.yaml"
    sentence.write_text(sentence.read_text().replace("Hot food", "Warm food"))
    told = watching.says("live:", 2)
    assert live(watching.prompts) != first
    assert told.endswith(f"live: {live(watching.prompts)}.")
    assert told.startswith("1 clips made, ")
    assert len(watching.lines()) == 3  # what is watched, and a line for each build


def test_a_mistake_leaves_the_old_release_live_and_is_told_and_then_mended(watching):
    first = live(watching.prompts)
    menu = watching.content / "menus/daily.yaml"
    right = menu.read_text()
    menu.write_text("title: [")
    assert watching.says("Callers go on hearing").endswith(f"{first}.")
    assert watching.says("menus/daily.yaml: line 2: is not YAML")
    menu.write_text(right)
    assert watching.says("live:", 2).endswith(f"live: {first}.")


def test_ctrl_c_ends_it_without_a_traceback(watching):
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(60) == 0
    assert not [line for line in watching.lines() if "Traceback" in line]


def speaker(folder: Path, said: Utterance) -> str:
    """Return who speaks a clip to callers."""
    with open_current(folder / "prompts") as current:
        return next(one.engine for one in current.manifest().clips if one.id == said.id)


def brought(folder: Path, at: Path) -> Utterance:
    """Bring a recording of what the meals are; return its words."""
    said = next(one for one in check(folder / "content").words["en"] if one.id == "meals.evening")
    spoken = engine("espeak").speak(said.speech, Voice("en", "espeak", "en+f2", 130), slow=False)
    bring(recordings.wav(at / "voice.wav", spoken), said, folder / "prompts/recorded")
    return said


def other_food(folder: Path, what: str) -> None:
    leaflet = folder / "content/leaflet/meals.yaml"
    leaflet.write_text(re.sub(r"\w+ food", what, leaflet.read_text()))


def test_a_take_whose_words_change_is_named_by_the_build_and_an_engine_speaks(built_once, tmp_path):
    subprocess.run(["cp", "-a", built_once, tmp_path / "line"], check=True)
    folder = tmp_path / "line"
    said = brought(folder, tmp_path)
    assert Watching(folder).process.wait(60) == 0
    assert speaker(folder, said) == "take"
    other_food(folder, "Cold food")
    again = Watching(folder)
    assert again.process.wait(60) == 0
    assert speaker(folder, said) == "espeak"
    assert SET_ASIDE in again.lines()


def test_a_watching_build_names_a_take_whose_words_changed_once(watching, tmp_path):
    brought(watching.content.parent, tmp_path)
    for number, what in enumerate(("Cold food", "Warm food"), start=1):
        other_food(watching.content.parent, what)
        watching.says("1 clips made", number)
    assert watching.lines().count(SET_ASIDE) == 1


def test_a_take_by_telephone_that_was_found_good_is_live_soon_after(watching: Watching) -> None:
    said = next(one for one in check(watching.content).words["en"] if one.id == "meals.evening")
    studio = Recordings(watching.folder, watching.folder / "state/studio")
    tape, clip = studio.blank("en"), Clip("en", said.id)
    heard = engine("espeak").speak(said.speech, Voice("en", "espeak", "en+f2", 140), slow=False)
    Path(f"{studio.sound(tape)}.sln").write_bytes(by_telephone(heard))
    studio.keep_take(tape, clip, said.text, "alice", datetime.now(UTC))
    (waits,) = studio.waiting("en")
    studio.judge(waits.spoken, "bob", good=True)
    watching.says("en/meals.evening: a take by telephone speaks it from now on.")
    watching.says("1 clips made")
    with open_current(watching.prompts) as current:
        assert [one.id for one in current.manifest().clips if one.engine == "take"] == ["meals.evening"]
