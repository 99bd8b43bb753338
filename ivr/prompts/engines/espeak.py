"""espeak-ng, offline, through its C API (speak_lib.h): small, quick, and it speaks almost every language."""

import ctypes
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import espeakng_loader

from ivr.prompts.engines import Speech, SynthesisFailed
from ivr.prompts.manifest import Voice

# Names and values of speak_lib.h.
AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_DONT_EXIT = 0x8000
RATE, WORDGAP = 1, 7
POS_CHARACTER = 1
CHARS_UTF8 = 1

SETTINGS = "1"  # part of the version: raise it when the two lines below or `speak` change what is said
SLOWER = 0.8  # of the voice's speed, for what people write down
SLOW_GAP = 8  # between the words of such a clip, in units of 10 ms at the normal speed

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """The one espeak of this process: its C library keeps global state, so one process a core speaks."""

    online = False

    def version(self) -> str:
        """Return the version of the package that brings the library, and of our settings."""
        return f"{version('espeakng-loader')}-{SETTINGS}"

    def can_speak(self, voice: Voice) -> bool:
        """Tell whether the language and the variant (`+f2`) exist: espeak ignores an unknown variant."""
        _, _, variant = voice.name.partition("+")
        known = not variant or (Path(espeakng_loader.get_data_path()) / "voices" / "!v" / variant).is_file()
        return known and self._library.espeak_SetVoiceByName(voice.name.encode()) == 0

    def speak(self, text: str, voice: Voice, *, slow: bool) -> Speech:
        """Return the spoken text at 22,050 Hertz."""
        if not self.can_speak(voice):
            raise SynthesisFailed(f"espeak-ng has no voice {voice.name!r}: name another in languages.yaml.")
        self._library.espeak_SetParameter(RATE, round(voice.speed * (SLOWER if slow else 1)), 0)
        self._library.espeak_SetParameter(WORDGAP, SLOW_GAP if slow else 0, 0)
        return Speech(self._spoken(text.encode()), self._rate)

    def _spoken(self, text: bytes) -> bytes:
        self._heard = bytearray()
        size = len(text) + 1  # with the NUL that ends it
        failed = self._library.espeak_Synth(text, size, 0, POS_CHARACTER, 0, CHARS_UTF8, None, None)
        if failed or not self._heard:
            raise SynthesisFailed("espeak-ng said nothing for these words: see that they can be spoken.")
        return bytes(self._heard)

    @cached_property
    def _library(self) -> ctypes.CDLL:
        library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = espeakng_loader.get_data_path().encode()
        self._rate = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, folder, INITIALIZE_DONT_EXIT)
        if self._rate <= 0:
            raise SynthesisFailed("espeak-ng does not start: install the package espeakng-loader again.")
        self._keep = _Callback(self._hear)  # the library holds only its address
        library.espeak_SetSynthCallback(self._keep)
        return library

    def _hear(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, count * ctypes.sizeof(ctypes.c_short))
        return 0  # go on


ENGINE = Espeak()
