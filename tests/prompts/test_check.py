import numpy as np
import pytest

from ivr.prompts.check import check, letters
from ivr.prompts.codecs import alaw
from ivr.prompts.engines import Speech, engine
from ivr.prompts.sound import Sound, SoundRefused, linear, phone_sound
from tests.prompts import spoken

WORDS = spoken.LINE[0].speech
ENGLISH = spoken.VOICES[0]


@pytest.fixture(scope="module")
def speech() -> Speech:
    return engine("espeak").speak(WORDS, ENGLISH, slow=False)


@pytest.fixture(scope="module")
def sound(speech) -> Sound:
    return phone_sound(speech)


def coded(sound: Sound, gain: float = 1.0) -> bytes:
    return alaw(linear(sound.bands[8000] * np.float32(gain)))


def test_a_good_clip_passes(speech, sound):
    check(speech, sound, coded(sound), WORDS, slow=False)


def test_a_clip_that_was_recorded_too_loud_is_refused(speech, sound):
    samples = np.frombuffer(speech.pcm, np.int16).astype(np.int32) * 20
    clipped = Speech(samples.clip(-32768, 32767).astype(np.int16).tobytes(), speech.rate)
    with pytest.raises(SoundRefused, match="clipped"):
        check(clipped, sound, coded(sound), WORDS, slow=False)


@pytest.mark.parametrize("gain", [0.8, 0.5])
def test_a_clip_that_is_too_soft_is_refused(speech, sound, gain):
    with pytest.raises(SoundRefused, match="LUFS loud"):
        check(speech, sound, coded(sound, gain), WORDS, slow=False)


def test_a_clip_with_high_peaks_is_refused(speech, sound):
    with pytest.raises(SoundRefused, match="peaks reach"):
        check(speech, sound, coded(sound, 3.0), WORDS, slow=False)


def test_an_engine_that_spells_is_caught():
    spelled = engine("espeak").speak(" . ".join(WORDS), ENGLISH, slow=False)
    sound = phone_sound(spelled)
    with pytest.raises(SoundRefused, match="letters a second do not fit"):
        check(spelled, sound, coded(sound), WORDS, slow=False)


def test_an_engine_that_leaves_words_out_is_caught(speech, sound):
    with pytest.raises(SoundRefused, match="letters a second do not fit"):
        check(speech, sound, coded(sound), WORDS * 3, slow=False)


def test_what_people_write_down_may_be_said_slowly():
    number = "zero three, twenty one, nineteen, eighty six, fifty six."
    speech = engine("espeak").speak(number, ENGLISH, slow=True)
    sound = phone_sound(speech)
    check(speech, sound, coded(sound), number, slow=True)


def test_a_word_or_two_may_take_its_time(speech, sound):
    check(speech, sound, coded(sound), "Yes.", slow=False)


@pytest.mark.parametrize(
    ("words", "count"), [("A meal, at 6!", 11.0), ("ትኩስ", 6.0), ("نان", 4.2), ("", 0.0), ("Bữa ăn", 5.0)]
)
def test_letters_are_counted_as_an_alphabet_would_need_them(words, count):
    assert letters(words) == pytest.approx(count)
