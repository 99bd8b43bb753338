"""Real calls by people who press nothing, to both lines."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from ivr.settings import Settings
from tests import release as releases
from tests.phone.dialog import State
from tests.running_line import IVR, RunningLine, running_line

pytestmark = pytest.mark.long(158)

NUMBER = "03 21 00 00 00"


@pytest.fixture(scope="module")
def numbered_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """A line that says the number of its witness line, which takes longest."""
    prompts = tmp_path_factory.mktemp("prompts")
    subprocess.run(["cp", "-a", str(Settings().prompts / "clips"), str(prompts)], check=True)
    settings = {"IVR_WITNESS_NUMBER": NUMBER, "IVR_PROMPTS": str(prompts)}
    subprocess.run([IVR, "build"], env={**os.environ, **settings}, check=True, capture_output=True)
    with running_line(releases.read(prompts), witness_number=NUMBER) as running:
        yield running


def test_who_presses_nothing_hears_what_is_most_needed_in_every_language(numbered_line: RunningLine) -> None:
    offered = [one["code"] for one in numbered_line.release.line["languages"] if one["ready"]]
    with numbered_line.phone(only_listens=True) as phone:
        phone.call("line")
        answered = phone.when(State.ANSWERED)
        first, *_, last = [phone.hears_whole(f"{code}/essentials", timeout=60) for code in offered]
        number = phone.hears_whole("en/witness-number", timeout=60)
        phone.hears_whole("fr/goodbye", timeout=60)
        phone.wait_hung_up()
    assert first.begins - answered < 45
    assert max(last.ends, number.ends) - answered < 150
