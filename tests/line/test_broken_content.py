"""The content is broken while the line is live, and when it is opened: callers go on hearing the last release."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.prompts.release import live
from tests.asterisk_fixture import CHECKOUT
from tests.line.run import Run, opened_run
from tests.release import Published
from tests.running_line import IVR

pytestmark = pytest.mark.long(11)

MISTAKE = "menus/daily.yaml: line 2: is not YAML"


@pytest.fixture
def opened(release: Published, tmp_path: Path) -> Iterator[Run]:
    """A line that is opened with a mistake in its content."""
    content = tmp_path / "content"
    shutil.copytree(CHECKOUT / "content", content)
    (content / "menus/daily.yaml").write_text("title: [")
    with opened_run(tmp_path, release.folder, content=content) as run:
        yield run


def test_with_a_mistake_the_line_opens_says_so_and_calls_go_on_with_the_last_release(
    opened: Run, release: Published
) -> None:
    last = live(release.folder)
    assert MISTAKE in opened.printed()
    assert f"Callers go on hearing {last}: mend what is said above, then run `ivr build`." in opened.printed()
    with opened.phone(release) as early, opened.phone(release) as late:
        early.call("line-en")
        early.hears("en/main.1")
        build = [IVR, "build"]
        environment = {**os.environ, **opened.settings}
        refused = subprocess.run(build, env=environment, capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert MISTAKE in refused.stderr
        late.call("line-en")
        late.hears("en/main.1")
        for phone in (early, late):
            phone.press("2")
            phone.hears_whole("en/daily.1")
    assert live(release.folder) == last
