"""Packets that no telephone sends: a call goes on undisturbed, the next one is answered, no log names a caller."""

import time

import pytest

from tests.attack import torture
from tests.attack.stranger import LOOPBACK, NAME, NUMBER, Stranger
from tests.phone import Phone, keys
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(15)

CHANGED = 120  # messages of each random kind
NAMED = 150  # calls; where each name was looked up, and no name server answered, the next waited for 13 s
APART = 0.002  # seconds between two packets: none is to be lost before it is read


def test_after_every_malformed_message_a_call_goes_on_and_the_next_is_answered(own_line: RunningLine) -> None:
    with (
        own_line.phone() as phone,
        Stranger(own_line.asterisk.sip) as stranger,
        Stranger(own_line.asterisk.sip, "127.0.0.9") as other,
    ):
        phone.call("line-en")
        phone.press("2")
        phone.hears("en/daily.1")
        names = []
        for sender in (stranger, other):
            for name, packet in torture.sip(sender, CHANGED):
                sender.shout(packet)
                names.append(name)
                time.sleep(APART)
        assert len(set(names)) > 3 * CHANGED + 80
        assert stranger.ask(stranger.request("OPTIONS", torture.LINE)) == 200
        with own_line.phone() as next_one:
            next_one.call("line-fr", timeout=30)
            next_one.hears("fr/main.1", timeout=20)
        phone.press("1")
        phone.hears("en/meals.evening", timeout=20)
        assert phone.heard.lost == 0
    assert own_line.asterisk.process.poll() is None
    assert [secret for secret in (NUMBER, NAME) if secret in own_line.asterisk.log()] == []


def test_callers_whose_sound_is_at_a_host_of_letters_hold_nobody_up(own_line: RunningLine) -> None:
    with Stranger(own_line.asterisk.sip) as stranger:
        for number in range(NAMED):
            named = f"c=IN IP4 nowhere{number}.example.org".encode()
            stranger.shout(stranger.call(torture.LINE).packet().replace(b"c=IN IP4 127.0.0.1", named))
            time.sleep(APART)
        with own_line.phone() as phone:
            phone.call("line-en")
            phone.hears("en/main.1")


def send(phone: Phone, port: int) -> None:
    """Send malformed sound from the telephone's own port, and malformed reports beside it."""
    sound = phone._sound
    for packet in torture.rtp(sound._source, CHANGED):
        sound.socket.sendto(packet, (LOOPBACK, port))
        time.sleep(APART / 2)
    for packet in torture.rtcp():
        sound.socket.sendto(packet, (LOOPBACK, port + 1))
        time.sleep(APART / 2)


def test_after_malformed_sound_the_caller_hears_and_presses_as_before(own_line: RunningLine) -> None:
    with own_line.phone(number=NUMBER, name=NAME) as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        send(phone, phone._sound.chosen.address[1])
        phone.hears("en/main.4", timeout=20)  # a key that comes between two clips may be lost at any time
        phone.press("2")
        phone.hears("en/daily.1", timeout=20)
    assert [secret for secret in (NUMBER, NAME) if secret in own_line.asterisk.log()] == []


def test_keys_that_a_stranger_sends_into_a_call_are_not_the_callers(own_line: RunningLine) -> None:
    with own_line.phone() as phone, Stranger(("127.0.0.1", 0), "127.0.0.9") as stranger:
        phone.call("line-en")
        phone.hears("en/main.1")
        port = phone._sound.chosen.address[1]
        for repeat in range(5):
            for place, event in enumerate(keys.events("9", 100)):
                head = bytes([0x80, 101 | 0x80 * (place == 0)]) + bytes([0, repeat * 20 + place]) + bytes(4) + b"evil"
                stranger._socket.sendto(head + event, (LOOPBACK, port))
                time.sleep(0.01)
        phone.hears("en/main.2", timeout=20)
        phone.press("2")
        phone.hears("en/daily.1")
        assert "witness" not in " ".join(phone.story())
