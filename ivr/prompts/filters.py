"""Filters of sound, each a curve laid over its spectrum: as exact as sample by sample, and numpy alone does it.

The libraries that filter sample by sample take longer to load than a clip takes to make.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]  # full scale is 1.0
Curve = NDArray[np.complex64]

REST = 0.25  # seconds of silence after the sound: by then every filter here has fallen silent
STEP = 4096  # samples: sounds are filled up to a multiple of it, for its spectrum is quickly found
ORDER = 4  # of the band's edges: 24 dB an octave


def in_band(samples: Samples, rate: int, edges: tuple[int, int]) -> Samples:
    """Return only what lies between two frequencies in Hertz (Butterworth, 4th order)."""
    return _filtered(samples, rate, _band(rate, *edges, _filled(samples.size, rate)))


def weighted(samples: Samples, rate: int) -> Samples:
    """Return what ears make of a sound: the K-weighting of ITU-R BS.1770."""
    return _filtered(samples, rate, _weighting(rate, _filled(samples.size, rate)))


def smallest_around(values: Samples, reach: int) -> Samples:
    """Return for each value the smallest of those within `reach` places before and after it."""
    window, covered = 2 * reach + 1, 1
    least = np.pad(values, reach, mode="edge")
    while 2 * covered <= window:
        least = np.minimum(least[:-covered], least[covered:])
        covered *= 2
    rest = window - covered
    return np.minimum(least[: least.size - rest], least[rest:])


def mean_around(values: Samples, reach: int) -> Samples:
    """Return for each value the mean of those within `reach` places before and after it."""
    window = 2 * reach + 1
    sums = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"), dtype=np.float64)
    means: Samples = ((sums[window:] - sums[:-window]) / window).astype(np.float32)
    return means


def _filled(size: int, rate: int) -> int:
    return -(-(size + round(REST * rate)) // STEP) * STEP


def _filtered(samples: Samples, rate: int, curve: Curve) -> Samples:
    size = _filled(samples.size, rate)
    heard = np.fft.irfft(np.fft.rfft(samples, size) * curve, size)
    filtered: Samples = heard[: samples.size].astype(np.float32)
    return filtered


def _analog(size: int) -> NDArray[np.complex128]:
    """Return the frequencies of a spectrum as those of the analog filter that the bilinear transform makes digital."""
    frequencies: NDArray[np.complex128] = 1j * np.tan(
        np.pi * np.fft.rfftfreq(size)[:-1]
    )  # the last, half the rate, is infinite
    return frequencies


def _at(hertz: float, rate: int) -> float:
    return float(np.tan(np.pi * hertz / rate))


@cache
def _band(rate: int, lowest: int, highest: int, size: int) -> Curve:
    s, low, high = _analog(size), _at(lowest, rate), _at(highest, rate)
    s[0] = 1e-9j
    lowpass = (s**2 + low * high) / (s * (high - low))
    poles = np.exp(1j * np.pi * (2 * np.arange(ORDER) + ORDER + 1) / (2 * ORDER))
    return np.append(1 / np.prod(lowpass[:, None] - poles, axis=1), 0).astype(np.complex64)


@cache
def _weighting(rate: int, size: int) -> Curve:
    """Return a shelf of 4 dB above 1,500 Hertz and a high-pass at 38 (as in the standard's note on other rates)."""
    s, gain = _analog(size), 10 ** (4 / 40)
    shelf, high = s / _at(1500, rate), s / _at(38, rate)
    slope = np.sqrt(2 * gain) * shelf
    ear = gain * (gain * shelf**2 + slope + 1) / (shelf**2 + slope + gain)
    return np.append(ear * high**2 / (high**2 + 2 * high + 1), gain**2).astype(np.complex64)
