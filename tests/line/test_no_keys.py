"""Real calls to the information line by people who press nothing."""

from tests.phone.dialog import State
from tests.running_line import RunningLine


def test_who_presses_nothing_hears_what_is_most_needed_in_every_language(line: RunningLine) -> None:
    offered = [one["code"] for one in line.release.line["languages"] if one["ready"]]
    with line.phone() as phone:
        phone.call("line")
        answered = phone.when(State.ANSWERED)
        first, *_, last = [phone.hears_whole(f"{code}/essentials", timeout=60) for code in offered]
        phone.hears_whole("ar/goodbye")
        phone.wait_hung_up()
    assert first.begins - answered < 45
    assert last.ends - answered < 150


def test_silence_in_a_menu_ends_with_the_goodbye_in_the_callers_language(line: RunningLine) -> None:
    with line.phone() as phone:
        phone.call("line-fr")
        phone.hears_whole("fr/silence-menu", timeout=60)
        phone.hears_whole("fr/to-languages", timeout=60)
        phone.hears_whole("fr/essentials", "fr/goodbye", timeout=90)
        phone.wait_hung_up()
