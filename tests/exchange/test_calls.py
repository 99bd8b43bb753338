"""Real calls through the real Asterisk: sound, keys, entries."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.asterisk_fixture import RunningAsterisk, running_asterisk
from tests.phone import CallRefused, Phone

from .agi_server import AgiCall, AgiServer
from .conftest import TRUNK

pytestmark = pytest.mark.long(41)


def plays(prompts: Path, name: str) -> str:
    return f'STREAM FILE {prompts}/current/{name} ""'


def test_the_sound_that_is_heard_is_the_clip_byte_for_byte(
    asterisk: RunningAsterisk, server: AgiServer, prompts: Path, clips: dict[str, bytes]
) -> None:
    def script(call: AgiCall) -> None:
        call.send(plays(prompts, "en/meals"))
        call.last_word()

    server.script = script
    with Phone(asterisk.sip) as phone:
        phone.call("line")
        phone.wait_hung_up()
    assert phone.heard.sound == clips["en/meals"]


def test_clips_follow_each_other_without_a_gap(
    asterisk: RunningAsterisk, server: AgiServer, prompts: Path, clips: dict[str, bytes]
) -> None:
    def script(call: AgiCall) -> None:
        for name in ("en/apology-witness", "fr/apology-witness"):
            call.send(plays(prompts, name))
        call.last_word()

    server.script = script
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line")
        phone.wait_hung_up()
    first, second = phone.heard.clips(clips)
    assert first.whole
    assert second.whole
    assert first.after == second.first


def test_a_key_cuts_a_clip(
    asterisk: RunningAsterisk, server: AgiServer, prompts: Path, clips: dict[str, bytes]
) -> None:
    def script(call: AgiCall) -> None:
        server.notes.put(call.send(plays(prompts, "en/meals").replace('""', '"5"')))
        call.last_word()

    server.script = script
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line")
        phone.hears("en/meals")
        phone.press("5")
        phone.wait_hung_up()
    assert server.note().startswith("200 result=53 endpos=")
    assert phone.story() == ["en/meals…"]


@pytest.mark.parametrize(
    ("entry", "script"),
    [("line", "line"), ("line-ar", "line-ar"), ("line-ckb", "line-ckb"), ("witness", "witness"), ("studio", "studio")],
)
def test_an_entry_reaches_the_server_by_its_name(
    asterisk: RunningAsterisk, server: AgiServer, entry: str, script: str
) -> None:
    def noted(call: AgiCall) -> None:
        server.notes.put(call.environment["agi_network_script"])
        call.last_word()

    server.script = noted
    with Phone(asterisk.sip) as phone:
        phone.call(entry)
        phone.wait_hung_up()
    assert server.note() == script


@pytest.mark.parametrize("extension", ["nobody", "line-a", "line-1r", "line-ar2", "agi-line", "call", "s"])
def test_whatever_is_no_entry_is_refused(asterisk: RunningAsterisk, extension: str) -> None:
    with Phone(asterisk.sip) as phone, pytest.raises(CallRefused) as refused:
        phone.call(extension)
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("number", "script"),
    [("33300000002", "line-ar"), ("+33300000003", "witness"), ("0999", "line"), ("line-fr", "line-fr")],
)
def test_a_number_of_the_trunk_leads_to_its_entry(
    asterisk: RunningAsterisk, server: AgiServer, number: str, script: str
) -> None:
    def noted(call: AgiCall) -> None:
        server.notes.put(call.environment["agi_network_script"])
        call.last_word()

    server.script = noted
    with Phone(asterisk.sip, address="127.0.0.2") as phone:
        phone.call(number)
        phone.wait_hung_up()
    assert server.note() == script


def test_a_trunk_does_not_lead_to_the_studio(asterisk: RunningAsterisk) -> None:
    for number in ("studio", "33300000004"):
        with Phone(asterisk.sip, address="127.0.0.2") as phone, pytest.raises(CallRefused):
            phone.call(number)


def test_a_setting_lets_a_trunk_lead_to_the_studio(server: AgiServer, prompts: Path) -> None:
    def noted(call: AgiCall) -> None:
        server.notes.put(call.environment["agi_network_script"])
        call.last_word()

    server.script = noted
    with running_asterisk(agi_port=server.port, prompts=prompts, trunk=TRUNK, studio_by_trunk=True) as asterisk:
        for number in ("studio", "33300000004"):
            with Phone(asterisk.sip, address="127.0.0.2") as phone:
                phone.call(number)
                phone.wait_hung_up()
            assert server.note() == "studio"


def test_a_call_from_an_address_that_is_not_known_is_refused(asterisk: RunningAsterisk) -> None:
    with Phone(asterisk.sip, address="127.0.0.3", number="phones") as phone, pytest.raises(CallRefused) as refused:
        phone.call("line")
    assert refused.value.status == 401


def test_a_caller_who_hangs_up_before_the_answer_leaves_nothing(asterisk: RunningAsterisk) -> None:
    with Phone(asterisk.sip) as phone:
        phone.dial("line")
    asterisk.wait_channels(0)
    assert asterisk.recordings() == []


Way = Literal["events", "info", "tones", "tones and info"]
KEYS = "159*0#"
TWICE = "115599**00##"  # the server counts them once: tests/line/test_keys.py


@pytest.fixture(scope="module")
def asterisk_of(request: pytest.FixtureRequest, servers: AgiServer, prompts: Path) -> Iterator[RunningAsterisk]:
    """An Asterisk to which keys come in this mode."""
    with running_asterisk(agi_port=servers.port, prompts=prompts, dtmf_mode=request.param) as running:
        yield running


@pytest.mark.parametrize(
    ("asterisk_of", "way", "offered", "arrives"),
    [
        ("auto", "events", True, KEYS),
        ("auto", "info", True, KEYS),
        ("auto", "tones", False, KEYS),
        ("auto", "tones", True, ""),
        ("auto_info", "events", True, KEYS),
        ("auto_info", "info", True, KEYS),
        ("auto_info", "info", False, KEYS),
        ("auto_info", "tones", False, ""),
        ("inband", "tones", True, KEYS),
        ("inband", "tones", False, KEYS),
        ("inband", "info", True, KEYS),
        ("inband", "tones and info", True, TWICE),
    ],
    indirect=["asterisk_of"],
)
def test_keys_arrive_as_the_mode_of_the_trunk_promises(
    server: AgiServer, asterisk_of: RunningAsterisk, way: Way, offered: bool, arrives: str
) -> None:
    def script(call: AgiCall) -> None:
        server.notes.put("listening")
        while (answer := call.send("WAIT FOR DIGIT 1000")) != "200 result=0":
            server.notes.put(chr(int(answer.removeprefix("200 result="))))
        call.last_word()

    server.script = script
    with Phone(asterisk_of.sip, keys_by=way, events=offered) as phone:
        phone.call("line")
        assert server.note() == "listening"
        for key in KEYS:
            phone.press(key)
        phone.wait_hung_up()
    assert "".join(server.notes.queue) == arrives


def test_a_call_can_be_served_by_a_script_of_its_own(server: AgiServer, prompts: Path, tmp_path: Path) -> None:
    ivr = tmp_path / "ivr"
    words = "echo ANSWER\nread answer\necho SET VARIABLE IVR_DONE yes\nread answer"
    ivr.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\n{words}\n')
    ivr.chmod(0o755)
    memory = tmp_path / "memory"
    (tmp_path / "arguments").touch()
    with (
        running_asterisk(
            agi_port=server.port, prompts=prompts, script_entries=True, ivr=ivr, memory=memory
        ) as asterisk,
        Phone(asterisk.sip) as phone,
    ):
        phone.call("agi-line-ar")
        phone.wait_hung_up()
        assert asterisk.log().count("res_agi") == 0
    assert not list((memory / "recordings").iterdir())
