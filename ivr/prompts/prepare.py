"""What an engine needs done to the words of a language before it can say them right."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version

STEPS = "1"  # part of what `preparation` returns: raise it when a step below changes what is said
_SPELLED_OUT = str.maketrans("ḧẍ", "hx")  # espeak's Kurdish voice says the names of these two Sorani letters


def _with_vowels() -> Callable[[str], str]:
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - slow to import, for Arabic only
    from piper.tashkeel import TASHKEEL_DIR, TashkeelDiacritizer  # noqa: PLC0415 - likewise

    one_thread = SessionOptions()
    one_thread.intra_op_num_threads = 1  # a process a core makes clips already: more threads only take turns
    diacritizer = TashkeelDiacritizer()
    diacritizer.session = InferenceSession(TASHKEEL_DIR / "model.onnx", one_thread)
    return lambda text: str(diacritizer(text))


def _in_latin() -> Callable[[str], str]:
    from asosoft import Ar2La  # noqa: PLC0415 - for Sorani clips only

    return lambda text: str(Ar2La(text)).translate(_SPELLED_OUT)


# engine, language -> the package that does it (its version is part of a clip's digest), and how
_STEPS: dict[tuple[str, str], tuple[str, Callable[[], Callable[[str], str]]]] = {
    ("espeak", "ar"): ("piper-tts", _with_vowels),  # without vowel marks Arabic is mispronounced throughout
    ("espeak", "ckb"): ("asosoft", _in_latin),  # espeak's Kurdish voice reads Latin letters
}


@cache
def _step(engine: str, language: str) -> Callable[[str], str]:
    return _STEPS[engine, language][1]()


def preparation(engine: str, language: str) -> str:
    """Return the name and version of what prepares these words, and of our steps, or nothing; quick."""
    if (engine, language) not in _STEPS:
        return ""
    package = _STEPS[engine, language][0]
    return f"{package} {version(package)}-{STEPS}"


def prepared(text: str, engine: str, language: str) -> str:
    """Return the words as that engine must get them; slow the first time."""
    return _step(engine, language)(text) if (engine, language) in _STEPS else text
