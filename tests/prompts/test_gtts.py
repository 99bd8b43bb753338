"""gTTS against a server of our own, which answers, is slow, answers garbage or refuses."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from ivr.prompts.build import build
from ivr.prompts.engines import SynthesisFailed, engine
from ivr.prompts.engines import gtts as ours
from ivr.prompts.manifest import Voice
from ivr.prompts.release import open_current
from tests.asterisk_fixture import free_port
from tests.prompts import recordings, spoken

ENGLISH = Voice("en", "gtts", "en", 140)
SENTENCE = spoken.LINE[0].speech


class Far:
    """The server at the other end: `answers` are what it does to one request after another, the last one again."""

    def __init__(self, mp3: bytes) -> None:
        self.mp3 = mp3
        self.answers = ["speaks"]
        self.asked: list[str] = []
        self.stopped = threading.Event()
        far = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                far.asked.append(unquote(self.rfile.read(int(self.headers["content-length"])).decode()))
                answer = far.answers.pop(0) if len(far.answers) > 1 else far.answers[0]
                if answer == "is silent":
                    far.stopped.wait(60)
                    return
                self.send_response(429 if answer == "refuses" else 200)
                self.end_headers()
                for _ in range(200 if answer == "drips" else 0):
                    far.stopped.wait(0.1)
                    self.wfile.write(b" ")
                self.wfile.write(far.body(answer))

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def body(self, answer: str) -> bytes:
        sound = {"speaks": self.mp3, "sends no sound": b"no sound at all"}.get(answer)
        if sound is not None:
            return b'[["wrb.fr","jQ1olc","[\\"' + base64.b64encode(sound) + b'\\"]",null]]'
        return {"answers garbage": b"<html>\xff\xfe</html>", "answers half": b'jQ1olc","[\\"x\\"]'}.get(answer, b"")


@pytest.fixture(scope="module")
def mp3(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("far")
    made = recordings.converted(recordings.wav(folder / "said.wav"), folder / "said.mp3", recordings.FORMS["mp3"])
    return made.read_bytes()


@pytest.fixture
def far(mp3, monkeypatch) -> Iterator[Far]:
    """Return the far end, asked by a gTTS that has not been asked before and has little patience."""
    there = Far(mp3)
    threading.Thread(target=there.server.serve_forever, daemon=True).start()
    monkeypatch.setattr("gtts.tts._translate_url", lambda **_: there.address)
    monkeypatch.setattr(ours, "TIMEOUT", (5.0, 0.5))
    monkeypatch.setattr(ours, "PAUSE", 0.0)
    monkeypatch.setattr(ours, "APART", 0.0)
    yield there
    there.stopped.set()
    there.server.shutdown()
    there.server.server_close()


def test_it_says_the_words_in_the_language(far):
    heard = ours.Online().speak(SENTENCE, ENGLISH, slow=False)
    assert len(heard.pcm) / 2 / heard.rate == pytest.approx(len(recordings.speech().pcm) / 2 / 22050, abs=0.2)
    (asked,) = far.asked
    assert SENTENCE in asked
    assert r"\"en\"" in asked


def test_what_people_write_down_is_asked_for_slowly(far):
    for slow in (False, True):
        ours.Online().speak(SENTENCE, ENGLISH, slow=slow)
    quick, slowly = far.asked
    assert quick != slowly


@pytest.mark.parametrize("at_first", ["is silent", "refuses", "answers garbage"])
def test_a_request_that_failed_is_made_once_more(far, at_first):
    far.answers = [at_first, "speaks"]
    assert ours.Online().speak(SENTENCE, ENGLISH, slow=False).pcm


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("is silent", "cannot be reached or does not answer rightly"),
        ("refuses", "429"),
        ("answers garbage", "does not answer rightly|no sound"),
        ("answers half", "does not answer rightly"),
        ("sends no sound", "no sound"),
        ("answers nothing", "no sound"),
    ],
)
def test_an_outage_is_one_sentence_and_ends_the_asking_for_a_while(far, answer, sentence):
    far.answers, gtts = [answer], ours.Online()
    for _ in range(3):
        with pytest.raises(SynthesisFailed, match=sentence):
            gtts.speak(SENTENCE, ENGLISH, slow=False)
    assert len(far.asked) == ours.ATTEMPTS


def test_an_answer_that_comes_drop_by_drop_is_an_outage(far, monkeypatch):
    monkeypatch.setattr(ours, "WHOLE", 1.0)
    monkeypatch.setattr(far.server, "handle_error", lambda *_: None)
    far.answers, began = ["drips"], time.monotonic()
    with pytest.raises(SynthesisFailed, match="cannot be reached or does not answer rightly"):
        ours.Online().speak(SENTENCE, ENGLISH, slow=False)
    assert time.monotonic() - began < 40
    assert len(far.asked) == ours.ATTEMPTS


def test_after_a_while_it_is_asked_again(far, monkeypatch):
    monkeypatch.setattr(ours, "OUT", 0.0)
    far.answers, gtts = [*["refuses"] * ours.ATTEMPTS, "speaks"], ours.Online()
    with pytest.raises(SynthesisFailed):
        gtts.speak(SENTENCE, ENGLISH, slow=False)
    assert gtts.speak(SENTENCE, ENGLISH, slow=False).pcm


def test_requests_are_a_while_apart(far, monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(ours, "APART", 5.0)
    monkeypatch.setattr(ours.time, "sleep", slept.append)
    for _ in range(2):
        ours.Online().speak(SENTENCE, ENGLISH, slow=False)
    assert slept[-1] > 1


def test_a_server_whose_certificate_nobody_knows_is_not_believed(far, monkeypatch, tmp_path):
    import ssl
    import subprocess

    pair = ["-keyout", tmp_path / "key", "-out", tmp_path / "certificate"]
    options = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(["openssl", *options.split(), *pair], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    far.server.socket = context.wrap_socket(far.server.socket, server_side=True)
    monkeypatch.setattr(far, "address", far.address.replace("http:", "https:"))
    monkeypatch.setattr(far.server, "handle_error", lambda *_: None)
    with pytest.raises(SynthesisFailed, match="cannot be reached"):
        ours.Online().speak(SENTENCE, ENGLISH, slow=False)
    assert far.asked == []


@pytest.mark.parametrize("name", ["fa", "ps", "ckb", "ti", ""])
def test_languages_that_it_does_not_know_are_left_to_others(name):
    assert not engine("gtts").can_speak(Voice("xx", "gtts", name, 140))


def test_an_outage_in_a_build_falls_back_and_is_named(built, monkeypatch):
    nobody = f"http://127.0.0.1:{free_port()}"
    for variable in ("http_proxy", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, nobody)
    summary = build(spoken.LINE, [ENGLISH, *spoken.VOICES], "{}", built)
    named = {(one.language, one.id, one.instead_of, one.engine) for one in summary.fallbacks}
    assert named == {("en", "meals.evening", "gtts", "espeak"), ("en", "goodbye", "gtts", "espeak")}
    assert all("cannot be reached" in one.why for one in summary.fallbacks)
    assert (summary.failed, summary.published) == ((), True)
    with open_current(built) as current:
        told = json.loads((current.path / "manifest.json").read_bytes())["clips"]
    assert {(clip["language"], clip["engine"], clip["instead_of"]) for clip in told} == {
        ("en", "espeak", "gtts"),
        ("fr", "espeak", ""),
    }
