"""A press that is told twice counts once, and two presses count twice."""

import pytest

from ivr.calls.presses import AGAIN, Presses
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock[float]:
    return Clock(1000.0)


@pytest.fixture
def presses(clock: Clock[float]) -> Presses:
    presses = Presses(clock)
    assert not presses.told_again("1")
    return presses


@pytest.mark.parametrize("later", [0.0, 0.045, AGAIN - 0.01])
def test_the_same_key_so_soon_is_the_same_press(presses: Presses, clock: Clock[float], later: float) -> None:
    clock.now += later
    assert presses.told_again("1")


def test_the_same_key_a_moment_later_is_pressed_again(presses: Presses, clock: Clock[float]) -> None:
    clock.now += AGAIN + 0.01
    assert not presses.told_again("1")


def test_another_key_is_another_press(presses: Presses) -> None:
    assert not presses.told_again("2")
    assert not presses.told_again("1")


def test_a_press_told_again_and_again_does_not_go_on_for_ever(presses: Presses, clock: Clock[float]) -> None:
    told = []
    for _ in range(4):
        clock.now += 0.1
        told.append(presses.told_again("1"))
    assert told == [True, False, True, False]
