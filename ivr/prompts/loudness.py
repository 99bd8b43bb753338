"""How loud a sound is to people (ITU-R BS.1770), and how high its peaks are."""

from functools import cache
from typing import Any

import numpy as np
import pyloudnorm
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]  # full scale is 1.0

SHORTEST = 1.0  # seconds: a shorter sound is measured as if it were said again and again


@cache
def _meter(rate: int) -> Any:  # noqa: ANN401 - pyloudnorm carries no types
    return pyloudnorm.Meter(rate)


def loudness(samples: Samples, rate: int) -> float:
    """Return the loudness in LUFS; of less than a second, as if it were repeated; silence is minus infinity."""
    times = int(np.ceil(SHORTEST * rate / samples.size)) if samples.size < SHORTEST * rate else 1
    return float(_meter(rate).integrated_loudness(np.tile(samples, times)))


def true_peak(samples: Samples, rate: int) -> float:
    """Return the highest level on and between the samples, in dB of full scale."""
    between = between_samples(samples, rate)
    return float(20 * np.log10(max(between.max(), -between.min()) + 1e-12))


def between_samples(samples: Samples, rate: int) -> Samples:
    """Return four samples for each, so that the peaks between them show."""
    between: Samples = soxr.resample(samples, rate, 4 * rate, quality="MQ")[: 4 * samples.size]
    return np.pad(between, (0, 4 * samples.size - between.size))
