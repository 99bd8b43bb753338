"""What Asterisk answers, and what it means: every row of what was measured on a real one."""

import pytest

from ivr.calls.agi import Agi, CallerHungUp, CannotRecord, SoundMissing, Tape, WireBroken
from tests.wire.conftest import SOON
from tests.wire.scripted import Scripted

QUIET = b"200 result=0\n"
TONE = QUIET * 3  # for starting it, hearing it, ending it


pytestmark = pytest.mark.usefixtures("impatient")


def test_the_environment_is_read_by_name() -> None:
    with Scripted(b"") as scripted:
        assert scripted.agi().environment == {
            "agi_network": "yes",
            "agi_network_script": "line",
            "agi_callerid": "anonymous",
            "agi_arg_1": "",
        }


def test_a_sound_that_ends_gives_no_key() -> None:
    with Scripted(b"200 result=0 endpos=8000\n") as scripted:
        assert scripted.agi().play("/prompts/en/meals") is None
        assert scripted.sent() == ['STREAM FILE "/prompts/en/meals" "0123456789*#"']


@pytest.mark.parametrize("key", "0123456789*#")
def test_a_key_that_cuts_a_sound_is_named(key: str) -> None:
    with Scripted(f"200 result={ord(key)} endpos=160\n".encode()) as scripted:
        assert scripted.agi().play("x") == key


def test_last_words_are_cut_by_no_key() -> None:
    with Scripted(b"200 result=0 endpos=8000\n") as scripted:
        scripted.agi().say("x")
        assert scripted.sent() == ['STREAM FILE "x" ""']


def test_a_hang_up_in_a_sound_is_a_hang_up() -> None:
    with Scripted(b"200 result=-1 endpos=4000\nHANGUP\n") as scripted, pytest.raises(CallerHungUp):
        scripted.agi().play("x")


def test_a_hang_up_at_the_very_beginning_of_a_sound_is_no_missing_sound() -> None:
    with Scripted(b"200 result=-1 endpos=0\nHANGUP\n511 Command Not Permitted on a dead channel\n") as scripted:
        line = scripted.agi()
        with pytest.raises(CallerHungUp):
            line.play("x")


def test_a_missing_sound_is_told_from_a_hang_up() -> None:
    with Scripted(b"200 result=-1 endpos=0\n200 result=0\n") as scripted:
        line = scripted.agi()
        with pytest.raises(SoundMissing):
            line.play("x")
        assert scripted.sent()[-1] == "NOOP"


@pytest.mark.parametrize("what", ["play", "say"])
def test_after_a_missing_sound_the_next_one_is_heard(what: str) -> None:
    with Scripted(b"200 result=-1 endpos=0\n200 result=0\n200 result=0 endpos=8000\n") as scripted:
        line = scripted.agi()
        with pytest.raises(SoundMissing):
            getattr(line, what)("gone")
        assert getattr(line, what)("there") is None


def test_a_hang_up_while_waiting_for_a_key_is_a_hang_up() -> None:
    with Scripted(b"200 result=-1\nHANGUP\n") as scripted, pytest.raises(CallerHungUp):
        scripted.agi().wait(4)


def test_no_key_in_time_is_no_key() -> None:
    with Scripted(b"200 result=0\n") as scripted:
        assert scripted.agi().wait(2.5) is None
        assert scripted.sent() == ["WAIT FOR DIGIT 2500"]


def test_a_hang_up_in_a_recording_is_a_hang_up() -> None:
    with Scripted(TONE + b"200 result=-1 (hangup) endpos=96000\nHANGUP\n") as scripted:
        line = scripted.agi()
        with pytest.raises(CallerHungUp):
            line.record("/memory/a", 60)


def test_a_recording_that_a_key_ended_was_in_time() -> None:
    with Scripted(TONE + b"200 result=35 (dtmf) endpos=96000\n") as scripted:
        assert scripted.agi().record("/memory/a", 60) == Tape(12.0, in_time=True)
        assert scripted.sent()[-1] == 'RECORD FILE "/memory/a" sln "#" 60000'


def test_a_recording_that_the_longest_time_ended_was_not() -> None:
    with Scripted(TONE + b"200 result=0 (timeout) endpos=480000\n") as scripted:
        assert scripted.agi().record("/memory/a", 60) == Tape(60.0, in_time=False)


