"""Whatever bytes come, the wire ends in one of its own four ways, and in time."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.calls.agi import Agi, CallerHungUp, CannotRecord, SoundMissing, Tape, WireBroken
from tests.wire.scripted import ENVIRONMENT, Scripted

LINES = st.sampled_from(
    [
        b"HANGUP\n",
        b"200 result=0\n",
        b"200 result=-1\n",
        b"200 result=-1 endpos=0\n",
        b"200 result=49 endpos=8000\n",
        b"200 result=-1 (writefile)\n",
        b"200 result=0 (timeout) endpos=16000\n",
        b"511 Command Not Permitted on a dead channel\n",
        b"520-Usage\n",
        b"520 End\n",
        b"200 result=",
        b"\n",
    ]
)
BYTES = st.binary(max_size=200)
STREAMS = st.lists(LINES | BYTES, max_size=12).map(b"".join)
DOES = {
    "play": lambda line: line.play("x"),
    "say": lambda line: line.say("x"),
    "wait": lambda line: line.wait(0),
    "record": lambda line: line.record("x", 0),
    "tell": lambda line: line.set_variable("IVR_DONE", "yes"),
}
OWN = (CallerHungUp, WireBroken, SoundMissing, CannotRecord)
IN_TIME = 60.0  # seconds, where a wire that hangs takes for ever


pytestmark = pytest.mark.usefixtures("impatient")


def one_call(line: Agi, what: list[str]) -> None:
    """Give the commands one after the other, as a call does that skips missing sounds."""
    for name in what:
        try:
            answer = DOES[name](line)
        except (SoundMissing, CannotRecord):
            continue
        assert answer is None or isinstance(answer, Tape) or len(answer) == 1


@settings(deadline=None, max_examples=150)
@given(STREAMS, st.lists(st.sampled_from(sorted(DOES)), max_size=8), st.booleans())
def test_any_replies_end_in_one_of_the_wire_s_own_ways(stream: bytes, what: list[str], closes: bool) -> None:
    began = time.monotonic()
    with Scripted(stream, closes=closes) as scripted:
        line = scripted.agi()
        with contextlib.suppress(*OWN):
            one_call(line, what)
    assert time.monotonic() - began < IN_TIME


@settings(deadline=None, max_examples=200)
@given(STREAMS | st.builds(lambda cut, noise: ENVIRONMENT[:cut] + noise, st.integers(0, 60), BYTES), st.booleans())
def test_any_beginning_ends_in_one_of_the_wire_s_own_ways(stream: bytes, closes: bool) -> None:
    with Scripted(b"", environment=stream, closes=closes) as scripted:
        try:
            environment = scripted.agi().environment
        except (CallerHungUp, WireBroken):
            return
        assert all(name.startswith("agi_") for name in environment)
