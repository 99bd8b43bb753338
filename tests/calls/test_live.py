"""Which release a call hears, and how long it is held."""

import contextlib
import fcntl
import os
import shutil
from pathlib import Path

import pytest

from ivr.callflow.actions import Clip
from ivr.callflow.line import Limits
from ivr.calls.live import Live
from ivr.content.plan import PlanBroken
from ivr.prompts import manifest
from ivr.prompts.release import ReleaseBroken
from tests.calls.releases import publish, switch

LIMITS = Limits(call=60, report=10)


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    publish(tmp_path, "000001-old")
    return tmp_path


def held(prompts: Path, name: str) -> bool:
    """Whether a release is in use, as the pruning sees it."""
    folder = os.open(prompts / "releases" / name, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False


def test_a_call_hears_the_sounds_of_the_release_that_is_live(prompts: Path) -> None:
    with Live(prompts, LIMITS).hold() as release:
        assert release.sounds(Clip("fr", "meals.one")) == (str(prompts / "releases/000001-old/fr/meals.one"),)


def test_the_line_has_the_limits_of_this_server(prompts: Path) -> None:
    with Live(prompts, LIMITS).hold() as release:
        assert release.line.limits == LIMITS


def test_a_call_keeps_its_release_through_a_switch_and_the_next_call_has_the_new_one(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    with live.hold() as first:
        publish(prompts, "000002-new")
        with live.hold() as second:
            assert second.release.name == "000002-new"
        assert first.release.name == "000001-old"
        assert held(prompts, "000001-old")


def test_an_old_release_is_let_go_with_its_last_call(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    with live.hold():
        with live.hold():
            publish(prompts, "000002-new")
            with live.hold():
                pass
        assert held(prompts, "000001-old")
    assert not held(prompts, "000001-old")
    assert held(prompts, "000002-new")


def test_an_old_release_without_calls_is_let_go_when_the_new_one_is_read(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    publish(prompts, "000002-new")
    with live.hold():
        assert not held(prompts, "000001-old")


def test_an_older_release_can_be_made_live_again(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    publish(prompts, "000002-new")
    with live.hold():
        pass
    switch(prompts, "000001-old")
    with live.hold() as release:
        assert release.release.name == "000001-old"


@pytest.mark.parametrize("text", ["", "{", "{}", '{"languages": 1}', "\ud800"])
def test_a_release_that_cannot_be_read_leaves_the_old_one_in_use(
    prompts: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    live = Live(prompts, LIMITS)
    publish(prompts, "000002-new", "")
    (prompts / "releases/000002-new/line.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    for _ in range(3):
        with live.hold() as release:
            assert release.release.name == "000001-old"
    assert caplog.text.count("callers keep hearing 000001-old") == 1
    assert not held(prompts, "000002-new")


def test_a_release_that_vanished_leaves_the_old_one_in_use(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    publish(prompts, "000002-new")
    shutil.rmtree(prompts / "releases/000002-new")
    with live.hold() as release:
        assert release.release.name == "000001-old"


def test_a_broken_release_does_not_keep_a_later_one_from_callers(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    publish(prompts, "000002-broken", "{}")
    with live.hold():
        pass
    publish(prompts, "000003-mended")
    with live.hold() as release:
        assert release.release.name == "000003-mended"


def test_where_nothing_is_live_any_more_the_release_in_use_stays(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    (prompts / "current").unlink()
    with live.hold() as release:
        assert release.release.name == "000001-old"


def test_a_clip_of_a_release_that_was_removed_is_looked_for_on_the_shelf(prompts: Path) -> None:
    clip = manifest.Clip("meals.one", "fr", "", 1, "take", {}, "d1", 9, {}, {})
    publish(prompts, "000002-new")
    new = prompts / "releases/000002-new"
    (new / "manifest.json").write_bytes(manifest.written(manifest.Manifest(new.name, (clip,), "")))
    with Live(prompts, LIMITS).hold() as release:
        shutil.rmtree(new)
        where = (str(new / "fr/meals.one"), str(prompts / "clips/d1/clip"))
        assert release.sounds(Clip("fr", "meals.one")) == where


def test_a_server_does_not_begin_without_a_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseBroken, match="run `ivr build`"):
        Live(tmp_path, LIMITS)


def test_a_server_does_not_begin_with_a_broken_release(tmp_path: Path) -> None:
    publish(tmp_path, "000001-broken", "{}")
    with pytest.raises(PlanBroken, match="build the release again"):
        Live(tmp_path, LIMITS)
    assert not held(tmp_path, "000001-broken")


def test_a_call_that_breaks_lets_its_release_go(prompts: Path) -> None:
    live = Live(prompts, LIMITS)
    with contextlib.suppress(RuntimeError), live.hold():
        publish(prompts, "000002-new")
        with live.hold():
            pass
        raise RuntimeError
    assert not held(prompts, "000001-old")
