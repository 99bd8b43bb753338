"""How loud a sound is to people (ITU-R BS.1770), and how high its peaks are."""

import numpy as np
import soxr

from ivr.prompts.filters import Samples, weighted

SHORTEST = 1.0  # seconds: a shorter sound is measured as if it were said again and again
BLOCK, HOP = 0.4, 0.1  # seconds of the standard's blocks, and from one to the next
SILENT, SOFTER = -70.0, -10.0  # LUFS, and LU under the mean: blocks that count for nothing
OFFSET = -0.691  # LUFS: the standard's constant


def loudness(samples: Samples, rate: int) -> float:
    """Return the loudness in LUFS; of less than a second, as if it were repeated; silence is minus infinity."""
    times = int(np.ceil(SHORTEST * rate / samples.size)) if samples.size < SHORTEST * rate else 1
    power = _blocks(weighted(np.tile(samples, times), rate), rate)
    power = power[_lufs(power) >= SILENT]
    if power.size:
        power = power[_lufs(power) > _lufs(power.mean()) + SOFTER]
    return float(_lufs(power.mean())) if power.size else -np.inf


def true_peak(samples: Samples, rate: int) -> float:
    """Return the highest level on and between the samples, in dB of full scale."""
    between = between_samples(samples, rate)
    return float(20 * np.log10(max(between.max(), -between.min()) + 1e-12))


def between_samples(samples: Samples, rate: int) -> Samples:
    """Return four samples for each, so that the peaks between them show."""
    between: Samples = soxr.resample(samples, rate, 4 * rate, quality="MQ")[: 4 * samples.size]
    return np.pad(between, (0, 4 * samples.size - between.size))


def _blocks(samples: Samples, rate: int) -> np.ndarray:
    """Return the mean power of each block of a sound of a second and more."""
    count = round((samples.size / rate - BLOCK) / HOP) + 1
    first = (np.arange(count) * HOP * rate).astype(int)
    last = np.minimum(((np.arange(count) * HOP + BLOCK) * rate).astype(int), samples.size)
    sums = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    power: np.ndarray = (sums[last] - sums[first]) / (BLOCK * rate)
    return power


def _lufs(power: np.ndarray) -> np.ndarray:
    level: np.ndarray = OFFSET + 10 * np.log10(np.maximum(power, 1e-30))
    return level
