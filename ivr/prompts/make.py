"""One clip from its words or its take to the shelf; slow to import, so only the workers do."""

from pathlib import Path

from ivr.prompts import clips
from ivr.prompts.check import check, letters
from ivr.prompts.codecs import CODERS, NARROW
from ivr.prompts.engines import Speech, engine
from ivr.prompts.manifest import Wanted
from ivr.prompts.prepare import prepared
from ivr.prompts.sound import SoundRefused, linear, phone_sound
from ivr.prompts.takes import recorded_speech


def make(wanted: Wanted, shelf: Path) -> None:
    """Make and keep a clip; raise SynthesisFailed, SoundRefused or OSError."""
    said, speech = wanted.utterance, _speech(wanted)
    sound = phone_sound(speech)
    samples = {rate: linear(band) for rate, band in sound.bands.items()}
    coded = {form: CODERS[form][0](samples[CODERS[form][1]]) for form in clips.FORMATS}
    unhurried = said.slow or wanted.take is not None
    try:
        check(speech, sound, coded["alaw"], said.speech, slow=unhurried)
    except SoundRefused as refused:
        clips.refuse(shelf, wanted.digest, str(refused))
        raise
    pace = letters(said.speech) / sound.speech
    clips.keep(shelf, wanted.digest, coded, seconds=len(coded["alaw"]) / NARROW, letters_per_second=round(pace, 1))


def _speech(wanted: Wanted) -> Speech:
    if wanted.take:
        return recorded_speech(wanted.take)
    said, voice = wanted.utterance, wanted.voice
    assert voice is not None  # noqa: S101 - a clip without a take has a voice
    words = prepared(said.speech, voice.engine, voice.language)
    return engine(voice.engine).speak(words, voice, slow=said.slow)
