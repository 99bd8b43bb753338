"""Several sounds in a row: by one command where that is safe, and still it is known which of them a key cut."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.callflow.actions import Key
from ivr.calls.agi import LONGEST_ROW, SAMPLES_A_SECOND, SoundMissing
from ivr.calls.wire import LONGEST_COMMAND, CallerHungUp
from tests.wire.scripted import Scripted

TO_THE_END = b"200 result=0 endpos=8000\n"

Sound = Callable[[str, float], str]


@pytest.fixture
def sound(tmp_path: Path) -> Sound:
    """Make a sound of so many seconds, and return its path without the ending."""

    def make(name: str, seconds: float) -> str:
        (tmp_path / f"{name}.alaw").write_bytes(bytes(round(seconds * SAMPLES_A_SECOND)))
        return str(tmp_path / name)

    return make


@pytest.mark.parametrize(("first", "during"), [(3, 0), (0, 1)])
def test_one_command_plays_them_and_the_time_tells_which_one_a_key_cut(sound: Sound, first: float, during: int) -> None:
    a, b, c = sound("a", first), sound("b", 3), sound("c", 2)
    with Scripted(b"200 result=35\n") as scripted:
        assert scripted.agi().play(a, b, c) == Key("#", during)
        assert scripted.sent() == [f'EXEC Background "{a}&{b}&{c}"']


def test_a_key_after_the_last_sound_s_length_cut_the_last(sound: Sound) -> None:
    with Scripted(b"200 result=50\n") as scripted:
        assert scripted.agi().play(sound("a", 0), sound("b", 0)) == Key("2", 1)


def test_what_is_heard_to_the_end_gives_no_key(sound: Sound) -> None:
    with Scripted(b"200 result=0\n") as scripted:
        assert scripted.agi().play(sound("a", 0), sound("b", 0)) is None


def test_a_hang_up_is_a_hang_up(sound: Sound) -> None:
    with Scripted(b"200 result=-1\nHANGUP\n") as scripted, pytest.raises(CallerHungUp):
        scripted.agi().play(sound("a", 0), sound("b", 0))


@pytest.mark.parametrize(("first", "heard"), [(3, 0), (0, 1)])
def test_where_a_sound_was_taken_away_meanwhile_it_is_told_how_many_were_heard(
    sound: Sound, first: float, heard: int
) -> None:
    with Scripted(b"200 result=0\n") as scripted, pytest.raises(SoundMissing) as missing:
        scripted.agi().play(sound("a", first), sound("b", 3))
    assert missing.value.after == heard


def test_a_sound_that_is_missing_beforehand_ends_the_row(sound: Sound, tmp_path: Path) -> None:
    a, b = sound("a", 0), sound("b", 0)
    with Scripted(b"200 result=0\n200 result=-1 endpos=0\n200 result=0\n") as scripted:
        line = scripted.agi()
        with pytest.raises(SoundMissing) as missing:
            line.play(a, b, f"{tmp_path}/gone", a)
        assert scripted.sent()[:2] == [f'EXEC Background "{a}&{b}"', f'STREAM FILE "{tmp_path}/gone" "0123456789*#"']
    assert missing.value.after == 2


@pytest.mark.parametrize("name", ["a,b", "a&b", "a|b", 'a"b', "a(b"])
def test_a_name_that_would_mean_something_to_the_application_is_played_alone(sound: Sound, name: str) -> None:
    a, odd = sound("a", 0), sound(name, 0)
    with Scripted(TO_THE_END * 2) as scripted:
        assert scripted.agi().play(a, odd) is None
        assert [command.partition(" ")[0] for command in scripted.sent()] == ["STREAM", "STREAM"]


def test_more_than_one_command_holds_goes_on_with_the_next(sound: Sound) -> None:
    sounds = [sound(f"{number:0200}", 0) for number in range(20)]
    with Scripted(b"200 result=0\n200 result=0\n200 result=51\n") as scripted:
        key = scripted.agi().play(*sounds)
        commands = scripted.sent()
    assert len(commands) == 3
    assert all(len(f"{command}\n".encode()) <= LONGEST_COMMAND for command in commands)
    played = [name for command in commands for name in command.split('"')[1].split("&")]
    assert played == sounds[: len(played)]
    assert key == Key("3", len(played) - 1)


def test_what_lasts_long_is_played_alone_so_that_asterisk_sees_when_the_server_is_gone(sound: Sound) -> None:
    a, b, c = sound("a", LONGEST_ROW - 1), sound("b", 1), sound("c", 1)
    with Scripted(b"200 result=51\n") as scripted:
        assert scripted.agi().play(a, b, c) == Key("3", 0)
        assert scripted.sent() == [f'EXEC Background "{a}&{b}"']


def test_where_keys_are_told_twice_each_sound_is_played_alone(sound: Sound) -> None:
    a, b = sound("a", 3), sound("b", 3)
    inband = b"agi_network_script: line\nagi_arg_1: inband\n\n"
    with Scripted(TO_THE_END + b"200 result=50 endpos=80\n", environment=inband) as scripted:
        assert scripted.agi().play(a, b) == Key("2", 1)
        assert len(scripted.sent()) == 2
