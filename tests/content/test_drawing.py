"""The drawing that the README shows, against the menus of today and the seconds of the live release."""

import json
import re

import pytest

from ivr.content import plan
from ivr.content.check import check
from ivr.content.graph import svg
from ivr.content.seconds import arrivals
from ivr.settings import Settings
from tests.asterisk_fixture import CHECKOUT
from tests.content.services import paris
from tests.release import Published

SHOWN = CHECKOUT / "content/menus.svg"
SECONDS = re.compile(r">(\d+\.\d) s<")
ALIKE = 1.5  # seconds that another version of an engine may change


@pytest.fixture(scope="module")
def drawn(release: Published) -> str:
    listed = json.loads((release.folder / "current" / "manifest.json").read_text())["clips"]
    lengths = {(clip["language"], clip["id"]): clip["seconds"] for clip in listed}
    line = plan.from_json((release.folder / "current" / "line.json").read_text())
    found = arrivals(line, line.offered[0], lengths, paris(2026, 11, 23, 12))
    return svg(line, check(Settings().content).content, found)


def test_the_readme_shows_the_drawing() -> None:
    assert f"]({SHOWN.relative_to(CHECKOUT)})" in (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_drawing_shows_the_menus_of_today(drawn: str) -> None:
    shown = SHOWN.read_text(encoding="utf-8")
    assert SECONDS.sub("", shown) == SECONDS.sub("", drawn), "run `ivr graph content/menus.svg`"


def test_the_drawing_shows_the_seconds_of_today(drawn: str) -> None:
    shown, today = ([float(one) for one in SECONDS.findall(text)] for text in (SHOWN.read_text("utf-8"), drawn))
    assert shown == pytest.approx(today, abs=ALIKE), "run `ivr graph content/menus.svg`"
