import numpy as np
import pytest

from ivr.prompts import codecs
from ivr.prompts.engines import Speech
from ivr.prompts.loudness import loudness, true_peak
from ivr.prompts.sound import BANDS, SoundRefused, linear, phone_sound

RATE = 22050
RNG = np.random.default_rng(112)


def tone(hertz: float, seconds: float = 2.0, level: float = 0.2) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE))


def voice(seconds: float = 2.0, level: float = 0.1) -> np.ndarray:
    """Return noise that swells four times a second, as syllables do."""
    at = np.arange(round(seconds * RATE)) / RATE
    return level * RNG.standard_normal(at.size).clip(-3, 3) * (0.1 + np.abs(np.sin(4 * np.pi * at)))


def speech(*parts: np.ndarray) -> Speech:
    return Speech(linear(np.concatenate(parts)).tobytes(), RATE)


def heard(sound, rate: int = codecs.NARROW) -> np.ndarray:
    return sound.bands[rate]


def level_at(samples: np.ndarray, rate: int, hertz: float) -> float:
    """Return the strength at a frequency in dB of the strongest."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    near = abs(np.fft.rfftfreq(samples.size, 1 / rate) - hertz) < 30
    return float(20 * np.log10(spectrum[near].max() / spectrum.max()))


@pytest.mark.parametrize("rate", BANDS)
def test_silence_around_the_speech_is_cut(rate):
    samples = heard(phone_sound(speech(silence(0.7), tone(1000), silence(0.9))), rate)
    loud = np.flatnonzero(np.abs(samples) > 0.003)
    assert loud[0] / rate <= 0.06
    assert (samples.size - loud[-1]) / rate <= 0.2


def test_speech_without_silence_is_given_a_lead_and_a_tail():
    samples = heard(phone_sound(speech(tone(1000))))
    assert np.abs(samples[:160]).max() < 0.01
    assert np.abs(samples[-800:]).max() < 0.01


@pytest.mark.parametrize("level", [0.005, 0.05, 0.2])
@pytest.mark.parametrize("rate", BANDS)
def test_a_clip_of_a_second_and_more_is_equally_loud(rate, level):
    assert loudness(heard(phone_sound(speech(voice(level=level))), rate), rate) == pytest.approx(-19, abs=1)


@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.6])
def test_a_short_clip_is_as_loud_as_a_long_one_of_the_same_sound(seconds):
    long, short = (phone_sound(speech(silence(0.3), tone(700, length))) for length in (3.0, seconds))
    middle = slice(600, 1200)  # within the tone of both
    difference = np.std(heard(short)[middle]) / np.std(heard(long)[middle])
    assert 20 * np.log10(difference) == pytest.approx(0, abs=1)


def test_bangs_stay_under_the_peak_when_coded_and_the_clip_is_still_loud():
    banging = voice(4.0, level=0.01)
    banging[:: RATE // 2] = 1.0
    samples = linear(heard(phone_sound(speech(banging))))
    for decoded in (codecs.from_alaw(codecs.alaw(samples)), codecs.from_mulaw(codecs.mulaw(samples))):
        assert true_peak(decoded / np.float32(32768), 8000) <= -1.5
        assert loudness(decoded / np.float32(32768), 8000) == pytest.approx(-19, abs=1)


def test_what_a_phone_cannot_carry_is_not_folded_back_into_the_sound():
    samples = heard(phone_sound(speech(tone(1000) + tone(5500))))
    assert level_at(samples, 8000, 2500) < -60  # 5,500 Hertz would be heard as 2,500


@pytest.mark.parametrize(("rate", "hertz"), [(8000, 50), (8000, 3900), (16000, 25), (16000, 7800)])
def test_what_lies_outside_the_band_is_weak(rate, hertz):
    samples = heard(phone_sound(speech(tone(1000) + tone(hertz))), rate)
    assert level_at(samples, rate, hertz) < -12


def test_what_lies_in_the_band_is_kept():
    samples = heard(phone_sound(speech(tone(1000) + tone(3000) + tone(300))))
    assert min(level_at(samples, 8000, 3000), level_at(samples, 8000, 300)) > -3


@pytest.mark.parametrize("nothing", [silence(2.0), silence(0), voice(level=0.0001)])
def test_silence_is_refused(nothing):
    with pytest.raises(SoundRefused, match="nothing to hear"):
        phone_sound(speech(nothing))


def test_the_length_of_the_speech_is_measured():
    assert phone_sound(speech(silence(0.5), tone(500, 1.5), silence(0.5))).speech == pytest.approx(1.5, abs=0.03)
