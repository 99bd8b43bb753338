"""What people record on their phones becomes a take that callers can hear."""

import json

import numpy as np
import pytest

from ivr.prompts import bring as bringing
from ivr.prompts.bring import TakeRefused, bring
from ivr.prompts.engines import Speech
from ivr.prompts.sound import TARGET, linear
from ivr.prompts.takes import recorded_speech, takes_in
from tests.prompts.recordings import FORMS, SAID, converted, from_an_old_phone, speech, wav

KEY = (SAID.language, SAID.id)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return wav(tmp_path_factory.mktemp("source") / "sentence.wav")


@pytest.mark.parametrize("shape", ["-ar 48000 -ac 2", "-ar 16000 -ac 1"], ids=["stereo", "mono"])
@pytest.mark.parametrize("form", FORMS)
def test_a_take_in_each_form_is_kept_with_its_words_and_its_original(source, tmp_path, form, shape):
    file = converted(source, tmp_path / f"voice note.{form}", f"{shape} {FORMS[form]}")
    brought = bring(file, SAID, tmp_path / "recorded")
    assert takes_in(tmp_path / "recorded") == {KEY: (brought.take,)}
    assert brought.take.words == SAID.text
    assert recorded_speech(brought.take).rate == 16000
    assert (tmp_path / "recorded/en/originals" / f"{SAID.id}.{form}").read_bytes() == file.read_bytes()
    assert brought.after.loudness == pytest.approx(TARGET, abs=1)
    assert brought.after.peak <= -1.5
    assert brought.before.seconds == pytest.approx(len(speech().pcm) / 2 / speech().rate, abs=0.2)


def test_a_take_from_an_old_phone_is_kept(source, tmp_path):
    file = from_an_old_phone(source, tmp_path / "voice.3gp")
    assert bring(file, SAID, tmp_path / "recorded").after.loudness == pytest.approx(TARGET, abs=1)


def test_a_voice_note_of_a_messenger_is_kept(source, tmp_path):
    file = converted(source, tmp_path / "note.ogg", FORMS["opus"])
    assert bring(file, SAID, tmp_path / "recorded").after.loudness == pytest.approx(TARGET, abs=1)


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 96000])
def test_a_recording_may_have_any_rate(source, tmp_path, rate):
    file = converted(source, tmp_path / "a.wav", f"-ar {rate}")
    assert bring(file, SAID, tmp_path / "recorded").after.loudness == pytest.approx(TARGET, abs=1)


@pytest.mark.parametrize("depth", ["pcm_u8", "pcm_s24le", "pcm_s32le"])
def test_a_recording_may_have_any_depth(source, tmp_path, depth):
    file = converted(source, tmp_path / "a.wav", f"-c:a {depth}")
    assert bring(file, SAID, tmp_path / "recorded").after.loudness == pytest.approx(TARGET, abs=1)


def test_channels_that_would_put_each_other_out_are_heard_all_the_same(source, tmp_path):
    file = converted(source, tmp_path / "a.wav", "-af pan=stereo|c0=c0|c1=-1*c0")
    assert bring(file, SAID, tmp_path / "recorded").before.loudness > -40


def noisy(level: float) -> Speech:
    """Return the sentence between two pauses, in a room that hisses."""
    heard = speech()
    samples = np.frombuffer(heard.pcm, np.int16) / np.float32(32768)
    room = level * np.random.default_rng(5).standard_normal(samples.size + 2 * heard.rate)
    room[heard.rate : heard.rate + samples.size] += samples
    return Speech(linear(room.astype(np.float32)).tobytes(), heard.rate)


def test_the_noise_of_a_room_is_softened_and_the_voice_stays(source, tmp_path):
    heard = noisy(0.005)
    clean = bring(wav(tmp_path / "noisy.wav", heard), SAID, tmp_path / "recorded")
    after = np.frombuffer(recorded_speech(clean.take).pcm, np.int16).astype(float)
    before = np.frombuffer(heard.pcm, np.int16).astype(float)
    hiss = np.std(after[4000:12000]) / np.std(before[4000:16000])
    voice = np.std(after[16000:-16000]) / np.std(before[heard.rate : -heard.rate])
    assert 20 * np.log10(hiss / voice) < -6


def test_a_take_brought_again_sets_the_one_before_aside(source, tmp_path):
    first = bring(source, SAID, tmp_path / "recorded")
    second = bring(wav(tmp_path / "b.wav", noisy(0.001)), SAID, tmp_path / "recorded")
    assert takes_in(tmp_path / "recorded")[KEY] == (second.take,)
    (kept,) = (tmp_path / "recorded/en/set-aside").glob("*.wav")
    assert first.take.sha256.startswith(kept.stem.rpartition("-")[2])
    assert json.loads(kept.with_suffix(".json").read_text())["words"] == SAID.text


def test_no_original_is_ever_deleted(source, tmp_path):
    files = [source, wav(tmp_path / "b.wav", noisy(0.001)), converted(source, tmp_path / "c.mp3", "")]
    for file in files:
        bring(file, SAID, tmp_path / "recorded")
    originals = tmp_path / "recorded/en/originals"
    assert (originals / f"{SAID.id}.mp3").read_bytes() == files[-1].read_bytes()
    kept = {path.read_bytes() for path in originals.rglob("*") if path.is_file()}
    assert kept == {file.read_bytes() for file in files}


def refused(file, tmp_path) -> str:
    with pytest.raises(TakeRefused) as why:
        bring(file, SAID, tmp_path / "recorded")
    assert not (tmp_path / "recorded").exists()
    return str(why.value)


def test_silence_is_refused(tmp_path):
    file = wav(tmp_path / "a.wav", Speech(bytes(64000), 16000))
    assert "a.wav: There is nothing to hear" in refused(file, tmp_path)


def test_a_clipped_recording_is_refused(tmp_path):
    heard = speech()
    loud = (np.frombuffer(heard.pcm, np.int16).astype(np.int32) * 30).clip(-32768, 32767).astype(np.int16)
    assert "clipped" in refused(wav(tmp_path / "a.wav", Speech(loud.tobytes(), heard.rate)), tmp_path)


def test_a_recording_of_other_words_is_refused_where_its_pace_shows_it(tmp_path):
    heard = speech()
    short = Speech(heard.pcm[: len(heard.pcm) // 6 * 2], heard.rate)
    assert "letters a second" in refused(wav(tmp_path / "a.wav", short), tmp_path)


def test_a_recording_that_is_too_long_is_refused(source, tmp_path, monkeypatch):
    monkeypatch.setattr(bringing, "LONGEST", 1)
    assert "a clip has 1 to 1" in refused(source, tmp_path)


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.m4a", "a"])
@pytest.mark.parametrize("octets", [b"", b"RIFF", b"no sound at all" * 100])
def test_what_is_no_sound_is_refused_with_what_to_do(tmp_path, name, octets):
    (tmp_path / name).write_bytes(octets)
    assert "save it again" in refused(tmp_path / name, tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "There is no file" in refused(tmp_path / "a.wav", tmp_path)


def test_without_ffmpeg_wav_is_taken_and_others_say_what_to_install(source, tmp_path, monkeypatch):
    compressed = converted(source, tmp_path / "a.mp3", FORMS["mp3"])
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert "apt-get install ffmpeg" in refused(compressed, tmp_path)
    assert bring(source, SAID, tmp_path / "recorded").take
