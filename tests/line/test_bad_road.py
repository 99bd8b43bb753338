"""Calls over a bad road: 5 % of all packets are lost, each is late by up to 100 ms, and many overtake others.

Asterisk puts sound that it records in no order: it drops a packet that comes after a later one.
"""

import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.line import witness
from tests.line.witness import opened, pause, reports, sealed
from tests.phone.alaw import decoded
from tests.phone.heard import FRAME
from tests.phone.road import FarPhone, Road, Weather
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.alone
CALLERS = 6
BETWEEN_KEYS = 0.25  # seconds: as quick as somebody who knows the way
WAY = "2*3*4*5*6*21"  # into each menu and out again; one star too many leads to the languages
WORDS = witness.speech(10, 61)
ALAW = 8


@pytest.fixture
def line(release: Published) -> Iterator[RunningLine]:
    with running_line(release) as running:
        yield running


def far_phone(line: RunningLine, road: Road) -> FarPhone:
    return FarPhone(road, clips=line.release.clips)


def press(phone: FarPhone, keys: str) -> None:
    for key in keys:
        phone.press(key)
        pause(phone, BETWEEN_KEYS)


def finds_the_way(line: RunningLine, seed: int) -> Road:
    """Press keys that lead to the meals only where the line understood each of them, once and in its turn."""
    with Road(line.asterisk.sip, Weather(), seed) as road, far_phone(line, road) as phone:
        phone.call("line-en", timeout=30)
        phone.catches("en/main.1")
        press(phone, WAY)
        phone.catches("en/meals.evening")
        phone.hang_up(timeout=30)
    return road


def speaks(line: RunningLine, seed: int) -> Road:
    """Speak after the tone, and hang up."""
    with Road(line.asterisk.sip, Weather(), seed) as road, far_phone(line, road) as phone:
        phone.call("line-en", timeout=30)
        phone.catches("en/main.1")
        press(phone, "9")
        phone.catches("en/witness-welcome")
        press(phone, "5")
        witness.is_recording(line)
        pause(phone, 1)
        phone.say(WORDS + witness.QUIET)
        phone.hang_up(timeout=30)
    return road


def arrived_in_turn(road: Road) -> list[bytes]:
    """Return the frames of those words that no later one overtook before Asterisk, as 16 bit."""
    spoken = {WORDS[start : start + FRAME] for start in range(0, len(WORDS), FRAME)}
    newest, came = -1, list[bytes]()
    for packet in road.rtp.arrived:
        _, kind, number = struct.unpack("!BBH", packet[:4])
        if kind & 0x7F != ALAW or (newest >= 0 and (number - newest) & 0x8000):
            continue
        newest = number
        if packet[12:] in spoken and len(set(packet[12:])) > 20:
            came.append(decoded(packet[12:]))
    return came


def test_keys_arrive_once_each_and_the_report_holds_all_that_no_later_packet_overtook(line: RunningLine) -> None:
    with ThreadPoolExecutor(CALLERS + 1) as at_once:
        speaking = at_once.submit(speaks, line, 0)
        finding = [at_once.submit(finds_the_way, line, seed) for seed in range(1, CALLERS + 1)]
        roads = [one.result() for one in (speaking, *finding)]
    sealed(line)
    (report,) = reports(line).values()
    sound = opened(line, report).parts[0].sound
    places = [sound.find(word) for word in arrived_in_turn(roads[0])]
    assert len(places) > 100
    assert -1 not in places
    assert places == sorted(places)
    assert all(road.lost and road.overtaken for road in roads)
