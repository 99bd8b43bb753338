"""How far each kind climbs, how that is held against the aims, and the picture of it."""

import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from tests.bench.load import picture
from tests.bench.load.aims import aims, row
from tests.bench.load.climb import Way, climb
from tests.bench.load.keypad import Pressed
from tests.bench.load.peers import Kind
from tests.bench.load.step import Seen, times

HELD = Seen(
    kind="line",
    calls=100,
    began=200,
    failed=0,
    keys=600,
    lost_keys=0,
    median=1.0,
    slow=5.0,
    sampled_median=1.0,
    sampled_slow=5.0,
    packets=20000,
    lost_packets=0,
    late_packets=0,
    processor=40.0,
    generator=0.1,
    asterisk_memory=60.0,
    server_memory=35.0,
    load=1.0,
    in_time=True,
)
FAILED = replace(HELD, failed=1)
HOLD = {Kind.NATIVE: 620, Kind.OURS: 600, Kind.PYST2: 120}


def step(kind: Kind, calls: int) -> Seen:
    """Stand in for a step: each kind holds so many calls, and no more."""
    return replace(HELD if calls <= HOLD[kind] else FAILED, kind=kind.value, calls=calls)


def test_the_highest_number_is_found_to_a_tenth() -> None:
    for kind, way in climb(step).items():
        assert HOLD[kind] / 1.1 <= way.held <= HOLD[kind]


def test_a_step_that_fails_once_is_tried_again() -> None:
    tried: list[int] = []

    def once(kind: Kind, calls: int) -> Seen:
        tried.append(calls)
        return FAILED if tried == [100] else step(kind, calls)

    assert climb(once, (Kind.OURS,), (100, 200))[Kind.OURS].held == 200
    assert tried == [100, 100, 200]


@pytest.mark.parametrize(
    "lost",
    [
        {"failed": 1},
        {"lost_keys": 1},
        {"lost_packets": 1},
        {"slow": 150.0},
        {"sampled_slow": 151.0},
        {"in_time": False},
    ],
)
def test_whatever_is_lost_or_slow_is_not_held(lost: dict[str, float]) -> None:
    assert HELD.held
    assert not replace(HELD, **lost).held


def test_each_aim_says_what_was_seen_and_whether_it_is_met() -> None:
    told = [str(aim) for aim in aims(climb(step))]
    assert told[0] == "  highest number held, as a share of the native dialplan's: 1 (aim: at least 0.9)"
    assert told[1].startswith("  highest number held, times that of pyst2: 5")
    dear = {kind: replace(HELD, kind=kind.value, processor=50.0 if kind is Kind.OURS else 40.0) for kind in Kind}
    ways = {kind: Way(held=100, seen=[seen]) for kind, seen in dear.items()}
    assert "  processor time of a call, times the native dialplan's: 1.25 (aim: at most 1.1) - missed" in [
        str(aim) for aim in aims(ways)
    ]


def test_a_prompt_that_never_came_is_slower_than_any() -> None:
    keys = [Pressed(1.0, 0.002), Pressed(2.0, 0.001), Pressed(3.0), Pressed(0.5, 9.0)]
    assert times(keys, since=1.0) == (2.0, math.inf)
    assert times([], since=1.0) == (math.inf, math.inf)


def test_the_picture_has_a_dot_for_each_level_of_each_kind() -> None:
    seen = [one for way in climb(step).values() for one in way.seen]
    drawn = ET.fromstring(picture.svg(seen, "some day & some machine"))  # noqa: S314 - our own drawing
    dots = [shape for shape in drawn.iter() if shape.tag.endswith("circle")]
    assert len(dots) == 2 * len({(one.kind, one.calls) for one in seen})
    assert [one for one in dots if one.get("fill") == "#ffffff"]


def test_a_step_is_told_in_one_line() -> None:
    assert row(HELD).endswith("held")
    assert "\n" not in row(replace(HELD, slow=math.inf))