def test_a_recording_that_cannot_be_written_is_told_from_a_hang_up() -> None:
    with Scripted(TONE + b"200 result=-1 (writefile)\n") as scripted:
        line = scripted.agi()
        with pytest.raises(CannotRecord):
            line.record("/memory/a", 60)


@pytest.mark.parametrize(
    "lines",
    [
        b"HANGUP\n511 Command Not Permitted on a dead channel or intercept routine\n",
        b"511 Command Not Permitted on a dead channel\n",
        b"HANGUP\n200 result=-1\n",
        b"HANGUP\nHANGUP\n511 Command Not Permitted on a dead channel\n",
    ],
)
def test_a_command_after_the_hang_up_is_a_hang_up(lines: bytes) -> None:
    with Scripted(lines) as scripted, pytest.raises(CallerHungUp):
        scripted.agi().wait(1)


def test_a_closed_connection_in_place_of_a_reply_is_a_hang_up() -> None:
    with Scripted(b"HANGUP\n", closes=True) as scripted, pytest.raises(CallerHungUp):
        scripted.agi().wait(1)


def test_a_command_to_a_connection_that_is_gone_is_a_hang_up() -> None:
    with Scripted(b"") as scripted:
        line = scripted.agi()
        scripted.asterisk.close()
        with pytest.raises(CallerHungUp):
            line.set_variable("IVR_DONE", "yes")


@pytest.mark.parametrize(
    "ask",
    [
        lambda line: line.play("x"),
        lambda line: line.say("x"),
        lambda line: line.wait(0),
        lambda line: line.record("x", 0),
        lambda line: line.command("NOOP", seconds=SOON),
    ],
)
@pytest.mark.parametrize("lines", [b"", b"HANGUP\n", b"200 res", b"520-Invalid command syntax.\nUsage: one\n"])
def test_no_command_waits_for_ever(ask, lines: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agi, "_tone", lambda _: None)
    with Scripted(lines) as scripted, pytest.raises(WireBroken):
        ask(scripted.agi())


def test_a_flood_of_hang_ups_does_not_hold_a_command_for_ever() -> None:
    with Scripted(b"HANGUP\n" * 2000) as scripted, pytest.raises(WireBroken):
        scripted.agi().command("NOOP", seconds=SOON)


def test_an_explanation_of_many_lines_is_read_to_its_end() -> None:
    usage = b"520-Invalid command syntax.  Proper usage follows:\nUsage: WAIT FOR DIGIT <ms>\n200 result=49\n520 End.\n"
    with Scripted(usage + b"200 result=50\n") as scripted:
        line = scripted.agi()
        with pytest.raises(WireBroken):
            line.wait(1)
        assert line.wait(1) == "2"


@pytest.mark.parametrize(
    "reply",
    [
        b"510 Invalid or unknown command\n",
        b"520 Invalid command syntax.\n",
        b"200\n",
        b"200 result=\n",
        b"200 result=x\n",
        b"200 result=1 endpos=\n",
        b"hello\n",
        b"\n",
        b"\0\0\n",
        "200 result=٤٩\n".encode(),
        b"200 result=99999999999999999999\n",
        b"200 result=55555\n",
    ],
)
def test_what_is_no_reply_breaks_the_wire(reply: bytes) -> None:
    with Scripted(reply) as scripted, pytest.raises(WireBroken):
        scripted.agi().wait(1)


@pytest.mark.parametrize(("status", "spoke"), [("ANSWER", True), ("BUSY", False), ("CHANUNAVAIL", False), ("", False)])
def test_a_person_is_called_by_the_dialplan_which_says_how_it_went(status: str, spoke: bool) -> None:
    done = b"200 result=1\n100 result=0 Trying...\n200 result=0 Gosub complete\n"
    with Scripted(done + f"200 result=1 ({status})\n".encode()) as scripted:
        assert scripted.agi().connect("+33711111111", 25, 600) is spoke
        assert scripted.sent() == [
            'SET VARIABLE IVR_SPOKEN ""',
            'GOSUB person "+33711111111" 1 "25,600000"',
            "GET VARIABLE IVR_SPOKEN",
        ]


def test_a_caller_who_hangs_up_while_it_rings_has_hung_up() -> None:
    gone = b"200 result=1\n100 result=0 Trying...\nHANGUP\n200 result=-1 Gosub failed\n511 Command Not Permitted\n"
    with Scripted(gone) as scripted, pytest.raises(CallerHungUp):
        scripted.agi().connect("33711111111", 25, 600)
