"""What a person recorded, on whatever device, becomes a take: opened, cleaned, checked. Slow to import."""

import io
import warnings
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from scipy.signal import butter, istft, sosfilt, stft

from ivr.content.utterance import Utterance
from ivr.problems import ToMend
from ivr.prompts import takes
from ivr.prompts.check import check
from ivr.prompts.codecs import NARROW, WIDE, alaw
from ivr.prompts.engines import Speech
from ivr.prompts.loudness import Samples, loudness, true_peak
from ivr.prompts.manifest import Take
from ivr.prompts.sound import SoundRefused, as_samples, linear, phone_sound

LONGEST = 180  # seconds: a clip says one thing
RUMBLE = 70  # Hertz: traffic and handling lie under it, no voice does
NOISE = 0.1  # of the frames, the quietest, tell what the room sounds like
SOFTER = 0.25  # what is left of that: 12 dB less; more would sound like under water
FRAME = 512  # samples at 16 kHz
ALONE = 8  # times softer than its loudest channel: then the channels put each other out


class TakeRefused(ToMend):
    """A recording cannot become a take; the sentence says why and what to do."""


@dataclass(frozen=True)
class Measured:
    """How a sound is: its length in seconds, its loudness in LUFS, its true peak in dB of full scale."""

    seconds: float
    loudness: float
    peak: float


@dataclass(frozen=True)
class Brought:
    """A take that was kept, and how it was before and is now, as callers hear it."""

    take: Take
    before: Measured
    after: Measured


def bring(file: Path, said: Utterance, folder: Path) -> Brought:
    """Open a recording of an utterance, clean and check it, and keep it as a take in a folder of takes.

    WAV needs nothing; for MP3, M4A, OGG, OPUS, 3GP and whatever else ffmpeg reads, ffmpeg. Any rate, any
    number of channels. The file stays where it is and is copied beside the take. Raise TakeRefused or OSError.
    """
    heard, rate = _opened(file)
    speech = Speech(linear(_cleaned(heard, rate)).tobytes(), WIDE)
    try:
        sound = phone_sound(speech)
        samples = linear(sound.bands[NARROW])
        check(Speech(linear(heard).tobytes(), rate), sound, alaw(samples), said.speech, slow=True)
    except SoundRefused as refused:
        raise TakeRefused(f"{file.name}: {refused}") from None
    take = takes.keep(folder, said, _wav(speech), file)
    return Brought(take, _measured(heard, rate), _measured(as_samples(samples), NARROW))


def _opened(file: Path) -> tuple[Samples, int]:
    """Return a recording as one channel, and its rate in Hertz."""
    if not file.is_file():
        raise TakeRefused(f"There is no file {file}: see its name.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydub's own: where ffmpeg is missing we say so, when it is needed
        segment = _segment(file)
    if not 0 < segment.duration_seconds <= LONGEST:
        raise TakeRefused(f"{file.name} lasts {segment.duration_seconds:.0f} s: a clip has 1 to {LONGEST}.")
    channels = np.array(segment.set_sample_width(2).get_array_of_samples(), np.int16)
    return _one_channel(as_samples(channels.reshape(-1, segment.channels))), segment.frame_rate


def _segment(file: Path) -> Any:  # noqa: ANN401 - pydub carries no types
    from pydub import AudioSegment  # noqa: PLC0415 - it warns as soon as it is imported
    from pydub.exceptions import CouldntDecodeError  # noqa: PLC0415 - likewise

    try:
        return AudioSegment.from_file(file)
    except FileNotFoundError:
        raise TakeRefused(f"{file.name} needs ffmpeg to be opened: apt-get install ffmpeg, or bring WAV.") from None
    except (CouldntDecodeError, LookupError, ValueError, EOFError, wave.Error):
        raise TakeRefused(f"{file.name} holds no sound that can be read: save it again, as WAV or MP3.") from None


def _one_channel(channels: Samples) -> Samples:
    """Return the middle of all channels, or the loudest where they would put each other out."""
    middle: Samples = channels.mean(axis=1)
    power = np.mean(channels**2, axis=0)
    loudest: Samples = channels[:, power.argmax()]
    return middle if np.mean(middle**2) > power.max() / ALONE else loudest


def _cleaned(heard: Samples, rate: int) -> Samples:
    """Return the sound at 16 kHz, without rumble, and with less of the noise that is always there."""
    wide = soxr.resample(heard, rate, WIDE)
    calm = sosfilt(butter(4, RUMBLE, "highpass", fs=WIDE, output="sos"), wide).astype(np.float32)
    return calm if calm.size < 4 * FRAME else _less_noise(calm)


def _less_noise(heard: Samples) -> Samples:
    """Return the sound with its steady noise softened, frequency by frequency (spectral subtraction)."""
    _, _, spectrum = stft(heard, WIDE, nperseg=FRAME)
    power = np.abs(spectrum) ** 2
    quietest = np.argsort(power.sum(axis=0))[: max(1, round(NOISE * power.shape[1]))]
    noise = power[:, quietest].mean(axis=1, keepdims=True)
    gain = np.sqrt(np.maximum(1 - 2 * noise / np.maximum(power, 1e-20), SOFTER**2))
    _, softened = istft(spectrum * gain, WIDE, nperseg=FRAME)
    result: Samples = np.asarray(softened[: heard.size], np.float32)
    return result


def _measured(samples: Samples, rate: int) -> Measured:
    return Measured(samples.size / rate, loudness(samples, rate), true_peak(samples, rate))


def _wav(speech: Speech) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, speech.rate, 0, "NONE", ""))
        wav.writeframes(speech.pcm)
    return file.getvalue()
