import json
from collections import defaultdict
from dataclasses import replace

import pytest

from ivr.prompts.manifest import (
    Clip,
    Failure,
    Manifest,
    ManifestBroken,
    Take,
    Utterance,
    Voice,
    Wanted,
    read,
    unspoken,
    wanted,
    written,
)

MEAL = Utterance("en", "meals.evening", "Meal at OFPRA.", "Meal at off-pra.")
VOICE = Voice("en", "espeak", "en+f2", 140)


def the_one(said=MEAL, voice=VOICE, takes=None, version="1", formats=("alaw",)) -> Wanted | Failure:
    voices = {"en": [voice]} if voice else {}
    (only,) = wanted([said], voices, takes or {}, defaultdict(lambda: version), formats)
    return only if isinstance(only, Failure) else only[0]


def digest(**changes) -> str:
    return the_one(**changes).digest


@pytest.mark.parametrize(
    "change",
    [
        {"said": replace(MEAL, speech="Meal at offpra.")},
        {"said": replace(MEAL, slow=True)},
        {"voice": replace(VOICE, name="en+f3")},
        {"voice": replace(VOICE, speed=150)},
        {"voice": replace(VOICE, engine="piper")},
        {"version": "2"},
        {"formats": ("alaw", "g722")},
    ],
    ids=["speech", "slow", "voice", "speed", "engine", "version", "formats"],
)
def test_whatever_changes_the_sound_changes_the_digest(change):
    assert digest(**change) != digest()


def test_a_text_that_is_spoken_alike_keeps_the_digest():
    assert digest(said=replace(MEAL, text="Meal at Ofpra.")) == digest()


def test_the_same_words_under_another_id_share_one_clip():
    assert digest(said=replace(MEAL, id="meals.noon")) == digest()


def test_a_take_wins_over_the_engine():
    take = Take("en/meals.evening.wav", "abc")
    clip = the_one(takes={("en", "meals.evening"): take})
    assert (clip.engine, clip.take, clip.voice) == ("take", take, None)


def test_a_take_recorded_anew_changes_the_digest():
    takes = [{("en", "meals.evening"): Take("x.wav", sha)} for sha in ("a", "b")]
    assert digest(takes=takes[0]) != digest(takes=takes[1])


def choice(**options) -> list[str]:
    """Return the engines that may speak the meal, the best first, where two have a voice."""
    voices = {"en": [replace(VOICE, engine="piper"), VOICE]}
    (only,) = wanted([MEAL], voices, options.pop("takes", {}), defaultdict(str), ("alaw",), **options)
    return [one.engine for one in only]


def test_a_take_speaks_before_all_engines_and_they_in_their_order():
    assert choice() == ["piper", "espeak"]
    assert choice(takes={("en", MEAL.id): Take("x.wav", "a")}) == ["take", "piper", "espeak"]


def test_an_engine_that_is_pinned_to_a_clip_speaks_before_the_others_of_that_clip_alone():
    assert choice(pins={("en", MEAL.id): "espeak"}) == ["espeak", "piper"]
    assert choice(pins={("en", "goodbye"): "espeak", ("fr", MEAL.id): "espeak"}) == ["piper", "espeak"]


def test_the_folder_of_a_fetched_voice_decides_no_sound():
    assert digest(voice=replace(VOICE, folder="/elsewhere")) == digest()


def test_without_voice_and_take_a_clip_fails_and_says_what_to_do():
    assert str(the_one(voice=None)).startswith("en meals.evening: no voice here speaks the language: record a take")


def test_a_language_is_ready_when_every_clip_has_a_voice_or_a_take():
    pashto = replace(MEAL, language="ps")
    assert unspoken([MEAL, pashto], {"en": [VOICE]}, {}) == {"ps"}
    assert not unspoken([MEAL, pashto], {"en": [VOICE]}, {("ps", MEAL.id): Take("x.wav", "a")})


CLIP = Clip("a", "en", "A", 1.5, "espeak", {"alaw": "en/a.alaw"}, "d", 11.0, {"alaw": 12000}, {"alaw": "f"})
MANIFEST = Manifest("000001-x", (CLIP,), "e")


def test_a_manifest_read_again_is_the_same():
    assert read(written(MANIFEST)) == MANIFEST


def test_the_manifest_keeps_the_form_that_other_tools_rely_on():
    told = json.loads(written(MANIFEST))
    promised = ("id", "language", "text", "seconds", "engine", "files")
    assert told["release"] == "000001-x"
    assert {key: told["clips"][0][key] for key in promised} == {
        "id": "a",
        "language": "en",
        "text": "A",
        "seconds": 1.5,
        "engine": "espeak",
        "files": {"alaw": "en/a.alaw"},
    }


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"\xff", b'{"release": 1, "clips": 2, "line": 3}'])
def test_a_broken_manifest_is_told_in_a_sentence(text):
    with pytest.raises(ManifestBroken, match="build again"):
        read(text)


@pytest.mark.parametrize("change", [{"line": "f"}, {"clips": ()}])
def test_another_line_or_other_clips_do_not_sound_the_same(change):
    assert not MANIFEST.same_sound(replace(MANIFEST, **change))


def test_a_release_under_another_name_sounds_the_same():
    assert MANIFEST.same_sound(replace(MANIFEST, release="000002-y"))
