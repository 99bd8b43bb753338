"""A build of which nothing has changed is told by files' times and sizes."""

import os

import pytest

from ivr.prompts.release import rollback
from ivr.prompts.unchanged import RECORD, LastBuild
from tests.prompts.test_release import publish_again


@pytest.fixture
def read(built):
    """Return a folder that a build has read, with one file in a folder of it."""
    (built / "content/menus").mkdir(parents=True)
    (built / "content/menus/main.yaml").write_text("title: Main")
    LastBuild(built, [built / "content"], 1).keep(["ps is not offered."])
    return built / "content"


def notes(read, decided: object = 1):
    return LastBuild(read.parent, [read], decided).notes()


def test_what_the_last_build_noted_is_noted_again(read):
    assert notes(read) == ["ps is not offered."]


def touched(read):
    os.utime(read / "menus/main.yaml")


def longer(read):
    status = (read / "menus/main.yaml").stat()
    (read / "menus/main.yaml").write_text("title: Main menu")
    os.utime(read / "menus/main.yaml", ns=(status.st_atime_ns, status.st_mtime_ns))


def renamed(read):
    (read / "menus/main.yaml").rename(read / "menus/first.yaml")


def removed(read):
    (read / "menus/main.yaml").unlink()


def another(read):
    (read / "menus/daily.yaml").write_text("title: Food")


def lost_a_sound(read):
    (read.parent / "current/en/goodbye.alaw").unlink()


def went_back(read):
    publish_again(read.parent)
    LastBuild(read.parent, [read], 1).keep([])
    rollback(read.parent)


def forgot(read):
    (read.parent / RECORD).unlink()


def forgot_half(read):
    (read.parent / RECORD).write_text('{"read": ')


def has_no_release(read):
    (read.parent / "current").unlink()


@pytest.mark.parametrize(
    "change",
    [touched, longer, renamed, removed, another, lost_a_sound, went_back, forgot, forgot_half, has_no_release],
)
def test_after_any_change_everything_is_looked_at(read, change):
    change(read)
    assert notes(read) is None


def test_another_setting_is_a_change(read):
    assert notes(read, decided=2) is None


def test_what_changes_while_a_build_runs_is_left_to_the_next(read):
    build = LastBuild(read.parent, [read], 1)
    touched(read)
    build.keep([])
    assert notes(read) is None


def test_what_editors_leave_behind_is_no_change(read):
    (read / "menus/main.yaml~").write_text("title: Ma")
    assert notes(read) is not None
