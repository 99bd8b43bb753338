"""Headers that lie: none reaches what the server is told of a call, none is executed, and the call goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_fixture import RunningAsterisk, running_asterisk
from tests.attack.stranger import NUMBER, Stranger
from tests.exchange.agi_server import AgiCall, AgiServer
from tests.release import Published
from tests.running_line import RunningLine

MARK = "spoofed"
RUNS = "touch {file}"  # what must not be run
NAMES = [
    "agi_network_script: studio",
    "%0d%0aagi_network_script: studio",
    'a\\" <sip:x@y>\\"',
    "Zo\udce9 \udcff\udcfe",  # Latin-1, and bytes of no alphabet
    "\udcc3",
    "سامية",
    "${SHELL(touch {file})}",
    "$(touch {file})`touch {file}`",
    "x" * 900,
    "a\0b",
]
TORN = ["a\r\n agi_network_script: studio", "a\r\nagi_network_script: studio\r\nx: ", "a\\\nb"]
"""Names with a line break in them: no message."""
HEADERS = {
    "agi_network_script": "studio",
    "agi-arg-1": "inband",
    "p-asserted-identity": f'"{MARK}" <sip:{MARK}@127.0.0.1>',
    "remote-party-id": f'"{MARK}" <sip:{MARK}@127.0.0.1>;party=calling;screen=yes',
    "p-preferred-identity": f"<tel:+33612345678;{MARK}>",
    "diversion": f"<sip:{MARK}@127.0.0.1>;reason=unconditional",
    "history-info": f"<sip:{MARK}@127.0.0.1>;index=1",
    "referred-by": f"<sip:{MARK}@127.0.0.1>",
    "x-asterisk-callerid": MARK,
    "privacy": "none",
    "user-agent": "${SHELL(touch {file})} $(touch {file})",
    "subject": "`touch {file}`; touch {file}",
    "organization": "Zo\udce9 \udcff",
    "call-info": f"<http://127.0.0.1/{MARK}>",
    "alert-info": f"<file:///etc/{MARK}>",
    "reply-to": f"<sip:{MARK}@127.0.0.1>",
}
OF_THE_CALL = {"agi_channel", "agi_uniqueid", "agi_threadid"}
"""What differs from call to call."""


@pytest.fixture(scope="module")
def told() -> Iterator[AgiServer]:
    """A server that notes what it is told of each call."""
    with AgiServer() as server:

        def script(call: AgiCall) -> None:
            server.notes.put(repr(sorted(pair for pair in call.environment.items() if pair[0] not in OF_THE_CALL)))
            call.last_word()

        server.script = script
        yield server


@pytest.fixture(scope="module")
def asterisk(told: AgiServer, release: Published) -> Iterator[RunningAsterisk]:
    with running_asterisk(agi_port=told.port, prompts=release.folder) as running:
        yield running


def test_the_server_is_told_the_same_whatever_a_caller_says_about_itself(
    asterisk: RunningAsterisk, told: AgiServer, tmp_path: Path
) -> None:
    file = tmp_path / "touched"
    host, port = asterisk.sip
    line = f"sip:line@{host}:{port}"
    before = asterisk.log()
    with Stranger(asterisk.sip) as stranger:
        stranger.visit(stranger.call(line))
        plain = told.note()
        for name in NAMES:
            said = f'"{name.replace("{file}", str(file))}" <sip:{MARK}{NUMBER}@127.0.0.1>;tag={id(name)}'
            stranger.visit(stranger.call(line, ("from", said)))
            assert told.note() == plain, name
        headers = [(header, value.replace("{file}", str(file))) for header, value in HEADERS.items()]
        stranger.visit(stranger.call(line, *headers, ("call-id", f"{MARK}'\"\udce9<>{{}}@x")))
        assert told.note() == plain
        stranger.visit(stranger.call(f"{line};agi_network_script=studio;x={MARK}"))
        assert told.note() == plain
        for name in TORN:
            stranger.shout(stranger.call(line, ("from", f'"{name}" <sip:{MARK}@127.0.0.1>;tag=a')).packet())
        stranger.visit(stranger.call(line))
        assert told.note() == plain
    assert told.notes.empty()
    assert MARK not in plain
    assert not file.exists()
    assert asterisk.log() == before


@pytest.mark.parametrize("name", ["%0d%0aagi_network_script: studio", "Zo\udce9 \\\"q\\\" 'q'", "${SHELL(id)}%s%n\\\\"])
def test_a_caller_of_any_name_is_served_and_nothing_is_logged(line: RunningLine, name: str) -> None:
    before = line.asterisk.log(), line.log("serve")
    with line.phone(name=name, number=f"{MARK}%0aagi_arg_1:%20inband") as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        phone.press("2")
        phone.hears("en/daily.1")
    assert (line.asterisk.log(), line.log("serve")) == before
