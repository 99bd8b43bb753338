"""What notices change, by the clock of the call, and the clips that tell of it."""

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from ivr.callflow.line import Line, Notices
from ivr.content.hours import Occasion, occasions
from ivr.content.notices import Notice, changed, noticed
from ivr.content.services import OpenNow
from tests.callflow.telling import small_line
from tests.content.services import paris, service, wall

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
AT_17_50 = paris(2026, 11, 23, 17, 50)
SERVICES = {
    "supper": service(starts={"days": "Mo-Su", "at": "18:00", "lasts": 60}),
    "clinic": service(need="doctor", hours="Mo-Fr 14:00-18:00", telephone="clinic.phone"),
    "showers": service(need="washing", unknown=True),
    "centre": service(need="shelter", days="Mo-Fr", over_by="20:00"),
}


def notice(**fields: Any) -> Notice:
    usual = {"id": "supper-1", "service": "supper", "change": "cancelled", "from": MONDAY, "to": MONDAY, "by": "alice"}
    return Notice.model_validate({**usual, **fields})


def moved(at: str, **fields: Any) -> Notice:
    return notice(change="moved", at=at, **fields)


def line(*notices: Notice, services: dict = SERVICES) -> Line:
    tells = {"meals.when": ("supper",), "essentials": ("supper", "clinic", "gone")}
    heard_in = {"meals": ("supper",), "doctor": ("clinic",), "without-keys": ("supper", "clinic", "gone")}
    return noticed(small_line(open_now=OpenNow(services, heard_in=heard_in, tells=tells)), lambda: notices)


def now(one: Line, at: datetime = AT_17_50, language: str = "en") -> list[list[str]]:
    return [[clip.id for clip in entry] for entry in one.open_now(at, language)]


def here(one: Line, place: str = "meals", at: datetime = AT_17_50, language: str = "en") -> list[list[str]]:
    return [[clip.id for clip in entry] for entry in one.notices(place, at, language).first]


def next_time(times: dict[str, Any], at: datetime, *notices: Notice) -> Occasion | None:
    return next(iter(occasions({"it": changed(service(**times), notices)}, at)), None)


CANCELLED = ["service.supper", "notice-cancelled", "notice-next", "tomorrow", "at.18-00"]


def test_without_a_notice_the_line_says_what_it_always_says() -> None:
    usual = OpenNow(SERVICES)
    assert line().open_now(AT_17_50, "en") == usual(AT_17_50, "en")
    assert line().notices("meals", AT_17_50, "en") == Notices()


def test_a_cancelled_service_is_told_first_with_its_next_time_and_not_as_open_again() -> None:
    told = now(line(notice()))
    assert told[0] == CANCELLED
    assert [entry[0] for entry in told].count("service.supper") == 1


def test_a_notice_is_first_in_its_section_and_in_no_other() -> None:
    assert here(line(notice())) == [CANCELLED]
    assert here(line(notice()), "doctor") == []
    assert here(line(notice()), "asylum") == []


def test_the_clips_that_tell_the_usual_hours_are_silent_meanwhile() -> None:
    assert line(notice()).notices("meals", AT_17_50, "en").silent == {"meals.when", "essentials"}


def test_a_notice_is_gone_with_the_midnight_after_its_last_day() -> None:
    one = line(notice())
    assert here(one, at=paris(2026, 11, 23, 23, 59)) == [CANCELLED]
    after = paris(2026, 11, 24, 0, 0)
    assert here(one, at=after) == []
    assert one.open_now(after, "en") == OpenNow(SERVICES)(after, "en")
    assert one.notices("meals", after, "en").silent == frozenset()


def test_midnight_is_the_lines_and_not_greenwichs() -> None:
    after = paris(2026, 11, 24, 0, 30)  # in Greenwich it is Monday still
    assert here(line(notice()), at=after) == []


def test_a_notice_does_not_hold_before_the_day_on_which_it_was_made() -> None:
    assert here(line(notice(**{"from": TUESDAY, "to": TUESDAY}))) == []


def test_a_new_time_is_told_before_and_while_it_takes_place() -> None:
    one = line(moved("18:30"))
    told = ["service.supper", "notice-new-time"]
    assert here(one) == [[*told, "today", "at.18-30"]]
    assert here(one, at=paris(2026, 11, 23, 18, 45)) == [[*told, "began.18-30"]]


def test_when_the_last_time_at_the_new_hour_is_over_the_usual_hours_are_told_again() -> None:
    one, late = line(moved("18:30")), paris(2026, 11, 23, 19, 40)
    assert one.notices("meals", late, "en") == Notices()
    assert ["service.supper", "tomorrow", "at.18-00"] in now(one, late)


