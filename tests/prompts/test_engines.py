from dataclasses import replace

import pytest

from ivr.prompts.check import check
from ivr.prompts.codecs import alaw
from ivr.prompts.engines import SynthesisFailed, engine
from ivr.prompts.manifest import Voice
from ivr.prompts.prepare import preparation, prepared
from ivr.prompts.sound import SoundRefused, linear, phone_sound
from ivr.prompts.voices import speaking
from tests.prompts import spoken

ENGLISH = spoken.VOICES[0]
EVERY_LANGUAGE = {  # the voice, and "A hot meal is served every day." or the like
    "en": ("en+f2", "A hot meal is served every day at six in the evening."),
    "fr": ("fr+f2", "Un repas chaud est servi tous les jours à dix-huit heures."),
    "ar": ("ar+f2", "تقدم وجبة ساخنة كل يوم في الساعة السادسة مساء."),
    "fa": ("fa+f2", "هر روز ساعت شش عصر غذای گرم داده می‌شود."),
    "ckb": ("ku+f2", "خواردنی گەرم هەموو ڕۆژێک لە کاتژمێر شەش دەدرێت."),
    "ti": ("ti+f2", "ምዉቕ መግቢ መዓልታዊ ምሸት ሰዓት ዓሰርተ ክልተ ይወሃብ።"),
    "am": ("am+f2", "ትኩስ ምግብ በየቀኑ ከምሽቱ አሥራ ሁለት ሰዓት ላይ ይቀርባል።"),
    "vi": ("vi+f2", "Bữa ăn nóng được phục vụ mỗi ngày lúc mười tám giờ."),
    "sq": ("sq+f2", "Një vakt i ngrohtë shërbehet çdo ditë në orën tetëmbëdhjetë."),
}


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_a_sentence_of_each_language_passes_the_check_fast_and_slow(language):
    name, words = EVERY_LANGUAGE[language]
    for slow in (False, True):
        ready = prepared(words, "espeak", language)
        speech = engine("espeak").speak(ready, Voice(language, "espeak", name, 140), slow=slow)
        sound = phone_sound(speech)
        check(speech, sound, alaw(linear(sound.bands[8000])), words, slow=slow)


def test_words_take_the_same_time_whatever_was_said_before_them():
    first = engine("espeak").speak("Good morning.", ENGLISH, slow=False)
    engine("espeak").speak("Bonjour.", spoken.VOICES[1], slow=True)
    assert len(engine("espeak").speak("Good morning.", ENGLISH, slow=False).pcm) == len(first.pcm)


def test_what_people_write_down_is_said_more_slowly():
    quick, slow = (engine("espeak").speak("zero three twenty one", ENGLISH, slow=slow) for slow in (False, True))
    assert len(slow.pcm) > 1.2 * len(quick.pcm)


def test_a_faster_voice_is_faster():
    fast = engine("espeak").speak("A hot meal is served.", replace(ENGLISH, speed=200), slow=False)
    assert len(fast.pcm) < len(engine("espeak").speak("A hot meal is served.", ENGLISH, slow=False).pcm)


@pytest.mark.parametrize("name", ["ps", "xx+f2", "en+nobody", ""])
def test_a_voice_that_does_not_exist_cannot_speak(name):
    voice = replace(ENGLISH, name=name)
    assert not engine("espeak").can_speak(voice)
    with pytest.raises(SynthesisFailed, match="name another in"):
        engine("espeak").speak("Hello.", voice, slow=False)


@pytest.mark.parametrize("words", ["", " ", "...", "\n"])
def test_words_without_sound_are_refused(words):
    with pytest.raises(SoundRefused, match="nothing to hear"):
        phone_sound(engine("espeak").speak(words, ENGLISH, slow=False))


@pytest.mark.parametrize("name", ["festival", "../espeak", ""])
def test_an_engine_that_does_not_exist_is_told_with_those_that_do(name):
    with pytest.raises(SynthesisFailed, match="name one of espeak"):
        engine(name)


def test_the_voices_that_are_there_speak_a_language_in_their_order():
    missing, third = replace(ENGLISH, name="en+nobody"), replace(ENGLISH, name="en+f3")
    assert speaking([missing, ENGLISH, third]) == {"en": (ENGLISH, third)}


def test_arabic_gets_its_vowel_marks_before_espeak_says_it():
    assert prepared("كتب", "espeak", "ar") != "كتب"
    assert preparation("espeak", "ar").startswith("piper-tts ")


def test_sorani_is_written_in_latin_letters_before_espeak_says_it():
    assert prepared("نان", "espeak", "ckb") == "nan"


def test_sorani_letters_that_espeak_would_call_by_their_names_become_those_that_sound_nearest():
    assert prepared("حەوت کاغەز", "espeak", "ckb") == "hewt kaxez"  # not ḧewt kaẍez


def test_a_sorani_word_is_said_and_not_spelled():
    voice = Voice("ckb", "espeak", "ku+f2", 140)
    spoken_as = [
        engine("espeak").speak(prepared(word, "espeak", "ckb"), voice, slow=False) for word in ("حەوت", "هەوت")
    ]
    assert len(spoken_as[0].pcm) == len(spoken_as[1].pcm)  # the same word, its first letter written otherwise


def test_other_words_are_left_as_they_are():
    assert (prepared("Meal", "espeak", "en"), preparation("espeak", "en")) == ("Meal", "")
