"""What is open now, heard through real calls at three times of the year: libfaketime sets the server's clock."""

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(140)

LANGUAGES = ("en", "ar", "ti")
AT_ONCE = 4  # services before a caller must ask for more
CHANGES = {  # as a volunteer would write them: nights with known hours, and closures
    "night-shelter": {"condition": "", "hours": "21:00-08:30", "closed": [{"from": "2026-11-29", "to": "2026-11-30"}]},
    "evening-meal": {"closed": [{"from": "2026-11-29", "to": "2026-11-29"}]},
    "noon-meal-weekend": {"closed": [{"from": "2026-11-29", "to": "2026-11-29"}]},
}
CENTRE = "secours-catholique.phone"
TIMES = {  # the time in UTC, and what must be heard of which service, in this order
    "on a weekday at noon": (
        "2026-11-23 11:00:30",
        [
            ("emergency-room", "open-always"),
            ("noon-meal-week", "today", "at.13-00"),
            ("evening-meal", "today", "at.18-00"),
            ("clinic", "today", "at.14-00"),
            ("day-centre", "open-today", CENTRE),
            ("night-shelter", "today", "at.21-00"),
            ("french-beginners", "tomorrow", "hours-unknown"),
            ("noon-meal-weekend", "day-6", "at.13-00"),
            ("showers", "hours-unknown"),
            ("clothes", "hours-unknown"),
            ("french-advanced", "day-3", "hours-unknown"),
        ],
    ),
    "on a Saturday night before a closure": (
        "2026-11-28 22:00:30",
        [
            ("emergency-room", "open-always"),
            ("night-shelter", "until.08-30"),
            ("noon-meal-week", "day-1", "at.13-00"),
            ("evening-meal", "day-1", "at.18-00"),
            ("noon-meal-weekend", "day-6", "at.13-00"),
            ("showers", "hours-unknown"),
            ("clinic", "day-1", "at.14-00"),
            ("day-centre", "day-1", "hours-unknown", CENTRE),
            ("clothes", "hours-unknown"),
            ("french-advanced", "day-1", "hours-unknown"),
            ("french-beginners", "day-2", "hours-unknown"),
        ],
    ),
    "in the night of the clock change, at half past two for the second time": (
        "2026-10-25 01:30:30",
        [
            ("emergency-room", "open-always"),
            ("night-shelter", "until.08-30"),
            ("noon-meal-weekend", "today", "at.13-00"),
            ("evening-meal", "today", "at.18-00"),
            ("noon-meal-week", "tomorrow", "at.13-00"),
            ("clinic", "tomorrow", "at.14-00"),
            ("day-centre", "tomorrow", "hours-unknown", CENTRE),
            ("french-advanced", "tomorrow", "hours-unknown"),
            ("showers", "hours-unknown"),
            ("clothes", "hours-unknown"),
            ("french-beginners", "day-2", "hours-unknown"),
        ],
    ),
}
PARTS = ("service.", "until.", "at.", "began.", "day-", "open-", "today", "tomorrow", "hours-", "now-more", "main.")


def _may_be_said(name: str, language: str) -> bool:
    """Tell whether a clip may be heard here: others sound the same, and a story would name them."""
    spoken, _, clip = name.partition("/")
    return spoken == language and (clip.startswith(PARTS) or clip in ("old-facts", CENTRE))


@pytest.fixture(scope="module")
def changed(release: Published, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The release with those services changed, in three languages."""
    folder = tmp_path_factory.mktemp("open-now")
    new = folder / "releases" / "000001-changed"
    new.mkdir(parents=True)
    for language in LANGUAGES:
        shutil.copytree(release.folder / "current" / language, new / language, ignore=_other_codecs)
    line = json.loads(json.dumps(release.line))
    for name, fields in CHANGES.items():
        line["open_now"]["services"][name] |= fields
    (new / "line.json").write_text(json.dumps(line))
    (folder / "current").symlink_to(Path("releases") / new.name)
    return replace(release, folder=folder, line=line)


def _other_codecs(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".alaw")]


@pytest.fixture(scope="module")
def lines(changed: Published) -> Iterator[dict[str, RunningLine]]:
    """A line for each of the times, whose server believes that it is then."""
    with ExitStack() as stack:
        running = {}
        for name, (at, _) in TIMES.items():
            running[name] = stack.enter_context(running_line(changed, at=at))
        yield running


def heard(line: RunningLine, language: str, entries: list[tuple[str, ...]]) -> list[str]:
    """Call, ask what is open, go on at every `#`, and return the clips from the warning on."""
    clips = {name: sound for name, sound in line.release.clips.items() if _may_be_said(name, language)}
    with line.phone(clips=clips, only_listens=True) as phone:
        phone.call(f"line-{language}")
        phone.hears(f"{language}/main.1")
        phone.press("1")
        for number, entry in enumerate(entries):
            if number and number % AT_ONCE == 0:
                phone.hears_whole(f"{language}/now-more")
                phone.press("#")
            phone.hears_whole(*(f"{language}/{clip}" for clip in (f"service.{entry[0]}", *entry[1:])))
        story = phone.story()
    return story[story.index(f"{language}/old-facts") :]


def expected(language: str, entries: list[tuple[str, ...]]) -> list[str]:
    said = ["old-facts"]
    for number, (service, *when) in enumerate(entries):
        said += ["now-more"] if number and number % AT_ONCE == 0 else []
        said += [f"service.{service}", *when]
    return [f"{language}/{clip}" for clip in said]


def test_what_is_open_now_is_heard_in_three_languages_at_three_times(lines: dict[str, RunningLine]) -> None:
    calls = [(name, language) for name in TIMES for language in LANGUAGES]
    with ThreadPoolExecutor(len(calls)) as callers:
        told = list(callers.map(lambda call: heard(lines[call[0]], call[1], TIMES[call[0]][1]), calls))
    assert dict(zip(calls, told, strict=True)) == {call: expected(call[1], TIMES[call[0]][1]) for call in calls}