def test_a_new_time_of_some_days_is_told_for_the_next_of_them() -> None:
    one = line(moved("18:30", to=TUESDAY))
    assert here(one, at=paris(2026, 11, 23, 19, 40)) == [
        ["service.supper", "notice-new-time", "tomorrow", "at.18-30"],
    ]


def test_a_meal_that_begins_early_is_not_told_at_its_usual_hour_too() -> None:
    assert next_time({"starts": {"days": "Mo-Su", "at": "18:00"}}, AT_17_50, moved("17:00")) == Occasion(
        "it", "began", wall(2026, 11, 23, 17)
    )


@pytest.mark.parametrize(
    ("times", "at", "expected"),
    [
        ({"hours": "Mo-Fr 14:00-18:00"}, (17, 50), ("began", (2026, 11, 23, 15))),
        ({"hours": "Mo-Fr 14:00-18:00"}, (14, 30), ("at", (2026, 11, 23, 15))),
        ({"days": "Mo", "over_by": "20:00"}, (19, 30), ("began", (2026, 11, 23, 15))),
        ({"days": "Tu"}, (12, 0), ("day", (2026, 11, 24))),
        ({"unknown": True}, (12, 0), ("at", (2026, 11, 23, 15))),
        ({"unknown": True}, (15, 30), ("began", (2026, 11, 23, 15))),
        ({"unknown": True}, (16, 0), ("unknown", None)),
        ({"condition": "cold"}, (12, 0), ("at", (2026, 11, 23, 15))),
        ({"hours": "24/7"}, (12, 0), ("at", (2026, 11, 23, 15))),
    ],
)
def test_a_new_time_of_every_kind_of_service(
    times: dict[str, Any], at: tuple[int, int], expected: tuple[str, tuple[int, ...] | None]
) -> None:
    how, moment = expected
    found = next_time(times, paris(2026, 11, 23, *at), moved("15:00"))
    assert found == Occasion("it", how, wall(*moment) if moment else None)


@pytest.mark.parametrize(
    ("name", "clips"),
    [
        ("showers", ["service.showers", "notice-cancelled"]),
        ("centre", ["service.centre", "notice-cancelled", "notice-next", "tomorrow", "hours-unknown"]),
        ("clinic", ["service.clinic", "notice-cancelled", "notice-next", "tomorrow", "at.14-00", "clinic.phone"]),
    ],
)
def test_every_kind_of_service_can_be_cancelled(name: str, clips: list[str]) -> None:
    assert now(line(notice(service=name)))[0] == clips


def test_a_night_that_began_before_it_was_cancelled_is_not_its_next_time() -> None:
    night = {"shelter": service(need="shelter", hours="22:00-06:00")}
    told = now(line(notice(service="shelter"), services=night), paris(2026, 11, 23, 1))
    assert told == [["service.shelter", "notice-cancelled"]]


def test_who_presses_nothing_hears_the_notice_and_what_else_is_essential() -> None:
    told = line(notice()).notices("without-keys", AT_17_50, "fr")
    assert [[clip.id for clip in entry] for entry in told.first] == [
        CANCELLED,
        ["service.clinic", "until.18-00", "clinic.phone"],
    ]
    assert "essentials" in told.silent


def test_words_of_a_volunteer_are_heard_first_in_their_language_alone_and_change_no_hour() -> None:
    one = line(notice(change="none", spoken=("fr",)))
    assert here(one, language="fr") == [["notice.supper-1"]]
    assert here(one, language="ar") == []
    assert now(one, language="fr") == [["notice.supper-1"], *now(line(), language="fr")]
    assert now(one, language="ar") == now(line(), language="ar")
    assert one.notices("meals", AT_17_50, "fr").silent == frozenset()


def test_words_and_keys_together_are_heard_in_that_order() -> None:
    one = line(notice(spoken=("fr",)))
    assert here(one, language="fr") == [["notice.supper-1", *CANCELLED]]
    assert here(one, language="ar") == [CANCELLED]


def test_of_two_notices_the_nearer_need_is_told_first() -> None:
    told = now(line(notice(id="clinic-1", service="clinic"), notice()))
    assert [entry[0] for entry in told[:2]] == ["service.supper", "service.clinic"]


def test_a_notice_of_a_service_that_the_release_does_not_know_is_not_told() -> None:
    assert now(line(notice(service="gone"))) == now(line())
    assert here(line(notice(service="gone")), "without-keys") == []


def test_a_line_that_knows_of_no_services_stays_as_it_is() -> None:
    usual = small_line()
    assert noticed(usual, lambda: (notice(),)) is usual


@pytest.mark.parametrize("wrong", [{"at": "6 pm"}, {"change": "later"}, {"service": "../x"}, {"more": 1}])
def test_what_is_no_notice_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        notice(**wrong)
