import ctypes
import errno
import fcntl
import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from ivr.prompts import release
from ivr.prompts.release import (
    Release,
    ReleaseBroken,
    live,
    names,
    open_current,
    prune,
    publish,
    rollback,
    verify,
)


def publish_again(folder: Path) -> str:
    """Publish the clips of the live release under another name."""
    with open_current(folder) as current:
        return publish(folder, current.manifest(), "{}")


def files(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}


def test_a_release_holds_its_manifest_its_line_and_every_sound(built):
    with open_current(built) as current:
        sounds = {file for clip in current.manifest().clips for file in clip.files.values()}
        assert files(current.path) == {"manifest.json", "line.json"} | sounds


def test_current_is_a_relative_link_so_that_the_folder_can_be_moved(built):
    assert str((built / "current").readlink()) == f"releases/{live(built)}"


def test_the_path_of_a_sound_is_the_releases_own_and_has_no_ending(built):
    with open_current(built) as current:
        path = current.sound("en", "goodbye")
        assert path == built.resolve() / "releases" / current.name / "en" / "goodbye"
        assert path.with_name("goodbye.alaw").stat().st_size > 4000


def test_the_manifest_gives_words_and_seconds_of_each_clip(built):
    with open_current(built) as current:
        clip = next(clip for clip in current.manifest().clips if (clip.language, clip.id) == ("en", "goodbye"))
    assert clip.text == "Goodbye, and take care."
    assert clip.seconds == clip.bytes["alaw"] / 8000


def test_without_a_release_one_is_told_to_build(tmp_path):
    with pytest.raises(ReleaseBroken, match="run `ivr build`"):
        open_current(tmp_path)
    assert (live(tmp_path), names(tmp_path)) == (None, [])


def test_a_link_that_leads_nowhere_is_no_release(built):
    (built / "current").unlink()
    (built / "current").symlink_to("releases/gone")
    with pytest.raises(ReleaseBroken, match="run `ivr build`"):
        open_current(built)


def test_names_sort_by_age_whatever_the_clock_says(built):
    first = live(built)
    later = first.replace("-2", "-3", 1)  # the clock has gone back by a thousand years since
    (built / "releases" / first).rename(built / "releases" / later)
    (built / "current").unlink()
    (built / "current").symlink_to(f"releases/{later}")
    newest = publish_again(built)
    assert names(built) == [later, newest]


def test_running_calls_finish_on_their_own_release(built):
    with open_current(built) as held:
        for _ in range(release.KEPT + 2):
            publish_again(built)
        assert held.name not in prune(built)
        assert held.sound("en", "goodbye").with_name("goodbye.alaw").exists()
        assert held.line_json() == "{}"
    assert held.name in prune(built)


def test_the_last_ten_releases_are_kept(built):
    for _ in range(release.KEPT + 3):
        publish_again(built)
    assert len(prune(built)) == 4
    assert len(names(built)) == release.KEPT
    assert not list((built / "releases").glob(".*"))


def test_the_live_release_is_never_pruned(built):
    first = live(built)
    for _ in range(release.KEPT + 2):
        publish_again(built)
    rollback(built, first)
    assert first not in prune(built)


def test_a_release_is_in_use_while_somebody_holds_it(built):
    with open_current(built) as held:
        assert release.in_use(built, held.name)
    assert not release.in_use(built, held.name)


def test_a_release_that_is_closed_is_no_longer_held_and_may_be_closed_again(built):
    held = open_current(built)
    held.close()
    held.close()
    folder = os.open(held.path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)


def test_a_release_that_vanishes_while_one_reaches_for_it_is_not_handed_out(built, monkeypatch):
    path = built / "releases" / live(built)
    monkeypatch.setattr(release.fcntl, "flock", lambda *_: path.rename(path.with_name("gone")))
    with pytest.raises(FileNotFoundError):
        Release(path)


def test_a_rollback_goes_one_release_back(built):
    first = live(built)
    publish_again(built)
    assert (rollback(built), live(built)) == (first, first)


def test_a_rollback_can_go_forward_to_a_release_by_name(built):
    second = publish_again(built)
    rollback(built)
    assert rollback(built, second) == live(built) == second


@pytest.mark.parametrize("to", [None, "000009-x", "../clips"])
def test_a_rollback_to_nothing_changes_nothing_and_says_so(built, to):
    before = live(built)
    with pytest.raises(ReleaseBroken, match="`ivr releases` lists them"):
        rollback(built, to)
    assert live(built) == before


def test_a_rollback_to_a_broken_release_changes_nothing(built):
    first, second = live(built), publish_again(built)
    (built / "releases" / first / "en" / "goodbye.alaw").unlink()
    with pytest.raises(ReleaseBroken, match="en/goodbye has changed"):
        rollback(built)
    assert live(built) == second


@pytest.mark.parametrize("file", ["manifest.json", "line.json", "en/goodbye.ulaw"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"x" * path.stat().st_size)])
def test_a_release_with_a_spoiled_file_is_not_whole(built, file, spoil):
    path = built / "releases" / live(built)
    verify(path)
    spoil(path / file)
    with pytest.raises(ReleaseBroken, match="build again"):
        verify(path)


def test_a_release_whose_clip_is_not_what_its_manifest_says_is_not_published(built):
    before = live(built)
    with open_current(built) as current:
        manifest = current.manifest()
    other = replace(manifest.clips[0], sha256=manifest.clips[1].sha256)
    with pytest.raises(ReleaseBroken, match="has changed"):
        publish(built, replace(manifest, clips=(other, *manifest.clips[1:])), "{}")
    assert (live(built), names(built)) == (before, [before])
    assert not (built / "clips" / other.digest).exists()


def test_what_was_read_once_is_not_read_again_unless_somebody_wrote_to_it(built, monkeypatch):
    read: list[str] = []
    of_disk = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: (read.append(path.name), of_disk(path))[1])
    publish_again(built)
    assert not [name for name in read if name.endswith("law")]
    os.utime(built / "releases" / live(built) / "en/goodbye.alaw")
    publish_again(built)
    assert [name for name in read if name.endswith(".alaw")] == ["goodbye.alaw"]


def test_a_disk_that_fails_to_keep_the_clips_leaves_the_old_release_live(built, monkeypatch):
    before = live(built)
    asked = []

    def syncfs(folder: int) -> int:
        asked.append(str(Path(f"/proc/self/fd/{folder}").readlink()))
        ctypes.set_errno(errno.EIO)
        return -1

    monkeypatch.setattr(release, "_LIBC", SimpleNamespace(syncfs=syncfs))
    with pytest.raises(ReleaseBroken, match=r"cannot be written \(Input/output error\)"):
        publish_again(built)
    assert len(asked) == 1
    assert asked[0].startswith(f"{built}/releases/")
    assert names(built) == [before]
    assert live(built) == before
