import fcntl
import threading
import wave
from dataclasses import replace

import numpy as np
import pytest

from ivr.prompts.build import build
from ivr.prompts.engines import Speech
from ivr.prompts.manifest import Voice
from ivr.prompts.release import ReleaseBroken, live, open_current, publish
from ivr.prompts.speaking import Fallback, by_reason
from ivr.prompts.takes import keep
from tests.prompts import recordings, spoken


def rebuild(folder, line=spoken.LINE, line_json="{}", **options):
    return build(line, spoken.VOICES, line_json, folder, **options)


def sound(folder, language, clip) -> bytes:
    with open_current(folder) as current:
        return current.sound(language, clip).with_name(f"{clip}.alaw").read_bytes()


def test_a_first_build_makes_every_clip_and_is_live(first_build):
    folder, summary = first_build
    assert (summary.made, summary.kept, summary.failed, summary.published) == (4, 0, (), True)
    assert summary.live == live(folder)


def test_when_nothing_changed_nothing_is_made_and_no_release_begins(built):
    before = live(built)
    summary = rebuild(built)
    assert (summary.made, summary.kept, summary.published, summary.live) == (0, 4, False, before)


def test_only_the_clip_whose_words_changed_is_made_and_heard(built):
    other, changed = sound(built, "fr", "goodbye"), sound(built, "en", "meals.evening")
    summary = rebuild(built, spoken.CHANGED)
    assert (summary.made, summary.kept, summary.published) == (1, 3, True)
    assert sound(built, "fr", "goodbye") == other
    assert sound(built, "en", "meals.evening") != changed


def test_another_menu_with_the_same_clips_is_a_new_release(built):
    summary = rebuild(built, line_json='{"menu": 2}')
    assert (summary.made, summary.published) == (0, True)
    with open_current(built) as current:
        assert current.line_json() == '{"menu": 2}'


def test_a_clip_that_goes_leaves_the_next_release(built):
    rebuild(built, spoken.LINE[1:])
    with open_current(built) as current:
        assert {(clip.language, clip.id) for clip in current.manifest().clips} == {
            ("en", "goodbye"),
            ("fr", "goodbye"),
            ("fr", "meals.evening"),
        }


def test_a_clip_that_fails_is_named_and_leaves_the_old_release_live(built):
    before = live(built)
    summary = rebuild(built, (*spoken.CHANGED, spoken.said("fr", "empty", " ")))
    assert [(failure.language, failure.id) for failure in summary.failed] == [("fr", "empty")]
    assert (summary.made, summary.published, summary.live, live(built)) == (1, False, before, before)


def test_a_language_without_voice_is_named_and_nothing_is_published(built):
    summary = rebuild(built, (*spoken.LINE, spoken.said("ps", "goodbye", "خدای پامان")))
    assert str(summary.failed[0]).startswith("ps goodbye: no voice")
    assert not summary.published


def test_the_clips_that_were_made_before_a_failure_are_kept(built):
    rebuild(built, (*spoken.CHANGED, spoken.said("fr", "empty", " ")))
    assert rebuild(built, spoken.CHANGED).made == 0


def test_a_finished_clip_that_was_spoiled_on_the_disk_is_made_again(built):
    with open_current(built) as current:
        clip = current.manifest().clips[0]
    kept = built / "clips" / clip.digest / "clip.alaw"
    kept.write_bytes(bytes(kept.stat().st_size))
    with pytest.raises(ReleaseBroken, match="has changed"):
        rebuild(built, line_json='{"menu": 2}')
    assert rebuild(built, line_json='{"menu": 2}').made == 1
    assert any(sound(built, clip.language, clip.id))


def test_a_live_release_that_lost_a_file_is_replaced(built):
    with open_current(built) as current:
        current.sound("en", "goodbye").with_name("goodbye.alaw").unlink()
    assert rebuild(built).published
    assert sound(built, "en", "goodbye")


