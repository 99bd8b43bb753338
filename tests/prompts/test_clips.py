import json

import pytest

from ivr.prompts import clips

SOUND = dict.fromkeys(clips.FORMATS, b"sound")


@pytest.fixture
def shelf(tmp_path):
    clips.keep(tmp_path, "d1", SOUND, seconds=1.5, letters_per_second=10.0)
    return tmp_path


def test_a_kept_clip_is_finished_and_nothing_else_is_left(shelf):
    assert clips.finished(shelf, "d1").seconds == 1.5
    assert [path.name for path in shelf.iterdir()] == ["d1"]


def test_a_clip_that_was_never_made_is_not_finished(shelf):
    assert clips.finished(shelf, "d2") is None


def test_a_clip_that_has_lost_a_byte_is_not_finished(shelf):
    clips.sound_file(shelf, "d1", "alaw").write_bytes(b"soun")
    assert clips.finished(shelf, "d1") is None


@pytest.mark.parametrize("known", ["", "{", "[]", json.dumps({"seconds": 1})])
def test_a_clip_whose_record_is_broken_is_not_finished(shelf, known):
    (shelf / "d1" / "clip.json").write_text(known)
    assert clips.finished(shelf, "d1") is None


def test_a_clip_made_again_replaces_the_broken_one(shelf):
    clips.sound_file(shelf, "d1", "alaw").unlink()
    clips.keep(shelf, "d1", SOUND, seconds=1.5, letters_per_second=10.0)
    assert clips.finished(shelf, "d1")


def test_a_clip_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="File name too long"):
        clips.keep(tmp_path, "d" * 300, SOUND, seconds=1.5, letters_per_second=10.0)
    assert not list(tmp_path.iterdir())


def test_what_was_left_unfinished_is_tidied_away(shelf):
    (shelf / ".new-clip").mkdir()
    (shelf / ".new-link").symlink_to("nowhere")
    (shelf / ".new-record.json").touch()
    clips.tidy(shelf)
    assert [path.name for path in shelf.iterdir()] == ["d1"]


def test_a_folder_that_a_worker_finishes_meanwhile_is_no_failure(shelf, monkeypatch):
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter([shelf / ".new-finished", shelf / "d1"]))
    clips.tidy(shelf)
    assert not list(shelf.iterdir())


def test_a_clip_that_another_worker_has_finished_meanwhile_is_left_as_it_is(shelf):
    first = clips.sound_file(shelf, "d1", "alaw").stat().st_ino
    clips.keep(shelf, "d1", SOUND, seconds=1.5, letters_per_second=10.0)
    assert clips.sound_file(shelf, "d1", "alaw").stat().st_ino == first
    assert [path.name for path in shelf.iterdir()] == ["d1"]


def test_a_clip_that_was_half_forgotten_is_forgotten(shelf):
    clips.sound_file(shelf, "d1", "alaw").unlink()
    clips.forget(shelf, frozenset())
    assert not list(shelf.iterdir())


def test_a_clip_that_no_release_and_nobody_wants_is_forgotten(shelf):
    clips.forget(shelf, frozenset())
    assert clips.finished(shelf, "d1") is None


def test_a_clip_that_is_wanted_is_not_forgotten(shelf):
    clips.forget(shelf, frozenset(["d1"]))
    assert clips.finished(shelf, "d1")


def test_a_clip_that_a_release_holds_is_not_forgotten(shelf, tmp_path_factory):
    (tmp_path_factory.mktemp("release") / "a.alaw").hardlink_to(clips.sound_file(shelf, "d1", "alaw"))
    clips.forget(shelf, frozenset())
    assert clips.finished(shelf, "d1")


def test_why_a_sound_was_refused_is_remembered_and_no_clip_is_forgotten_for_it(shelf):
    clips.refuse(shelf, "d2", "It is clipped.")
    clips.forget(shelf, frozenset(["d1"]))
    assert (clips.refused(shelf, "d2"), clips.refused(shelf, "d1")) == ("It is clipped.", None)
    assert clips.finished(shelf, "d1")
