"""Connected to a person: real calls out to the exact numbers of a rota, through a trunk, and to nobody else."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.line.callee import HERE, Callee
from tests.line.witness import speech
from tests.phone import CallRefused
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(18)

ALICE, BUSY = "+33711111111", "33722222222"
CALLER = "0698765432"
MINUTES = 60  # more than Asterisk lets a call last which speaks with nobody
TRUNK = f"""
[provider]
type = endpoint
transport = udp
context = trunk
disallow = all
allow = alaw
aors = provider
trust_id_outbound = no
send_pai = no
send_rpid = no
direct_media = no
callerid = "anonymous" <0>

[provider]
type = aor
contact = sip:{HERE}:PORT
"""
ROTA = f"""
trunk: provider
calls: 6
minutes: {MINUTES}
sections:
  meals: [{{number: "{BUSY}", rings: 10}}, {{number: "{ALICE}", rings: 10}}]
  washing: [{{number: "{BUSY}", rings: 10}}]
  clothes: [{{number: "{ALICE}", hours: "Mo-Su off"}}]
"""


@dataclass
class Reachable:
    """A line with a rota, and the telephone of who is on it."""

    line: RunningLine
    alice: Callee


@pytest.fixture(scope="module")
def reachable(release: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reachable]:
    rota = tmp_path_factory.mktemp("rota") / "rota.yaml"
    rota.write_text(ROTA)
    with Callee(ALICE, rings=1.0) as alice:
        trunk = TRUNK.replace("PORT", str(alice.port))
        with running_line(release, trunk=trunk, rota=rota) as line:
            yield Reachable(line, alice)


def test_a_caller_speaks_with_the_first_who_picks_up_and_comes_back_to_the_menu(reachable: Reachable) -> None:
    alice, words = reachable.alice, speech(1, 5)
    with reachable.line.phone(number=CALLER) as phone:
        phone.call("line-fr")
        phone.press("21")
        phone.hears("fr/meals.evening", timeout=30)
        phone.press("8")
        called = phone.hears_whole("fr/person-called")
        phone.wait_for(lambda: any(ALICE.encode() in call for call in alice.calls), 30, "Alice to be called")
        phone.say(words)
        assert alice.hears(words[3200:4800])
        assert seconds_left(reachable.line) > MINUTES * 60
        alice.hang_up()
        menu = phone.hears("fr/daily.1", timeout=30)
        meanwhile = phone.heard.packets(called.after)[: menu.first - called.after]
    assert len([one for one in meanwhile if one and len({*one.payload}) > 1]) > 5, "it rings in silence"
    assert b"INVITE sip:%s@" % BUSY.encode() in alice.calls[0]
    assert [call for call in alice.calls if CALLER[1:].encode() in call] == []
    assert CALLER[1:] not in reachable.line.asterisk.log() + reachable.line.log("serve")


def seconds_left(line: RunningLine) -> float:
    """Return after how many seconds Asterisk would end the caller's call by itself."""
    (caller,) = (one for one in line.asterisk.rx("core show channels concise").splitlines() if "!Dial!" in one)
    told = line.asterisk.rx(f"core show channel {caller.partition('!')[0]}")
    (end,) = re.findall(r"Time to Hangup: (\d+)", told)  # seconds since 1970
    return int(end) - time.time()


def test_where_nobody_picks_up_the_caller_is_told_and_comes_back_to_the_menu(reachable: Reachable) -> None:
    with reachable.line.phone() as phone:
        phone.call("line-fr")
        phone.press("22")
        phone.press("8", timeout=30)
        phone.hears_whole("fr/person-called", "fr/person-nobody", timeout=30)
        phone.hears("fr/daily.1", timeout=30)


def test_when_nobody_is_on_duty_the_key_does_nothing(reachable: Reachable) -> None:
    before = len(reachable.alice.calls)
    with reachable.line.phone() as phone:
        phone.call("line-fr")
        phone.press("23")
        phone.press("8", timeout=30)
        phone.hears("fr/wrong-menu", timeout=30)
    assert len(reachable.alice.calls) == before


def test_asterisk_can_dial_the_numbers_of_the_rota_and_no_stranger_reaches_them(reachable: Reachable) -> None:
    shown = reachable.line.asterisk.rx("dialplan show person")
    assert sorted(line.split("'")[1] for line in shown.splitlines() if "' =>" in line) == sorted([ALICE, BUSY])
    with reachable.line.phone() as stranger, pytest.raises(CallRefused) as refused:
        stranger.call(BUSY)
    assert refused.value.status == 404


def test_a_line_without_a_rota_has_nothing_to_dial_with(line: RunningLine) -> None:
    assert "not registered" in line.asterisk.rx("core show application Dial")
    assert "no existence" in line.asterisk.rx("dialplan show person")
    assert [
        path.name for path in line.asterisk.exchange.configuration.iterdir() if path.name.startswith("person")
    ] == []
