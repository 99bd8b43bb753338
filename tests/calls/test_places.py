"""Places: for everybody, for witnesses, and for those who wait."""

import math
from contextlib import ExitStack

from ivr.calls.places import CROWDED_CALL, Place, Places
from tests.clock import Clock


def enter(stack: ExitStack, places: Places, *, witness: bool = False) -> Place:
    place = stack.enter_context(places.enter(witness=witness))
    assert place
    return place


def test_places_for_witnesses_are_kept_from_everybody_else() -> None:
    places = Places(3, 1)
    with ExitStack() as stack:
        assert enter(stack, places).taken
        assert enter(stack, places).taken
        assert not enter(stack, places).taken
        assert enter(stack, places, witness=True).taken


def test_who_waits_gets_the_place_of_who_leaves() -> None:
    places = Places(1, 0)
    with ExitStack() as stack:
        with ExitStack() as first:
            enter(first, places)
            waits = enter(stack, places)
            assert not waits.taken
        assert waits.taken


def test_where_nobody_may_wait_any_more_there_is_nothing() -> None:
    places = Places(10, 0)
    with ExitStack() as stack:
        assert [enter(stack, places).taken for _ in range(11)] == [True] * 10 + [False]
        with places.enter(witness=False) as place:
            assert place is None


def test_the_longest_call_makes_room_and_is_over_at_its_next_look() -> None:
    places = Places(2, 0)
    with ExitStack() as stack:
        longest, other = enter(stack, places), enter(stack, places)
        waits = enter(stack, places)
        waits.ask_for_room()
        assert waits.taken
        assert longest.longest("main") == 0
        assert other.longest("main") == CROWDED_CALL


def test_a_call_that_bears_witness_never_makes_room() -> None:
    places = Places(2, 0)
    with ExitStack() as stack:
        witness, other = enter(stack, places), enter(stack, places)
        assert witness.longest("witness") == math.inf
        waits = enter(stack, places)
        waits.ask_for_room()
        assert other.longest("main") == 0
        assert witness.longest("witness") == math.inf


def test_a_call_is_told_a_minute_before_a_crowd_ends_it() -> None:
    clock = Clock(1000.0)
    places = Places(2, 0, clock)
    with ExitStack() as stack:
        long = enter(stack, places)
        clock.now += 500
        assert long.longest("main") == math.inf
        late = enter(stack, places)
        assert (long.longest("main"), late.longest("main")) == (560, CROWDED_CALL)


def test_without_a_crowd_calls_are_long_again() -> None:
    places = Places(2, 0)
    with ExitStack() as stack:
        stays = enter(stack, places)
        with places.enter(witness=False):
            assert stays.longest("main") == CROWDED_CALL
        assert stays.longest("main") == math.inf


def test_a_witness_who_waits_goes_before_everybody() -> None:
    places = Places(20, 0)
    with ExitStack() as stack:
        with ExitStack() as first:
            enter(first, places)
            for _ in range(19):
                enter(stack, places)
            public, witness = enter(stack, places), enter(stack, places, witness=True)
        assert (public.taken, witness.taken) == (False, True)
