"""Silence where the line waits for a key: in a menu, and on the witness line."""

import pytest

from tests.line.witness import hears_tone, sealed
from tests.line.witness import reports as reports_of
from tests.phone.dialog import State
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(126)


def test_silence_in_a_menu_ends_with_the_goodbye_in_the_callers_language(line: RunningLine) -> None:
    with line.phone(only_listens=True) as phone:
        phone.call("line-fr")
        phone.hears_whole("fr/silence-menu", timeout=60)
        phone.hears_whole("fr/to-languages", timeout=60)
        phone.hears_whole("fr/essentials", "fr/goodbye", timeout=90)
        phone.wait_hung_up()


def test_a_witness_who_presses_nothing_hears_the_tone_within_forty_seconds(line: RunningLine) -> None:
    before = reports_of(line)
    with line.phone() as phone:
        phone.call("witness")
        phone.hears_whole("ar/consent-brief", "en/consent-brief", "fr/consent-brief", timeout=60)
        waited = hears_tone(phone) - phone.when(State.ANSWERED)
        phone.say(bytes([0x55, 0x2A]) * 12000)
        phone.hang_up()
    sealed(line)
    assert waited < 40
    assert len(reports_of(line)) == len(before) + 1
