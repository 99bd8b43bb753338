"""The figures: which calls count and how, and that nothing kept tells of one caller."""

import itertools
import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from ivr.callflow.actions import Ask, Key, Reached, Silence
from ivr.calls.figures import Counts, Figures, Trail, days, in_fives
from tests.calls.playing import clips, story

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
SECTIONS = ("meals", "showers")


class Clock:
    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def clock() -> Clock:
    return Clock()


def made(folder: Path, clock: Clock) -> Figures:
    return Figures(folder / "memory", folder / "kept", clock)


def trail(*places: str, language: str = "fr") -> Trail:
    """Return the way of a call that reached these places; before a language is chosen, none is known."""
    followed = Trail(SECTIONS)
    codes = ["" if place == "languages" else language for place in places]
    list(followed.follow(story(*(Reached(code, place) for code, place in zip(codes, places, strict=True)))))
    return followed


def count(figures: Figures, trails: Iterable[Trail]) -> None:
    for one in trails:
        figures.count(one)


def kept(folder: Path, day: date = MONDAY) -> Mapping[str, dict]:
    return json.loads((folder / f"kept/{day}.json").read_text())


def over(figures: Figures, clock: Clock) -> None:
    clock.day = TUESDAY
    figures.tend()


def test_a_story_that_is_followed_is_told_word_for_word_and_closed() -> None:
    answers: list[object] = []
    actions = [Reached("fr", "main"), Ask(clips("fr/one"), 4), Ask(clips("fr/two"), 4)]
    told = story(*actions, answers=answers)
    followed = Trail(SECTIONS).follow(told)
    assert [next(followed), followed.send(None), followed.send(Key("1", 0))] == actions
    with pytest.raises(StopIteration):
        followed.send(Silence())
    assert answers == [None, Key("1", 0), Silence()]
    hung_up = story(*actions)
    followed = Trail(SECTIONS).follow(hung_up)
    next(followed)
    followed.close()
    with pytest.raises(StopIteration):
        next(hung_up)


def test_a_fault_of_the_story_reaches_whoever_tells_it() -> None:
    followed = Trail(SECTIONS).follow(story(Reached("fr", "main"), RuntimeError("a bug of ours")))
    next(followed)
    with pytest.raises(RuntimeError, match="a bug of ours"):
        followed.send(None)


def test_a_call_counts_each_thing_once_and_hanging_up_after_an_answer_is_no_giving_up(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("languages", "main", "meals", "main", "meals", "showers", "main")] * 5)
    over(figures, clock)
    assert kept(tmp_path) == {"fr": {"calls": 5, "asked": {"meals": 5, "showers": 5}, "gave_up": {}}}


def test_a_call_without_an_answer_gave_up_where_it_came_last(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("languages", "main", "daily")] * 5 + [trail("languages")] * 5)
    over(figures, clock)
    assert kept(tmp_path) == {
        "fr": {"calls": 5, "asked": {}, "gave_up": {"daily": 5}},
        "": {"calls": 5, "asked": {}, "gave_up": {"languages": 5}},
    }


def test_what_is_read_out_to_somebody_who_presses_nothing_is_an_answer_and_chooses_no_language(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("languages", "without-keys")] * 5)
    over(figures, clock)
    assert kept(tmp_path) == {"": {"calls": 5, "asked": {"without-keys": 5}, "gave_up": {}}}


def test_a_call_that_came_to_the_witness_line_on_its_way_leaves_nothing(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("languages", "main", "meals", "witness", "main")] * 9)
    figures.tend()
    over(figures, clock)
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(("calls", "said"), [(1, 0), (4, 0), (5, 5), (9, 5), (10, 10), (14, 10)])
def test_numbers_are_kept_in_fives(calls: int, said: int) -> None:
    assert in_fives({"fr": Counts(calls)})["fr"].calls == said


def test_of_fewer_than_five_callers_it_is_not_kept_what_they_asked_for() -> None:
    day = {"ti": Counts(4, {"meals": 4}, {"main": 1}), "fr": Counts(9, {"meals": 1}, {"main": 8})}
    assert in_fives(day) == {"ti": Counts(), "fr": Counts(5, {"meals": 0}, {"main": 5})}


@pytest.mark.parametrize("other", [1, 2, 3, 4])
def test_no_difference_of_two_numbers_tells_whether_it_was_one_caller_or_four(other: int) -> None:
    one, some = (in_fives({"fr": Counts(10, {"meals": 10 - n, "showers": n})}) for n in (1, other))
    assert one == some


