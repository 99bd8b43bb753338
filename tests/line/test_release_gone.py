"""The release is removed under the server's feet: callers go on, or hear an apology; nobody hears silence."""

import json
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.prompts.clips import FORMATS
from tests.line.witness import QUIET, opened, pause, reports, sealed, speech
from tests.phone import Phone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(24)

NAME = "000001-here"
WORDS = speech(2, 41)
MOST_USED = ("ar", "en", "fr")  # their apologies are there for whoever has no language yet


def built(release: Published, folder: Path) -> None:
    """Write what a build leaves behind, for English and the apologies: the shelf, a release of links, `current`."""
    live = release.folder / "current"
    manifest = json.loads((live / "manifest.json").read_text())
    manifest["clips"] = [clip for clip in manifest["clips"] if _wanted(clip)]
    new = folder / "releases" / NAME
    for language in MOST_USED:
        (new / language).mkdir(parents=True)
    for clip in manifest["clips"]:
        shelved = folder / "clips" / clip["digest"]
        shelved.mkdir(parents=True, exist_ok=True)
        for form in FORMATS:
            sound = shelved / f"clip.{form}"
            shutil.copyfile(live / clip["files"][form], sound)
            (new / clip["files"][form]).hardlink_to(sound)
    (new / "manifest.json").write_text(json.dumps(manifest))
    shutil.copyfile(live / "line.json", new / "line.json")
    (folder / "current").symlink_to(Path("releases") / NAME)


def _wanted(clip: dict) -> bool:
    spoken = clip["language"] == "en" and clip["id"].startswith(("main.", "daily.", "meals.", "old-facts", "hint-"))
    return spoken or (clip["language"] in MOST_USED and clip["id"] == "apology-witness")


@pytest.fixture
def line(release: Published, tmp_path: Path) -> Iterator[RunningLine]:
    """A line with a prompts folder of its own, to be destroyed."""
    folder = tmp_path / "prompts"
    built(release, folder)
    with running_line(replace(release, folder=folder)) as running:
        yield running


def removed(folder: Path) -> None:
    """Remove all that a build makes, `current` at last."""
    for part in ("releases", "clips"):
        shutil.rmtree(folder / part)
    (folder / "current").unlink()


def apologised(phone: Phone) -> None:
    """Hear the apology to its end, and leave a few words."""
    phone.hears_whole("en/apology-witness", timeout=40)
    pause(phone, 1)  # the tone sounds
    phone.say(WORDS + QUIET)
    phone.hang_up()


def calls_late(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line-en")
        apologised(phone)


def test_callers_go_on_from_the_shelf_hear_an_apology_when_all_is_gone_and_the_next_release_at_once(
    line: RunningLine, release: Published
) -> None:
    prompts = line.release.folder
    with line.phone() as listener, line.phone() as chooser, line.phone() as newcomer, ThreadPoolExecutor(3) as at_once:
        for phone in (listener, chooser):
            phone.call("line-en")
            phone.hears("en/main.1")
        listener.press("21")
        listener.hears("en/old-facts", timeout=20)
        shutil.rmtree(prompts / "releases" / NAME)
        chooser.press("2")
        newcomer.call("line-en")
        chooser.hears_whole("en/daily.1")
        newcomer.hears_whole("en/main.1")
        listener.hears_whole("en/meals.evening")
        removed(prompts)
        chooser.press("1")
        newcomer.press("2")
        apologies = [at_once.submit(apologised, phone) for phone in (chooser, newcomer)]
        for apology in (*apologies, at_once.submit(calls_late, line)):
            apology.result()
    built(release, prompts)
    mended = time.monotonic()
    with line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
    assert time.monotonic() - mended < 5
    sealed(line)
    kept = [opened(line, one).parts[0].sound for one in reports(line).values()]
    assert sum(decoded(WORDS) in sound for sound in kept) == 3
    assert "Traceback" not in line.log("serve")
