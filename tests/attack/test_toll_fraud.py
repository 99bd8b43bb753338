"""Nobody makes the line call somebody: by no address, no request, no key; nothing to dial with is there at all."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import wiring
from ivr.callflow.line import Limits
from ivr.calls.live import Live
from ivr.calls.places import Places
from ivr.calls.server import Service
from ivr.settings import Settings
from tests.asterisk_fixture import CHECKOUT
from tests.attack.stranger import Stranger
from tests.calls.playing import NOON, Desk
from tests.running_line import RunningLine
from tests.wire.scripted import Scripted

pytestmark = pytest.mark.long(9)

ABROAD = "0033612345678"
USERS = [
    ABROAD,
    "+33612345678",
    "00",
    "1900555",
    "line;phone-context=+33",
    "line%2C1",
    "line-en%2Fn",
    "line-en%26PJSIP%2F0033612345678",
    f"Local%2F{ABROAD}%40entries",
    "PJSIP%2Fphones",
    "$%7BSHELL(id)%7D",
    "agi-line",
    "agi-%3Acall%2Cagi-line",
    "agi-%3Astudio",
    *"shtioaTe",
    "..%2F..%2Fetc%2Fpasswd",
    "line-..",
    "line-%2E%2E%2F",
    "line-e%2F",
    "call",
    "after",
    "trunk",
    "_line",
]
DIALS = re.compile(r"dial|originate|spool|refer|queue|page|followme|system|exec|bridge|chan_(?!pjsip)", re.IGNORECASE)
IN_THE_DIALPLAN = {
    *("AGI", "Answer", "Goto", "GotoIf", "Hangup", "Playback", "PlayTones"),
    *("Record", "Ringing", "Set", "StopPlayTones", "Wait"),
}
COMMANDS = re.compile(
    r'ANSWER|NOOP|STREAM FILE "[^"]+" "[0-9*#]*"( \d+)?|WAIT FOR DIGIT \d+|RECORD FILE "[^"]+" sln "#" \d+'
    r'|SET VARIABLE IVR_[A-Z]+ "[a-z]*"|EXEC (Progress|StopPlayTones|PlayTones "!1000/400")'
    r"|GET VARIABLE CHANNEL\(pjsip,secure\)"
)


@pytest.fixture
def victim(line: RunningLine) -> Iterator[Stranger]:
    """The telephone to which the line must not be led."""
    with Stranger(line.asterisk.sip) as listening:
        yield listening


def test_no_address_that_a_stranger_calls_leads_out(line: RunningLine, victim: Stranger) -> None:
    host, port = line.asterisk.sip
    with Stranger(line.asterisk.sip) as stranger:
        targets = [f"sip:{user}@{host}:{port}" for user in USERS]
        targets += [f"sip:{ABROAD}@{victim.here}", f"tel:+{ABROAD[2:]}", f"sip:{ABROAD}@{host}:{port};maddr={host}"]
        answers = {target: stranger.ask(stranger.call(target)) for target in targets}
        routed = stranger.call(f"sip:{ABROAD}@{host}:{port}", ("route", f"<sip:{victim.here};lr>"))
        answers["routed"] = stranger.ask(routed)
    assert {target: status for target, status in answers.items() if not 400 <= status < 500} == {}
    assert victim.heard() == []


@pytest.mark.parametrize("method", ["REGISTER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "NOTIFY", "REFER"])
def test_nothing_but_a_call_is_taken_from_a_stranger(line: RunningLine, victim: Stranger, method: str) -> None:
    headers = [("refer-to", f"<sip:{ABROAD}@{victim.here}>"), ("event", "refer"), ("contact", f"<sip:{victim.here}>")]
    with Stranger(line.asterisk.sip) as stranger:
        assert stranger.ask(stranger.request(method, f"sip:line@{line.asterisk.sip[0]}", *headers)) >= 400
    assert victim.heard() == []


def test_a_caller_transfers_the_call_to_nobody_and_it_goes_on(line: RunningLine, victim: Stranger) -> None:
    out = f"sip:{ABROAD}@{victim.here}"
    with line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        calls = line.asterisk.channels()
        tries = [f"<{out}>", f"<{out}?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>", "<tel:+33612345678>", "<sip:s@x>"]
        asked = [phone.ask("REFER", ("refer-to", to), ("referred-by", f"<{out}>")) for to in tries]
        asked += [phone.ask("MESSAGE", ("contact", f"<{out}>"))]
        phone.press("**21*#0033612345678#*72#1", milliseconds=60)
        assert line.asterisk.channels() == calls
        phone.press("9")  # whatever language those keys chose
        phone.wait_for(lambda: "/witness-welcome" in " ".join(phone.story()), 20, "the witness line")
        assert [number for number in asked if 200 <= phone.status(number) < 300] == []
    assert victim.heard() == []


def test_a_stranger_cannot_take_over_a_call_that_goes_on(line: RunningLine) -> None:
    with line.phone() as phone, Stranger(line.asterisk.sip) as stranger:
        phone.call("line-en")
        phone.hears("en/main.1")
        theirs = f"{phone._dialog._call_id};to-tag=x;from-tag=y"
        taking = stranger.call("sip:line@127.0.0.1", ("require", "replaces"), ("replaces", theirs))
        assert stranger.ask(taking) == 420
        phone.press("2")
        phone.hears("en/daily.1")


def test_no_keys_make_the_server_tell_asterisk_to_dial(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("studio")
    publications = wiring.publications(Settings(state=folder / "state", memory=folder / "memory"))
    pin = publications.volunteers.add("alice", ["en"])
    service = Service(Live(Settings().prompts, Limits()), Desk(), lambda: NOON, Places(10, 1), publications)

    @settings(deadline=None, max_examples=40)
    @given(st.sampled_from(["line", "line-en", "witness", "studio"]), st.text("0123456789*#.", max_size=60))
    def any_keys(entry: str, keys: str) -> None:
        pressed = (pin if entry == "studio" else "") + keys
        replies = "200 result=1\n" + "".join(
            f"200 result={0 if key == '.' else ord(key)} endpos=80\n" for key in pressed
        )
        environment = f"agi_network_script: {entry}\n\n".encode()
        with Scripted(replies.encode(), environment=environment, closes=True) as call:
            service.take(call.wire)
            assert [sent for sent in call.sent() if not COMMANDS.fullmatch(sent)] == []

    any_keys()


def test_the_dialplan_has_no_way_out() -> None:
    told = (CHECKOUT / "asterisk-conf/extensions.conf").read_text(encoding="utf-8")
    steps = re.findall(r"^\s*(?:exten\s*=>?\s*[^,]+,[^,]+|same\s*=>?\s*[^,]+),(\w+)\(", told, re.MULTILINE)
    assert set(steps) == IN_THE_DIALPLAN
    assert len(steps) == len(re.findall(r"^\s*(?:exten|same)\b", told, re.MULTILINE))
    assert re.findall(r"^\s*(?:switch|#include|#exec|eswitch|lswitch)\b", told, re.MULTILINE) == []


def test_nothing_that_asterisk_loads_can_dial() -> None:
    told = (CHECKOUT / "asterisk-conf/modules.conf").read_text(encoding="utf-8")
    assert "autoload = no" in told
    loaded = re.findall(r"^load\s*=>?\s*(\S+)", told, re.MULTILINE)
    assert "chan_pjsip.so" in loaded
    assert [name for name in loaded if DIALS.search(name)] == []


def test_a_running_asterisk_knows_nobody_to_call(line: RunningLine) -> None:
    assert "No objects found" in line.asterisk.rx("pjsip show aors")
    assert "No objects found" in line.asterisk.rx("pjsip show contacts")
    assert "No objects found" in line.asterisk.rx("pjsip show auths")
    assert "not registered" in line.asterisk.rx("core show application Dial")


def test_two_settings_name_numbers_to_call_and_neither_is_set_at_first() -> None:
    words = re.compile(r"dial|outbound|forward|transfer|originate|call_?back|connect|rota", re.IGNORECASE)
    assert [name for name in Settings.model_fields if words.search(name)] == ["call_back", "rota"]
    assert [Settings.model_fields[name].default for name in ("call_back", "rota")] == [None, None]
    wired = "".join(path.read_text(encoding="utf-8") for path in Path(CHECKOUT / "asterisk-conf").glob("*.conf"))
    assert [word for word in re.findall(r"@([A-Z_]+)@", wired) if words.search(word)] == []
