"""Keys on a trunk that loses them as messages, and so listens for tones: on the real line, each counts once."""

from collections.abc import Iterator

import pytest

from ivr.exchange import canary
from tests.line.witness import pause
from tests.phone import Phone
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(39)

TRUNK = """
[provider](keys)
type = endpoint
transport = udp
context = trunk
disallow = all
allow = alaw
callerid = "anonymous" <0>
set_var = LEADS_33300000002=line-en

[provider]
type = identify
endpoint = provider
match = 127.0.0.2
"""


@pytest.fixture(scope="module")
def inband_line(release: Published) -> Iterator[RunningLine]:
    """A line whose setting `dtmf_mode` tells its trunk to listen for tones."""
    with running_line(release, dtmf_mode="inband", trunk=TRUNK) as running:
        yield running


def calls(line: RunningLine, keys_by: str) -> Phone:
    phone = line.phone(address="127.0.0.2", keys_by=keys_by)
    phone.call("33300000002")
    phone.hears("en/main.2")
    return phone


@pytest.mark.parametrize("keys_by", ["tones", "info", "tones and info"])
def test_every_key_counts_once_however_often_the_trunk_tells_it(inband_line: RunningLine, keys_by: str) -> None:
    with calls(inband_line, keys_by) as phone:
        phone.press("2")
        phone.hears("en/daily.1")
        pause(phone, 0.4)  # the key told again must not cut what is said now
        assert phone.story()[-1].startswith("en/daily.1")
        phone.press("1")
        phone.hears("en/meals.evening", timeout=20)


def test_a_clip_goes_on_where_the_second_telling_of_a_key_cut_it(inband_line: RunningLine) -> None:
    with calls(inband_line, "tones and info") as phone:
        phone.press("2")
        phone.hears_whole("en/daily.1")
        sound = inband_line.release.clips["en/daily.1"]
        assert sound in phone.heard.sound


def test_a_key_that_is_pressed_twice_counts_twice(inband_line: RunningLine) -> None:
    with calls(inband_line, "tones and info") as phone:
        for _ in range(2):
            phone.press("2")
            pause(phone, 0.2)
        phone.wait_for(lambda: any(name.startswith("en/washing.") for name in phone.story()), 20, "the showers")


def test_the_canary_is_understood_here_too(inband_line: RunningLine) -> None:
    said = canary.call(inband_line.release.folder, inband_line.asterisk.sip_port)
    assert said.startswith("The line was heard")
