import wave

import pytest

from ivr.prompts.engines import SynthesisFailed
from ivr.prompts.takes import adopt, keep, missing, recorded_speech, set_aside, sort, takes_in
from tests.prompts.spoken import CHANGED, LINE

MEAL = LINE[0]
KEY = (MEAL.language, MEAL.id)


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
    (first,) = takes_in(tmp_path)["en", "a"]
    save(path, samples=b"\2\0" * 100)
    assert takes_in(tmp_path)["en", "a"][0].sha256 != first.sha256


def test_a_take_is_read_as_it_was_recorded(tmp_path):
    save(tmp_path / "en" / "a.wav")
    speech = recorded_speech(takes_in(tmp_path)["en", "a"][0])
    assert (speech.pcm, speech.rate) == (b"\1\0" * 100, 16000)


@pytest.mark.parametrize("form", [{"channels": 2}, {"width": 1}])
def test_a_take_in_another_form_is_refused_with_what_to_do(tmp_path, form):
    save(tmp_path / "en" / "a.wav", **form)
    with pytest.raises(SynthesisFailed, match="mono with 16 bits"):
        recorded_speech(takes_in(tmp_path)["en", "a"][0])


@pytest.mark.parametrize("octets", [b"", b"RIFF", b"no sound at all"])
def test_a_take_that_is_no_sound_is_refused_with_what_to_do(tmp_path, octets):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.wav").write_bytes(octets)
    with pytest.raises(SynthesisFailed, match="save it again"):
        recorded_speech(takes_in(tmp_path)["en", "a"][0])


def octets(tmp_path, samples=b"\1\0" * 100) -> bytes:
    save(tmp_path / "made.wav", samples=samples)
    return (tmp_path / "made.wav").read_bytes()


def test_a_take_speaks_while_its_words_are_those_of_the_line(tmp_path):
    take = keep(tmp_path / "takes", MEAL, octets(tmp_path))
    found = sort(LINE, takes_in(tmp_path / "takes"))
    assert (found.speaking, found.aside) == ({KEY: take}, {})


def test_a_take_whose_words_changed_is_set_aside_and_speaks_again_when_they_change_back(tmp_path):
    take = keep(tmp_path / "takes", MEAL, octets(tmp_path))
    changed = sort(CHANGED, takes_in(tmp_path / "takes"))
    assert (changed.speaking, changed.aside) == ({}, {KEY: take})
    assert sort(LINE, takes_in(tmp_path / "takes")).speaking == {KEY: take}


def test_a_clip_whose_take_is_set_aside_is_on_the_sheet_again(tmp_path):
    keep(tmp_path / "takes", MEAL, octets(tmp_path))
    assert missing(LINE, takes_in(tmp_path / "takes")) == list(LINE[1:])
    assert missing(CHANGED, takes_in(tmp_path / "takes")) == list(CHANGED)


def test_a_take_put_there_by_hand_belongs_to_the_words_that_it_spoke_first(tmp_path):
    save(tmp_path / "en" / "meals.evening.wav")
    adopt(LINE, sort(LINE, takes_in(tmp_path)).speaking)
    assert sort(CHANGED, takes_in(tmp_path)).speaking == {}
    assert sort(LINE, takes_in(tmp_path)).speaking[KEY].words == MEAL.text


def test_a_take_replaced_by_hand_belongs_to_the_words_of_today(tmp_path):
    keep(tmp_path, MEAL, octets(tmp_path))
    save(tmp_path / "en" / "meals.evening.wav", samples=b"\2\0" * 100)
    assert KEY in sort(CHANGED, takes_in(tmp_path)).speaking


def test_the_first_folder_whose_take_says_the_words_wins(tmp_path):
    old = keep(tmp_path / "by-phone", CHANGED[0], octets(tmp_path))
    new = keep(tmp_path / "recorded", MEAL, octets(tmp_path, b"\3\0" * 100))
    found = takes_in(tmp_path / "by-phone", tmp_path / "recorded")
    assert found[KEY] == (old, new)
    assert sort(LINE, found).speaking == {KEY: new}
    assert sort(CHANGED, found).speaking == {KEY: old}


def test_takes_of_languages_that_are_not_asked_about_are_not_said_to_be_old(tmp_path):
    save(tmp_path / "ps" / "goodbye.wav")
    assert sort(LINE, takes_in(tmp_path)).aside == {}


def test_a_take_that_is_set_aside_is_kept_but_found_no_more(tmp_path):
    take = keep(tmp_path / "takes", MEAL, octets(tmp_path))
    kept = set_aside(tmp_path / "takes/en/meals.evening.wav")
    assert kept.is_file()
    assert kept.with_suffix(".json").is_file()
    assert takes_in(tmp_path / "takes") == {}
    assert take.sha256.startswith(kept.stem.rpartition("-")[2])


def test_where_there_is_no_take_nothing_is_set_aside(tmp_path):
    assert set_aside(tmp_path / "en/meals.evening.wav") is None
