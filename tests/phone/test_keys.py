"""How keys leave the telephone."""

import math

import pytest

from . import alaw, keys


def strength(sound: bytes, frequency: int) -> float:
    """How much of a tone is in A-law bytes (Goertzel, against full scale)."""
    samples = alaw.decoded(sound)
    turn = 2 * math.pi * frequency / 8000
    pairs = [int.from_bytes(samples[n : n + 2], "little", signed=True) for n in range(0, len(samples), 2)]
    across = sum(sample * math.cos(turn * n) for n, sample in enumerate(pairs))
    up = sum(sample * math.sin(turn * n) for n, sample in enumerate(pairs))
    return math.hypot(across, up) * 2 / len(pairs) / 32768


@pytest.mark.parametrize(
    ("key", "low", "high"), [("1", 697, 1209), ("5", 770, 1336), ("#", 941, 1477), ("*", 941, 1209)]
)
def test_a_key_is_two_tones(key: str, low: int, high: int) -> None:
    sound = keys.tones(key, 100)
    others = {*keys.ROWS, *keys.COLUMNS} - {low, high}
    assert min(strength(sound, low), strength(sound, high)) > 0.3
    assert max(strength(sound, other) for other in others) < 0.03


def test_the_end_of_a_key_is_said_three_times() -> None:
    payloads = list(keys.events("7", 100))
    assert [payload[1] >> 7 for payload in payloads] == [0, 0, 0, 0, 0, 1, 1, 1]
    assert {payload[0] for payload in payloads} == {7}
    assert payloads[-1][2:] == (800).to_bytes(2, "big")


def test_every_sample_comes_back_from_a_law_within_half_a_step() -> None:
    for sample in range(-32768, 32768, 7):
        half_a_step = max(8, 1 << abs(sample).bit_length() >> 6)
        assert abs(alaw.decode(alaw.encode(sample)) - sample) <= half_a_step
