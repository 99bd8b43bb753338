"""The end of a call by its time."""

from ivr.callflow.line import Entry, Limits
from tests.callflow.telling import Telling, small_line

LINE = small_line(limits=Limits(call=200))


def test_a_call_is_warned_in_its_last_minute_and_ends_with_a_goodbye() -> None:
    told = Telling("7" * 500, Entry(language="en"), LINE, seconds=10)
    assert told.said.count("en/minute-left") == 1
    assert told.said[-2:] == ["en/time-over", "en/goodbye"]
    assert told.ended


def test_a_key_during_the_warning_is_not_lost() -> None:
    told = Telling("7" * 500, Entry(language="en"), LINE, seconds=10, cuts=[("minute-left", "2")])
    assert "daily" in told.places
