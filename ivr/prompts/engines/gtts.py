"""gTTS, online: it sends the words to Google, so somebody has to allow it. An outage costs a build seconds."""

import fcntl
import io
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ivr.prompts.engines import Speech, SynthesisFailed
from ivr.prompts.manifest import Voice

LANGUAGES = frozenset({"en", "fr", "ar", "am", "vi", "sq"})  # of ours, those that it speaks
TIMEOUT = (5.0, 10.0)  # seconds to connect, and between two pieces of an answer
WHOLE = 30.0  # seconds for a whole answer: one that comes drop by drop is none
ATTEMPTS = 2
PAUSE = 1.0  # seconds before the second attempt
APART = 0.5  # seconds between two requests of all processes: more are refused after a while
OUT = 60.0  # seconds for which an engine that did not answer is not asked again


class Online:
    """The gTTS of this process; after an outage it is left alone for a while."""

    online = True

    def __init__(self) -> None:
        self._out_until, self._why = 0.0, ""

    def version(self) -> str:
        """Return the version of the package; what Google changes, nobody tells."""
        return version("gTTS")

    def can_speak(self, voice: Voice) -> bool:
        """Tell whether it speaks the language at all; whether it can be reached shows later."""
        return voice.name in LANGUAGES

    def speak(self, text: str, voice: Voice, *, slow: bool) -> Speech:
        """Return the spoken text at its own rate; raise SynthesisFailed for an outage or a garbled answer."""
        if time.monotonic() < self._out_until:
            raise SynthesisFailed(self._why)
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE)
            try:
                return _decoded(_asked(text, voice.name, slow=slow))
            except SynthesisFailed as failed:
                self._why = str(failed)
        self._out_until = time.monotonic() + OUT
        raise SynthesisFailed(self._why)


def _asked(text: str, language: str, *, slow: bool) -> bytes:
    """Return the MP3 of a text."""
    from gtts import gTTS, tts  # noqa: PLC0415 - slow to import

    tts.requests = _careful(tts.requests)
    mp3 = io.BytesIO()
    try:
        with _at_most(WHOLE):
            gTTS(text, lang=language, slow=slow, lang_check=False, timeout=TIMEOUT).write_to_fp(mp3)
    except (tts.gTTSError, OSError, ValueError, TypeError, AssertionError) as error:
        why = str(error).partition(". Probable")[0] or type(error).__name__
        raise SynthesisFailed(f"gTTS cannot be reached or does not answer rightly ({why}).") from None
    return mp3.getvalue()


def _careful(requests: Any) -> Any:  # noqa: ANN401 - it carries no types
    """Return what gTTS uses of `requests`, so that each request waits for its turn and knows its server.

    gTTS itself does not look at the server's certificate: whoever sits between could put words into the
    line's mouth.
    """
    if isinstance(requests, SimpleNamespace):
        return requests

    class Session(requests.Session):  # type: ignore[misc]
        def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401
            with _turn():
                return super().send(request, **{**options, "verify": True})

    return SimpleNamespace(
        Session=Session, Request=requests.Request, exceptions=requests.exceptions, packages=requests.packages
    )


def _decoded(mp3: bytes) -> Speech:
    from pydub import AudioSegment  # noqa: PLC0415 - only where a clip is made
    from pydub.exceptions import CouldntDecodeError  # noqa: PLC0415 - likewise

    try:
        segment = AudioSegment.from_file(io.BytesIO(mp3), "mp3").set_channels(1).set_sample_width(2)
    except FileNotFoundError:
        raise SynthesisFailed("gTTS answers in MP3, which needs ffmpeg: apt-get install ffmpeg.") from None
    except (CouldntDecodeError, LookupError, ValueError):
        raise SynthesisFailed("gTTS answered with something that is no sound.") from None
    return Speech(segment.raw_data, segment.frame_rate)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError where something takes longer; the time-outs of sockets only bound the wait for one piece."""

    def late(_number: int, _frame: object) -> None:
        raise TimeoutError(f"more than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn among all processes of this user, so that requests are not refused."""
    place = Path(tempfile.gettempdir()) / f"calais-line-gtts-{os.getuid()}"
    held = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        time.sleep(max(0.0, min(APART, os.fstat(held).st_mtime + APART - time.time())))
        os.utime(held)
        fcntl.flock(held, fcntl.LOCK_UN)
        yield
    finally:
        os.close(held)


ENGINE = Online()
