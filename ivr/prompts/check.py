"""What a clip must be before a caller hears it: loud enough, not clipped, at a pace that fits its words."""

import unicodedata

import numpy as np

from ivr.prompts.codecs import NARROW, from_alaw
from ivr.prompts.engines import Speech
from ivr.prompts.loudness import SHORTEST, loudness, true_peak
from ivr.prompts.sound import TARGET, Sound, SoundRefused, as_samples

LOUDNESS_ERROR = 1.0  # dB
PEAK = -1.5  # dB true peak after coding
CLIPPED = 0.001  # of all samples at full scale: more is audible
PACE = (5.0, 28.0)  # letters a second; an engine that spells says two to four
PACE_SLOW = (2.5, 28.0)  # the same for what people write down
ENOUGH_LETTERS = 12  # of fewer, the pace says nothing
DIGIT = 4.0  # letters that a digit, said as a word, stands for
SCRIPTS = (  # first and last letter, and how many letters of an alphabet one of them stands for
    ("\u0600", "\u06ff", 1.4),  # Arabic leaves out most vowels
    ("\u1200", "\u137f", 2.0),  # Ethiopic writes whole syllables
)


def check(speech: Speech, sound: Sound, alaw: bytes, words: str, *, slow: bool) -> None:
    """Raise SoundRefused for a clip that callers must not hear; `alaw` is the sound as coded."""
    _not_clipped(speech)
    _level(alaw)
    _pace(letters(words), sound.speech, PACE_SLOW if slow else PACE)


def letters(words: str) -> float:
    """Return how many letters of an alphabet it takes to say the words."""
    return sum(_weight(sign) for sign in words)


def _weight(sign: str) -> float:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return DIGIT
    if not kind.startswith("L"):
        return 0.0
    return next((weight for first, last, weight in SCRIPTS if first <= sign <= last), 1.0)


def _not_clipped(speech: Speech) -> None:
    samples = np.frombuffer(speech.pcm, np.int16).astype(np.int32)
    if np.mean(np.abs(samples) >= 32767) > CLIPPED:  # noqa: PLR2004 - full scale
        raise SoundRefused("It is clipped: record it again, further from the microphone or with less gain.")


def _level(alaw: bytes) -> None:
    heard = as_samples(from_alaw(alaw))
    if (peak := true_peak(heard, NARROW)) > PEAK:
        raise SoundRefused(f"Its peaks reach {peak:.1f} dB, more than {PEAK}: record or synthesise it again.")
    if heard.size >= SHORTEST * NARROW and abs((level := loudness(heard, NARROW)) - TARGET) > LOUDNESS_ERROR:
        raise SoundRefused(f"It is {level:.1f} LUFS loud, not {TARGET:.0f}: it has bangs or gaps; record it again.")


def _pace(said: float, seconds: float, pace: tuple[float, float]) -> None:
    if said < ENOUGH_LETTERS:
        return
    if not pace[0] <= said / seconds <= pace[1]:
        raise SoundRefused(
            f"{said / seconds:.1f} letters a second do not fit its words (people say "
            f"{pace[0]:.0f} to {pace[1]:.0f}): the voice spells or skips; see the words, or record a take."
        )