def test_a_human_take_wins_over_the_engine(built):
    with open_current(built) as current:
        spoken_by_engine = current.sound("en", "goodbye").with_name("goodbye.alaw").read_bytes()
    samples = np.random.default_rng(1).normal(0, 2000, 32000).astype(np.int16)
    (built / "recorded" / "en").mkdir(parents=True)
    with wave.open(str(built / "recorded" / "en" / "goodbye.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    assert rebuild(built).made == 1
    with open_current(built) as current:
        engines = {(clip.language, clip.id): clip.engine for clip in current.manifest().clips}
    assert engines["en", "goodbye"] == "take"
    assert sound(built, "en", "goodbye") != spoken_by_engine


def test_a_take_whose_words_changed_is_reported_and_an_engine_speaks(built):
    keep(built / "recorded", spoken.LINE[0], recordings.wav(built / "said.wav").read_bytes())
    assert rebuild(built).aside == ()
    changed = rebuild(built, spoken.CHANGED)
    assert (changed.aside, changed.published) == ((("en", "meals.evening"),), True)
    with open_current(built) as current:
        assert {clip.engine for clip in current.manifest().clips} == {"espeak"}
    again = rebuild(built)
    assert again.aside == ()
    with open_current(built) as current:
        assert "take" in {clip.engine for clip in current.manifest().clips}


def clipped_take(folder) -> None:
    """Put a take there that no check lets through."""
    speech = np.frombuffer(recordings.speech().pcm, np.int16).astype(np.int32) * 30
    loud = Speech(speech.clip(-32768, 32767).astype(np.int16).tobytes(), recordings.speech().rate)
    recordings.wav(folder / "recorded/en/meals.evening.wav", loud)


def test_a_take_that_fails_its_check_is_named_and_an_engine_speaks(built):
    clipped_take(built)
    for _ in range(2):  # the second build does not even try it again
        summary = rebuild(built)
        (fallback,) = summary.fallbacks
        assert str(fallback).startswith("en/meals.evening: espeak speaks, for take could not. It is clipped")
        assert (summary.made, summary.kept, summary.failed) == (0, 4, ())
    with open_current(built) as current:
        told = {(clip.language, clip.id): (clip.engine, clip.instead_of) for clip in current.manifest().clips}
    assert told["en", "meals.evening"] == ("espeak", "take")
    assert told["fr", "goodbye"] == ("espeak", "")


def test_a_pin_to_a_voice_that_is_not_here_leaves_the_clip_to_the_others(built):
    missing = Voice("en", "piper", "nobody", 140, folder="/nowhere")
    voices = [missing, *spoken.VOICES]
    summary = build(spoken.LINE, voices, "{}", built, pins={("en", "goodbye"): "piper"})
    assert (summary.failed, summary.made, summary.fallbacks) == ((), 0, ())


def test_fallbacks_are_told_once_a_reason():
    several = [Fallback("en", clip, "gtts", "espeak", "It is out.") for clip in ("a", "b", "c")]
    other = Fallback("fr", "a", "gtts", "espeak", "It is out.")
    assert by_reason([*several, other]) == {several[0]: 3, other: 1}


def test_progress_counts_to_the_last_clip(built):
    shown = []
    rebuild(built, spoken.CHANGED, progress=lambda *step: shown.append(step))
    assert shown == [("clips", 0, 1), ("clips", 1, 1)]


def test_a_second_build_says_that_it_waits_and_then_builds(built):
    said = threading.Event()
    with (built / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = []
        second = threading.Thread(target=lambda: done.append(rebuild(built, progress=lambda *_: said.set())))
        second.start()
        assert said.wait(60)
        assert not done
    second.join(60)
    assert done[0].kept == 4


def test_a_voice_that_speaks_faster_is_made_anew(built):
    faster = [replace(voice, speed=160) for voice in spoken.VOICES]
    assert build(spoken.LINE, faster, "{}", built).made == 4


def test_clips_that_no_release_holds_any_more_are_removed(built):
    rebuild(built, spoken.CHANGED)
    for _ in range(11):
        with open_current(built) as current:
            publish(built, current.manifest(), "{}")
    rebuild(built, spoken.CHANGED, line_json='{"menu": 2}')
    assert len(list((built / "clips").iterdir())) == 4
