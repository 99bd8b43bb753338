"""What the tests let the line say."""

from ivr.prompts.manifest import Utterance, Voice

VOICES = (Voice("en", "espeak", "en+f2", 140), Voice("fr", "espeak", "fr+f2", 140))


def said(language: str, clip: str, words: str, *, slow: bool = False) -> Utterance:
    return Utterance(language, clip, words, words, slow)


LINE = (
    said("en", "meals.evening", "A hot meal is served every day at six in the evening."),
    said("en", "goodbye", "Goodbye, and take care."),
    said("fr", "meals.evening", "Un repas chaud est servi tous les jours à dix-huit heures."),
    said("fr", "goodbye", "Au revoir, et prenez soin de vous."),
)
CHANGED = (said("en", "meals.evening", "A hot meal is served every day at seven."), *LINE[1:])
