"""A caller for whom there is no place yet: hears in early media that the line is busy, for free, and moves up."""

import contextlib
import itertools
import time
from collections.abc import Iterable

from ivr.callflow.actions import Clip
from ivr.calls.agi import Agi, SoundMissing, first_there
from ivr.calls.live import Held
from ivr.calls.places import Place

LONGEST = 20.0
"""Seconds that a caller waits."""
ASKS_FOR_ROOM = 10.0
"""Seconds after which who waits may end the longest call; a witness does so at once."""
_turns = itertools.count()


def turn() -> int:
    """Return a number that is another one for each call: the languages go by turns."""
    return next(_turns)


def wait(agi: Agi, place: Place, held: Held, said: Iterable[tuple[Clip, ...]]) -> bool:
    """Say that the line is busy until there is a place or the time is over; tell whether there is a place."""
    began = time.monotonic()
    if place.witness:
        place.ask_for_room()
    if not place.taken:
        agi.open_ears()
    for clip in itertools.chain.from_iterable(said):
        waited = time.monotonic() - began
        if waited > ASKS_FOR_ROOM and not place.taken:
            place.ask_for_room()
        if place.taken or waited + held.seconds(clip) > LONGEST:
            break
        with contextlib.suppress(SoundMissing):
            first_there(held.sounds(clip), agi.say)
    return place.taken
