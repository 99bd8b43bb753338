import wave

import pytest

from ivr.prompts.engines import SynthesisFailed
from ivr.prompts.takes import recorded_speech, takes_in


def save(path, *, channels=1, width=2, samples=b"\1\0" * 100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(16000)
        file.writeframes(samples)


def test_takes_are_found_by_language_and_clip(tmp_path):
    save(tmp_path / "en" / "meals.evening.wav")
    assert set(takes_in(tmp_path)) == {("en", "meals.evening")}


def test_there_may_be_no_takes_at_all(tmp_path):
    assert takes_in(tmp_path / "recorded") == {}


def test_a_take_recorded_anew_has_another_digest(tmp_path):
    path = tmp_path / "en" / "a.wav"
    save(path)
    first = takes_in(tmp_path)["en", "a"]
    save(path, samples=b"\2\0" * 100)
    assert takes_in(tmp_path)["en", "a"].sha256 != first.sha256


def test_a_take_is_read_as_it_was_recorded(tmp_path):
    save(tmp_path / "en" / "a.wav")
    speech = recorded_speech(takes_in(tmp_path)["en", "a"])
    assert (speech.pcm, speech.rate) == (b"\1\0" * 100, 16000)


@pytest.mark.parametrize("form", [{"channels": 2}, {"width": 1}])
def test_a_take_in_another_form_is_refused_with_what_to_do(tmp_path, form):
    save(tmp_path / "en" / "a.wav", **form)
    with pytest.raises(SynthesisFailed, match="mono with 16 bits"):
        recorded_speech(takes_in(tmp_path)["en", "a"])


@pytest.mark.parametrize("octets", [b"", b"RIFF", b"no sound at all"])
def test_a_take_that_is_no_sound_is_refused_with_what_to_do(tmp_path, octets):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.wav").write_bytes(octets)
    with pytest.raises(SynthesisFailed, match="save it again"):
        recorded_speech(takes_in(tmp_path)["en", "a"])
