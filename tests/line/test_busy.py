"""More callers than places, on the real line: free of charge, and not for ever."""

from collections.abc import Iterator

import pytest

from tests.phone import CallRefused, Phone
from tests.phone.dialog import State
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(50)

ALL_MAY_HEAR = 22  # seconds: twenty, and some for a busy machine


@pytest.fixture
def small(release: Published) -> Iterator[RunningLine]:
    """A line of two places, one of them for witnesses."""
    with running_line(release, calls_at_once=2, witness_places=1) as line:
        yield line


def hears_that_it_is_busy(phone: Phone, line: RunningLine) -> str:
    """Return the language in which a caller hears first that the line is busy."""
    names = [name for name in line.release.clips if name.endswith("/busy")]
    phone.wait_for(lambda: any(name.rstrip("…") in names for name in phone.story()), 30, "a busy line")
    return phone.story()[0].rstrip("…").partition("/")[0]


def test_a_caller_too_many_hears_it_for_free_and_then_has_the_place_of_the_longest_call(small: RunningLine) -> None:
    with small.phone() as flooder, small.phone() as caller:
        flooder.call("line-en")
        caller.dial("line-fr")
        assert hears_that_it_is_busy(caller, small) == "fr"
        assert caller.state is State.RINGING
        caller.hears_whole("fr/essentials")
        caller.wait_answered(30)
        assert caller.when(State.ANSWERED) - caller.when(State.CALLING) < 30
        caller.hears("fr/main.1")
        flooder.press("7")
        flooder.hears_whole("en/time-over", "en/goodbye", timeout=60)
        flooder.wait_hung_up()


def test_where_only_witnesses_hold_the_line_a_caller_is_told_so_in_twenty_seconds_and_then_486(
    small: RunningLine,
) -> None:
    with small.phone() as witness, small.phone() as caller:
        witness.call("line-en")
        witness.hears("en/main.1")
        witness.press("9")
        witness.hears("en/witness-welcome")
        caller.dial("line")
        with pytest.raises(CallRefused) as refused:
            caller.wait_answered(40)
    assert refused.value.status == 486
    assert caller.when(State.REFUSED) - caller.when(State.RINGING) < ALL_MAY_HEAR
    heard = [tuple(name.rstrip("…").split("/")) for name in caller.story()]
    assert [clip for _, clip in heard] == ["busy", "essentials", "busy", "essentials"][: len(heard)]
    assert len(heard) >= 3  # the next language has its turn
    assert len({language for language, _ in heard}) == (len(heard) + 1) // 2


def test_a_witness_has_a_place_while_everybody_else_waits(small: RunningLine) -> None:
    with small.phone() as flooder, small.phone() as witness:
        flooder.call("line-en")
        witness.call("witness")
        witness.hears("en/language-choice", timeout=20)
