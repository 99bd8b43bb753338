"""On a trunk that may tell a key twice: what is sent after the second telling."""

import pytest

from tests.wire.scripted import Scripted

INBAND = b"agi_network_script: line\nagi_arg_1: inband\n\n"
PLAYED = b"200 result=50 endpos=800\n"
AGAIN = b"200 result=50 endpos=480\n"
TO_THE_END = b"200 result=0 endpos=8000\n"


def test_a_sound_that_a_key_cut_when_told_again_goes_on_from_there() -> None:
    with Scripted(PLAYED + AGAIN + TO_THE_END, environment=INBAND) as scripted:
        line = scripted.agi()
        assert (line.play("x"), line.play("y")) == ("2", None)
        assert scripted.sent()[1:] == ['STREAM FILE "y" "0123456789*#"', 'STREAM FILE "y" "0123456789*#" 480']


def test_a_wait_goes_on_for_what_is_left_of_it() -> None:
    with Scripted(b"200 result=50\n200 result=50\n200 result=0\n", environment=INBAND) as scripted:
        line = scripted.agi()
        assert (line.wait(4), line.wait(4)) == ("2", None)
        *_, again = scripted.sent()
        assert 3000 < int(again.removeprefix("WAIT FOR DIGIT ")) <= 4000


def test_a_wait_of_no_time_ends_with_a_key_told_again() -> None:
    with Scripted(b"200 result=50\n200 result=50\n", environment=INBAND) as scripted:
        line = scripted.agi()
        assert (line.wait(4), line.wait(0)) == ("2", None)


def test_the_key_that_ended_a_recording_is_not_pressed_again() -> None:
    tone = b"200 result=0\n" * 3
    told = tone + b"200 result=35 (dtmf) endpos=8000\n200 result=35 endpos=160\n" + TO_THE_END
    with Scripted(told, environment=INBAND) as scripted:
        line = scripted.agi()
        line.record("/memory/a", 60)
        assert line.play("y") is None


@pytest.mark.parametrize("mode", [b"auto", b"auto_info", b""])
def test_on_every_other_trunk_each_telling_is_a_key(mode: bytes) -> None:
    with Scripted(PLAYED * 2, environment=b"agi_arg_1: " + mode + b"\n\n") as scripted:
        line = scripted.agi()
        assert (line.play("x"), line.play("y")) == ("2", "2")
