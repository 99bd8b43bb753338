"""What a caller hears, and what is kept, when the server is gone or dies in a call."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_fixture import RunningAsterisk, running_asterisk
from tests.phone import Phone
from tests.phone.alaw import SILENCE, decoded

from .agi_server import AgiCall, AgiServer

pytestmark = pytest.mark.long(38)

SPEECH = bytes(range(256)) * 63  # about two seconds that nothing else sounds like
APOLOGIES = ["ar/apology-witness", "en/apology-witness", "fr/apology-witness"]
QUIET = bytes([SILENCE]) * 4000  # frames at the very beginning, and on their way at the end, may be lost


@pytest.fixture(scope="module")
def bereft(servers: AgiServer, prompts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAsterisk]:
    """An Asterisk whose release was removed after it was started, with everything that was built."""
    built = tmp_path_factory.mktemp("bereft") / "prompts"
    shutil.copytree(prompts, built)
    with running_asterisk(agi_port=servers.port, prompts=built) as asterisk:
        shutil.rmtree(built)
        yield asterisk


def speak_and_hang_up(phone: Phone, asterisk: RunningAsterisk) -> bytes:
    """Wait for the recording to begin, speak, hang up; return what was recorded."""
    asterisk.wait_for(lambda: bool(asterisk.recordings()), what="a recording")
    phone.say(QUIET + SPEECH + QUIET)
    phone.hang_up()
    asterisk.wait_channels(0)
    (recording,) = asterisk.recordings()
    return recording.read_bytes()


@pytest.mark.parametrize("entry", ["line", "witness"])
def test_without_a_server_the_caller_hears_the_apology_in_three_languages_and_is_recorded(
    prompts: Path, clips: dict[str, bytes], entry: str
) -> None:
    with running_asterisk(agi_port=1, prompts=prompts) as asterisk, Phone(asterisk.sip, clips=clips) as phone:
        phone.call(entry)
        phone.hears_whole(*APOLOGIES)
        recorded = speak_and_hang_up(phone, asterisk)
    assert decoded(SPEECH) in recorded
    assert recorded in decoded(phone.said)


@pytest.mark.parametrize(("known", "apologies"), [("", APOLOGIES), ("fr", ["fr/apology-witness"])])
def test_with_the_release_gone_as_well_the_caller_hears_the_apologies_that_asterisk_kept(
    bereft: RunningAsterisk, server: AgiServer, clips: dict[str, bytes], known: str, apologies: list[str]
) -> None:
    server.script = lambda call: (call.send(f"SET VARIABLE IVR_LANGUAGE {known}") if known else None, None)[1]
    with Phone(bereft.sip, clips=clips) as phone:
        phone.call("line")
        phone.hears_whole(*apologies)
        assert decoded(SPEECH) in speak_and_hang_up(phone, bereft)
    for recording in bereft.recordings():
        recording.unlink()


def test_without_a_server_the_studio_apologises_and_records_nothing(prompts: Path, clips: dict[str, bytes]) -> None:
    with running_asterisk(agi_port=1, prompts=prompts) as asterisk, Phone(asterisk.sip, clips=clips) as phone:
        phone.call("studio")
        phone.hears_whole("en/apology")
        phone.wait_hung_up()
        assert asterisk.recordings() == []


def test_a_server_that_dies_leaves_the_caller_with_the_apology_in_the_language_of_the_call(
    asterisk: RunningAsterisk, server: AgiServer, prompts: Path, clips: dict[str, bytes]
) -> None:
    def dies(call: AgiCall) -> None:
        call.send("SET VARIABLE IVR_LANGUAGE fr")
        server.notes.put("dead")

    server.script = dies
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line")
        phone.hears_whole("fr/apology-witness")
        assert decoded(SPEECH) in speak_and_hang_up(phone, asterisk)
    assert phone.story()[0] == "fr/apology-witness"


def test_a_language_without_an_apology_hears_it_in_three_others(
    asterisk: RunningAsterisk, server: AgiServer, clips: dict[str, bytes]
) -> None:
    server.script = lambda call: (call.send("SET VARIABLE IVR_LANGUAGE ti"), None)[1]
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line-ti")
        phone.hears(*APOLOGIES)


def test_a_recording_goes_on_when_its_server_dies(asterisk: RunningAsterisk, server: AgiServer) -> None:
    file = asterisk.memory / "recordings/report.0"

    def dies(call: AgiCall) -> None:
        call._connection.sendall(f'RECORD FILE {file} sln "#" 60000\n'.encode())
        asterisk.wait_for(lambda: file.with_name("report.0.sln").exists())

    server.script = dies
    with Phone(asterisk.sip) as phone:
        phone.call("witness")
        assert decoded(SPEECH) in speak_and_hang_up(phone, asterisk)


def test_the_last_word_of_the_server_ends_the_call_without_an_apology(
    asterisk: RunningAsterisk, server: AgiServer, clips: dict[str, bytes]
) -> None:
    server.script = AgiCall.last_word
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line")
        phone.wait_hung_up()
    assert phone.story() == []
    assert asterisk.recordings() == []


def test_hanging_up_in_the_apology_leaves_nothing(
    asterisk: RunningAsterisk, server: AgiServer, clips: dict[str, bytes]
) -> None:
    server.script = lambda _: None
    with Phone(asterisk.sip, clips=clips) as phone:
        phone.call("line")
        phone.hears("ar/apology-witness")
        phone.hang_up()
    asterisk.wait_channels(0)
    assert asterisk.recordings() == []


def test_stopping_asterisk_keeps_what_was_said_until_then(prompts: Path) -> None:
    with running_asterisk(agi_port=1, prompts=prompts.with_name("none")) as asterisk, Phone(asterisk.sip) as phone:
        phone.call("witness")
        asterisk.wait_for(lambda: bool(asterisk.recordings()), what="a recording")
        phone.say(QUIET + SPEECH + QUIET)
        asterisk.stop()
        assert decoded(SPEECH) in asterisk.recordings()[0].read_bytes()


def test_a_name_of_a_recording_is_made_of_chance_alone(asterisk: RunningAsterisk, server: AgiServer) -> None:
    server.script = lambda call: (call.send("SET VARIABLE IVR_LANGUAGE fr"), None)[1]
    names: set[str] = set()
    for _ in range(2):
        with Phone(asterisk.sip) as phone:
            phone.call("witness")
            asterisk.wait_for(lambda: len(asterisk.recordings()) == len(names) + 1, what="a recording")
            names.add(asterisk.recordings()[-1].stem)
    assert len(names) == 2
    assert all(len(name) == 18 and name.isdigit() for name in names)
