"""Who has a place on the line, who waits for one, and how long a call may last while many call.

Nothing is known of a caller here but when the call came in and whether it is on the witness line.
"""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from ivr.callflow.conversation import LAST_MINUTE

CROWDED = 0.8
"""The share of the places for everybody above which calls are shorter."""
CROWDED_CALL = 180.0
"""Seconds of a call while the line is crowded; the witness line knows no such limit."""
SEATS = 0.1
"""Callers who may wait, as a share of all places. They can ask for room every ten seconds at most, so that even
in a rush without end a call lasts a hundred seconds on average."""
STRANGERS = 100
"""Connections more than there are places and seats: who says nothing holds one for a moment, and no place."""


class At(Enum):
    """Where a call is, as far as places go."""

    WAITING = "waiting"
    ON_THE_LINE = "on the line"
    MAKING_ROOM = "making room"  # its place is another's already, it only has to say goodbye
    GONE = "gone"


class Place:
    """The place of one call, or its wait for one; `witness` tells whether the witness line was called."""

    def __init__(self, places: "Places", began: float, *, witness: bool, counted: bool) -> None:
        self.witness = witness
        self.counted = counted
        self.at = At.WAITING
        self.began = began
        self.bears_witness = witness
        self._places = places

    @property
    def taken(self) -> bool:
        """Whether the call may be answered."""
        return self.at is not At.WAITING

    def ask_for_room(self) -> None:
        """Let the call for everybody that has lasted longest end, so that somebody who waits gets its place."""
        self._places.make_room()

    def longest(self, where: str) -> float:
        """Return the seconds that the call may last as things are now; `where` is the place it has reached."""
        return self._places.longest(self, where)


class Places:
    """The places of a line: `calls` in all, of which `for_witnesses` are kept for the witness line."""

    def __init__(self, calls: int, for_witnesses: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._public = calls - for_witnesses
        self._seats = max(1, round(calls * SEATS))
        self._clock = clock
        self._lock = threading.Lock()
        self._there: dict[tuple[At, bool], dict[Place, None]] = defaultdict(dict)
        """By where they are and whether they called the witness line, in the order in which they came there."""
        self._crowded_since: float | None = None

    @property
    def connections(self) -> int:
        """How many connections a server needs for all who have a place, wait, or are told that there is none."""
        return self._calls + 2 * self._seats + STRANGERS

    @property
    def public(self) -> int:
        """How many calls that count have a place and are not on the witness line, wherever they came in."""
        with self._lock:
            taken = (At.ON_THE_LINE, At.MAKING_ROOM)
            return sum(one.counted and not one.bears_witness for at in taken for one in self._who(at))

    @contextmanager
    def enter(self, *, witness: bool, counted: bool = True) -> Iterator[Place | None]:
        """Give a call a place, or a seat to wait on, or nothing where even those are taken."""
        place = Place(self, self._clock(), witness=witness, counted=counted)
        with self._lock:
            self._put(place, At.WAITING)
            self._seat()
            if place.at is At.WAITING and self._count(At.WAITING) > self._seats:
                self._put(place, At.GONE)
        try:
            yield None if place.at is At.GONE else place
        finally:
            with self._lock:
                self._put(place, At.GONE)
                self._seat()

    def make_room(self) -> None:
        """Give the place of the longest call to who waits first; a call that bears witness is left alone."""
        with self._lock:
            talking = (one for one in self._who(At.ON_THE_LINE) if not one.bears_witness)
            longest = min(talking, key=lambda one: one.began, default=None)
            if longest and self._count(At.WAITING) and self._count(At.MAKING_ROOM) < self._seats:
                self._put(longest, At.MAKING_ROOM)
                self._seat()

    def longest(self, place: Place, where: str) -> float:
        """Return the seconds that a call may last; a warning of a minute is always left, unless it makes room."""
        with self._lock:
            place.bears_witness = where == "witness"
            if place.bears_witness:
                return math.inf
            if place.at is At.MAKING_ROOM:
                return 0
            if self._crowded_since is None:
                return math.inf
            return max(CROWDED_CALL, self._crowded_since + LAST_MINUTE - place.began)

    def _seat(self) -> None:
        """Give free places to those who wait: witnesses first, then in the order in which they came."""
        for place in self._who(At.WAITING):
            if self._count(At.ON_THE_LINE) < self._calls and (place.witness or self._public_now < self._public):
                self._put(place, At.ON_THE_LINE)
        if self._public_now <= CROWDED * self._public:
            self._crowded_since = None
        elif self._crowded_since is None:
            self._crowded_since = self._clock()

    def _put(self, place: Place, at: At) -> None:
        self._there[place.at, place.witness].pop(place, None)
        place.at = at
        if at is not At.GONE:
            self._there[at, place.witness][place] = None

    @property
    def _public_now(self) -> int:
        return len(self._there[At.ON_THE_LINE, False])

    def _count(self, at: At) -> int:
        return len(self._there[at, True]) + len(self._there[at, False])

    def _who(self, at: At) -> list[Place]:
        """Return who is there: witnesses first, then in the order in which they came."""
        return [*self._there[at, True], *self._there[at, False]]
