"""Filters and loudness against other people's programs, which work sample by sample: scipy and pyloudnorm."""

import subprocess
import sys

import numpy as np
import pyloudnorm
import pytest
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfilt

from ivr.prompts.filters import in_band, mean_around, smallest_around
from ivr.prompts.loudness import loudness
from ivr.prompts.sound import BANDS
from tests.prompts import recordings

RNG = np.random.default_rng(1770)


def noise(size: int) -> np.ndarray:
    return RNG.normal(0, 0.1, size).astype(np.float32)


@pytest.mark.parametrize("size", [400, 8192, 50_001])
@pytest.mark.parametrize("rate", BANDS)
def test_a_band_is_that_of_a_butterworth_filter(rate, size):
    samples = noise(size)
    theirs = sosfilt(butter(4, BANDS[rate], "bandpass", fs=rate, output="sos"), samples.astype(float))
    assert np.abs(in_band(samples, rate, BANDS[rate]) - theirs).max() < 1e-4


def gaps(samples: np.ndarray, rate: int) -> np.ndarray:
    """Return a sound with whispers and silences between, which count for less or nothing."""
    seconds = np.arange(samples.size) // rate
    return samples * np.choose(seconds % 4, [1, 0.02, 0, 0.3]).astype(np.float32)


@pytest.mark.parametrize("seconds", [1.0, 1.37, 12.3])
@pytest.mark.parametrize("rate", BANDS)
def test_loudness_is_that_of_another_meter(rate, seconds):
    for samples in (noise(round(seconds * rate)), gaps(noise(round(seconds * rate)), rate)):
        theirs = pyloudnorm.Meter(rate).integrated_loudness(samples)
        assert loudness(samples, rate) == pytest.approx(theirs, abs=0.02)


def test_loudness_of_speech_is_that_of_another_meter():
    heard = recordings.speech()
    samples = np.frombuffer(heard.pcm, np.int16).astype(np.float32) / 32768
    theirs = pyloudnorm.Meter(heard.rate).integrated_loudness(samples)
    assert loudness(samples, heard.rate) == pytest.approx(theirs, abs=0.02)


def test_silence_has_no_loudness():
    assert loudness(np.zeros(16000, np.float32), 8000) == -np.inf


@pytest.mark.parametrize("reach", [1, 40, 80])
def test_the_smallest_and_the_mean_around_are_those_of_scipy(reach):
    samples = noise(1000)
    least, mean = (theirs(samples, 2 * reach + 1, mode="nearest") for theirs in (minimum_filter1d, uniform_filter1d))
    assert np.array_equal(smallest_around(samples, reach), least)
    assert np.abs(mean_around(samples, reach) - mean).max() < 1e-5


def test_a_worker_loads_none_of_the_libraries_that_are_slow_to_load():
    loaded = (
        "import sys, ivr.prompts.worker; print([one for one in ('scipy', 'pyloudnorm', 'pydub') if one in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