def test_nothing_is_on_the_disk_before_the_day_is_over(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 7)
    figures.tend()
    assert not (tmp_path / "kept").exists()
    over(figures, clock)
    (file,) = (tmp_path / "kept").iterdir()
    assert file.stat().st_mtime % 86400 == 12 * 3600


def test_a_process_that_is_started_again_counts_on(tmp_path, clock) -> None:
    for _ in range(2):
        figures = made(tmp_path, clock)
        count(figures, [trail("main", "meals")] * 3)
        figures.tend()
    over(made(tmp_path, clock), clock)
    assert kept(tmp_path)["fr"]["calls"] == 5


def test_a_new_day_begins_at_nothing(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 5)
    over(figures, clock)
    clock.day = date(2026, 11, 25)
    figures.tend()
    assert list(days(tmp_path / "kept")) == [MONDAY]


def test_a_day_to_which_the_clock_was_set_back_is_added_to(tmp_path, clock) -> None:
    figures = made(tmp_path, clock)
    for language in ("fr", "ar"):
        count(figures, [trail("main", "meals", language=language), trail("main", "meals")] * 5)
        over(figures, clock)
        clock.day = MONDAY
        figures.tend()
    assert kept(tmp_path)["fr"] == {"calls": 15, "asked": {"meals": 15}, "gave_up": {}}
    assert kept(tmp_path)["ar"]["calls"] == 5


def test_where_a_file_cannot_be_written_it_is_said_once_and_nothing_is_lost(
    tmp_path, clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 5)
    (tmp_path / "kept").write_text("a file in the way")
    over(figures, clock)
    figures.tend()
    monkeypatch.setattr(figures, "_patience", 0.0)  # a minute later
    count(figures, [trail("main", "meals")] * 5)
    figures.tend()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    (tmp_path / "kept").unlink()
    monkeypatch.setattr(figures, "_patience", 0.0)
    figures.tend()
    assert kept(tmp_path)["fr"]["calls"] == 5
    clock.day = date(2026, 11, 25)
    figures.tend()
    assert kept(tmp_path, TUESDAY)["fr"]["calls"] == 5  # what came meanwhile is the next day's


def test_a_crash_at_whichever_step_of_keeping_a_day_neither_loses_nor_doubles_it(
    tmp_path, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / f"{MONDAY}.json").write_text('{"fr": {"calls": 5}}')  # the clock was set back to it
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 5)
    figures.tend()
    clock.day = TUESDAY
    for step in range(6):
        with monkeypatch.context() as patched:
            crashes_before_rename(patched, step)
            with suppress(Crash):
                made(tmp_path, clock).tend()
    made(tmp_path, clock).tend()
    assert kept(tmp_path) == {"fr": {"calls": 10, "asked": {"meals": 5}, "gave_up": {}}}


class Crash(BaseException):
    """The end of the process: nothing catches it."""


def crashes_before_rename(patched: pytest.MonkeyPatch, number: int) -> None:
    """Let the process end before one of its renames, by which every file comes to be; the first is number 0."""
    rename, numbers = Path.rename, itertools.count()

    def rename_or_crash(file: Path, target: Path) -> Path:
        if next(numbers) == number:
            raise Crash
        return rename(file, target)

    patched.setattr(Path, "rename", rename_or_crash)


def test_a_kept_day_that_cannot_be_understood_is_put_aside_once(tmp_path, clock, caplog) -> None:
    (tmp_path / "kept").mkdir()
    file = tmp_path / "kept" / f"{MONDAY}.json"
    file.write_text("[")
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 5)
    over(figures, clock)
    figures.tend()
    assert kept(tmp_path)["fr"]["calls"] == 5
    assert file.with_name(f"{file.name}.broken").read_text() == "["
    assert len(caplog.records) == 1


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b'{"day": "2026-11-23", "counts": {"fr": 3}}'])
def test_counts_of_today_that_cannot_be_read_begin_anew(
    tmp_path, clock, text: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory/today.json").write_bytes(text)
    figures = made(tmp_path, clock)
    assert "begin anew" in caplog.text
    count(figures, [trail("main", "meals")] * 5)
    over(figures, clock)
    assert kept(tmp_path)["fr"]["calls"] == 5


def test_a_kept_day_that_cannot_be_read_is_left_out_and_said(tmp_path, clock, caplog) -> None:
    figures = made(tmp_path, clock)
    count(figures, [trail("main", "meals")] * 5)
    over(figures, clock)
    for name in ("2026-11-22", "2026-13-40"):
        (tmp_path / f"kept/{name}.json").write_text("[")
    assert list(days(tmp_path / "kept")) == [MONDAY]
    assert caplog.text.count("is left out") == 2
