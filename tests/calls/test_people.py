"""Who is called for a caller: in the rota's order, until somebody speaks, and only so often a day."""

import errno
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.callflow.actions import Connect, Connected, NoAnswer
from ivr.calls.house import House
from ivr.calls.people import People
from ivr.content.rota import Rota
from ivr.reports import memory
from tests.calls.playing import LONGEST, Desk, Played, handler, story
from tests.clock import Clock
from tests.content.test_rota import MONDAY_NOON

FIRST, SECOND = "33711111111", "33722222222"
ROTA = Rota.model_validate(
    {
        "trunk": "provider",
        "minutes": 5,
        "calls": 3,
        "sections": {"meals": [{"number": FIRST, "rings": 10}, {"number": SECOND, "hours": "Mo 09:00-13:00"}]},
    }
)
RINGS = [f"calls {FIRST} for 10 s, 300 s at most", f"calls {SECOND} for 25 s, 300 s at most"]


@pytest.fixture
def clock() -> Clock[datetime]:
    return Clock(MONDAY_NOON)


@pytest.fixture
def people(tmp_path: Path, clock: Clock[datetime]) -> People:
    return People(ROTA, tmp_path / "memory", clock)


def test_one_after_the_other_is_called_until_somebody_speaks(people: People) -> None:
    phone = Played({RINGS[1]: "spoke"})
    assert people.connect(phone, "meals")
    assert phone.heard == RINGS
    phone = Played({RINGS[0]: "spoke"})
    assert people.connect(phone, "meals")
    assert phone.heard == RINGS[:1]


def test_nobody_is_called_who_is_not_on_duty(people: People, clock: Clock[datetime]) -> None:
    clock.now += timedelta(hours=2)
    phone = Played()
    assert not people.connect(phone, "meals")
    assert not people.connect(phone, "rights")
    assert phone.heard == RINGS[:1]


def test_no_more_are_called_on_a_day_than_the_rota_says_whatever_is_restarted(
    people: People, clock: Clock[datetime], tmp_path: Path
) -> None:
    phone = Played()
    people.connect(phone, "meals")
    again = People(ROTA, tmp_path / "memory", clock)
    assert again.on_duty("meals", clock.now)
    again.connect(phone, "meals")
    assert phone.heard == [*RINGS, RINGS[0]]
    assert not again.on_duty("meals", clock.now)
    clock.now += timedelta(days=7)
    assert again.on_duty("meals", clock.now)


@pytest.mark.parametrize("text", ["", "[]", '{"day": "2026-11-23"}', '{"day": "2026-11-23", "calls": "x"}'])
def test_where_the_count_of_today_cannot_be_read_nobody_is_called(
    people: People, clock: Clock[datetime], tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory/connected.json").write_text(text)
    assert not people.on_duty("meals", clock.now)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_where_the_count_cannot_be_kept_nobody_is_called_and_the_call_goes_on(
    people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(memory, "drop", full)
    phone = Played()
    assert not people.connect(phone, "meals")
    assert phone.heard == []
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize(("picks_up", "answer"), [({RINGS[0]: "spoke"}, Connected()), ({}, NoAnswer())])
def test_the_story_is_told_whether_they_spoke(people: People, picks_up: dict[str, str], answer: object) -> None:
    answers: list[object] = []
    phone = Played(picks_up)
    handler(phone, House(Desk(), LONGEST, people=people)).run(story(Connect("meals"), answers=answers), ("en",))
    assert answers == [answer]


def test_a_line_without_a_rota_calls_nobody() -> None:
    answers: list[object] = []
    phone = Played()
    handler(phone).run(story(Connect("meals"), answers=answers), ("en",))
    assert (answers, phone.heard) == ([NoAnswer()], ["IVR_DONE=yes"])
