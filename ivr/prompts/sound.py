"""From what an engine said to what a phone plays: band-limited, trimmed, equally loud, without peaks."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfilt

from ivr.prompts.codecs import NARROW, WIDE
from ivr.prompts.engines import Speech
from ivr.prompts.loudness import SHORTEST, Samples, between_samples, loudness

TARGET = -19.0  # LUFS, of clips of a second and more and of the speech in shorter ones
CEILING = -2.2  # dB true peak; coding adds a little, and -1.5 must hold after it
LEAD, TAIL = 0.04, 0.15  # seconds before and after the speech
QUIET = -40.0  # dB under the loudest frame: what is softer, at either end, is no speech
FRAME = 0.01  # seconds
SPARED = -2.0  # dB: a limiter that takes less from single peaks leaves the loudness as it is

BANDS = {NARROW: (180, 3500), WIDE: (80, 7000)}  # Hertz: what a phone of that rate carries


class SoundRefused(Exception):
    """A sound is not fit for callers; the sentence says why and what to do."""


@dataclass(frozen=True)
class Sound:
    """A clip ready to be coded: samples by rate in Hertz, and how long of it is speech, in seconds."""

    bands: dict[int, Samples]
    speech: float


def phone_sound(speech: Speech) -> Sound:
    """Return speech as phones carry it, at 8 and at 16 kHz; raise SoundRefused for silence."""
    heard = as_samples(np.frombuffer(speech.pcm, np.int16))
    first, last = _ends(heard, speech.rate)
    return Sound({rate: _shaped(heard, speech.rate, rate, (first, last)) for rate in BANDS}, last - first)


def _ends(heard: Samples, rate: int) -> tuple[float, float]:
    """Return where the speech begins and ends, in seconds."""
    size = round(FRAME * rate)
    frames = heard[: heard.size // size * size].reshape(-1, size)
    levels = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    if not levels.size or levels.max() < -60:  # noqa: PLR2004 - dB: softer than any speech
        raise SoundRefused("There is nothing to hear in it: record or synthesise it again.")
    loud = np.flatnonzero(levels > levels.max() + QUIET)
    return float(loud[0] * FRAME), float((loud[-1] + 1) * FRAME)


def _shaped(heard: Samples, from_rate: int, rate: int, ends: tuple[float, float]) -> Samples:
    """Return the sound at another rate, in its band, cut to its speech, at the level of every clip."""
    band = sosfilt(_band(rate), soxr.resample(heard, from_rate, rate))
    first, last = (round(end * rate) for end in ends)
    cut = _cut(band, first, last, rate)
    lead = round(LEAD * rate)
    return _levelled(cut, rate, slice(lead, lead + last - first))


def _cut(band: Samples, first: int, last: int, rate: int) -> Samples:
    """Return the speech with its own lead and tail, faded, both of one length in every clip."""
    lead, tail = round(LEAD * rate), round(TAIL * rate)
    padded = np.pad(band, (lead, tail))[first : last + lead + tail]
    padded[:lead] *= np.linspace(0, 1, lead, dtype=np.float32)
    padded[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return padded


@cache
def _band(rate: int) -> Any:  # noqa: ANN401 - scipy carries no types
    return butter(4, BANDS[rate], "bandpass", fs=rate, output="sos").astype(np.float32)


def _levelled(samples: Samples, rate: int, speech: slice) -> Samples:
    """Return the sound at TARGET, no peak over CEILING; limiting costs loudness, so again until both hold."""
    measured = slice(None) if samples.size >= SHORTEST * rate else speech
    for _ in range(4):
        missing = TARGET - loudness(samples[measured], rate)
        samples, gain = _limited(samples * 10 ** (missing / 20), rate)
        if gain > SPARED or abs(missing) < 0.1:  # noqa: PLR2004 - dB: nobody hears it
            break
    return samples


def _limited(samples: Samples, rate: int) -> tuple[Samples, float]:
    """Return the sound with its peaks under CEILING, without clicks, and the lowest gain in dB."""
    between, ceiling = np.abs(between_samples(samples, rate)), np.float32(10 ** (CEILING / 20))
    if between.max() <= ceiling:
        return samples, 0.0
    peaks = np.maximum(np.maximum(between[::4], between[1::4]), np.maximum(between[2::4], between[3::4]))
    window = 2 * round(0.005 * rate) + 1  # the gain moves within 5 ms either way
    gain = uniform_filter1d(minimum_filter1d(ceiling / np.maximum(peaks, ceiling), window), window)
    return samples * gain, float(20 * np.log10(gain.min()))


def as_samples(linear: NDArray[np.int16]) -> Samples:
    """Return signed 16-bit samples with a full scale of 1."""
    return linear.astype(np.float32) / np.float32(32768)


def linear(samples: Samples) -> NDArray[np.int16]:
    """Return the samples as signed 16-bit."""
    return np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16)
