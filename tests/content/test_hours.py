"""What is open now, at moments that a person can check with a calendar."""

from datetime import datetime
from typing import Any

import pytest

from ivr.content.hours import NEEDS, Occasion, occasions
from tests.content.services import paris, service, wall

MONDAY_NOON = paris(2026, 11, 23, 12)


def one(at: datetime, **fields: Any) -> Occasion | None:
    return next(iter(occasions({"it": service(**fields)}, at)), None)


def at(*moment: int) -> Occasion:
    return Occasion("it", "at", wall(*moment))


def until(*moment: int) -> Occasion:
    return Occasion("it", "until", wall(*moment))


def day(*moment: int) -> Occasion:
    return Occasion("it", "day", wall(*moment))


UNKNOWN = Occasion("it", "unknown")


def test_an_open_service_is_told_with_its_end() -> None:
    assert one(MONDAY_NOON, hours="Mo-Fr 10:00-18:00") == until(2026, 11, 23, 18)


def test_spans_that_meet_are_one_opening() -> None:
    assert one(MONDAY_NOON, hours="10:00-13:00,13:00-18:00") == until(2026, 11, 23, 18)


def test_a_night_is_open_past_midnight_until_the_morning() -> None:
    assert one(paris(2026, 11, 24, 1), hours="Mo 22:00-06:00") == until(2026, 11, 24, 6)


def test_what_is_open_day_and_night_has_no_end() -> None:
    assert one(MONDAY_NOON, hours="24/7") == Occasion("it", "always")


def test_an_end_on_another_day_is_not_told_as_if_it_were_today() -> None:
    assert one(MONDAY_NOON, hours="Mo 00:00-40:00") == Occasion("it", "always")


def test_a_start_counts_as_now_for_its_minutes_and_no_longer() -> None:
    meal = {"starts": {"days": "Mo-Su", "at": "18:00", "lasts": 45}}
    assert one(paris(2026, 11, 23, 18, 44), **meal) == Occasion("it", "began", wall(2026, 11, 23, 18))
    assert one(paris(2026, 11, 23, 18, 45), **meal) == at(2026, 11, 24, 18)


def test_a_start_that_lasts_past_midnight_still_counts_then() -> None:
    meal = {"starts": {"days": "Mo", "at": "23:30", "lasts": 60}}
    assert one(paris(2026, 11, 24, 0, 10), **meal) == Occasion("it", "began", wall(2026, 11, 23, 23, 30))


def test_days_alone_are_told_without_an_hour() -> None:
    assert one(MONDAY_NOON, days="Mo") == day(2026, 11, 23)
    assert one(MONDAY_NOON, days="We") == day(2026, 11, 25)


def test_days_that_are_over_by_an_hour_are_told_for_the_next_time() -> None:
    assert one(paris(2026, 11, 23, 11, 59), days="Mo,We", over_by="12:00") == day(2026, 11, 23)
    assert one(MONDAY_NOON, days="Mo,We", over_by="12:00") == day(2026, 11, 25)


def test_what_is_unknown_stays_unknown() -> None:
    assert one(MONDAY_NOON, unknown=True) == UNKNOWN


def test_a_condition_is_neither_open_nor_closed() -> None:
    assert one(MONDAY_NOON, condition="great-cold") == Occasion("it", "condition")


def test_nothing_is_said_of_what_opens_only_after_seven_days() -> None:
    assert one(MONDAY_NOON, hours="2026 Nov 30 12:00-14:00") is None
    assert one(MONDAY_NOON, hours="2026 Nov 30 11:59-14:00") == at(2026, 11, 30, 11, 59)


def test_days_alone_never_name_the_day_a_week_from_today() -> None:
    assert one(MONDAY_NOON, days="Mo", closed=[{"from": "2026-11-23", "to": "2026-11-23"}]) is None


def test_during_a_closure_nothing_begins() -> None:
    shut = [{"from": "2026-11-29", "to": "2026-12-01"}]
    assert one(paris(2026, 11, 28, 23), hours="10:00-12:00", closed=shut) == at(2026, 12, 2, 10)


def test_the_night_before_a_closure_lasts_until_its_morning() -> None:
    shut = [{"from": "2026-11-29", "to": "2026-12-05"}]
    assert one(paris(2026, 11, 28, 23), hours="22:00-06:00", closed=shut) == until(2026, 11, 29, 6)
    assert one(paris(2026, 11, 29, 6), hours="22:00-06:00", closed=shut) is None


@pytest.mark.parametrize("kind", [{"unknown": True}, {"condition": "great-cold"}])
def test_what_is_closed_today_is_not_called_unknown(kind: dict[str, Any]) -> None:
    shut = [{"from": "2026-11-23", "to": "2026-11-23"}]
    assert one(MONDAY_NOON, closed=shut, **kind) is None
    assert one(paris(2026, 11, 24, 12), closed=shut, **kind) is not None


def test_a_public_holiday_closes_and_the_night_before_it_ends_in_its_morning() -> None:
    nights = "Mo-Su 22:00-06:00; PH off"
    assert one(paris(2026, 12, 25, 5), hours=nights) == until(2026, 12, 25, 6)
    assert one(paris(2026, 12, 25, 23), hours=nights) == at(2026, 12, 26, 22)
    assert one(paris(2026, 12, 26, 5), hours=nights) == at(2026, 12, 26, 22)


def test_a_holiday_is_kept_by_starts_and_days_too() -> None:
    christmas = paris(2026, 12, 25, 9)
    assert one(christmas, starts={"days": "Mo-Su; PH off", "at": "13:00"}) == at(2026, 12, 26, 13)
    assert one(christmas, days="Mo-Su; PH off") == day(2026, 12, 26)


def test_a_one_off_opening_counts_in_spite_of_a_closure() -> None:
    special = {
        "closed": [{"from": "2026-11-20", "to": "2026-12-20"}],
        "opened": [{"on": "2026-11-23", "hours": "11:00-13:00"}],
    }
    assert one(MONDAY_NOON, hours="Sa 10:00-12:00", **special) == until(2026, 11, 23, 13)


def test_a_one_off_opening_lengthens_the_day() -> None:
    longer = [{"on": "2026-11-23", "hours": "17:00-21:00"}]
    assert one(MONDAY_NOON, hours="Mo 10:00-18:00", opened=longer) == until(2026, 11, 23, 21)


def test_a_one_off_opening_of_a_service_with_unknown_hours_is_told() -> None:
    assert one(MONDAY_NOON, unknown=True, opened=[{"on": "2026-11-28", "hours": "14:00-16:00"}]) == at(2026, 11, 28, 14)


def test_a_one_off_opening_replaces_a_day_without_hours() -> None:
    assert one(MONDAY_NOON, days="Mo", opened=[{"on": "2026-11-23", "hours": "14:00-16:00"}]) == at(2026, 11, 23, 14)


def test_every_two_saturdays_goes_on_across_the_fifty_third_week() -> None:
    fortnight = {"days": "Sa", "every_weeks": 2, "anchor": "2026-12-19"}
    assert one(paris(2026, 12, 20, 9), **fortnight) is None
    assert one(paris(2026, 12, 27, 9), **fortnight) == day(2027, 1, 2)
    assert one(paris(2027, 1, 10, 9), **fortnight) == day(2027, 1, 16)


def test_every_two_saturdays_counts_backwards_from_its_anchor_too() -> None:
    assert one(paris(2026, 11, 16, 9), days="Sa", every_weeks=2, anchor="2026-12-05") == day(2026, 11, 21)


def test_every_two_saturdays_without_an_anchor_is_unknown() -> None:
    assert one(MONDAY_NOON, days="Sa", every_weeks=2) == UNKNOWN


def test_an_hour_that_the_clock_skips_begins_when_it_is_skipped() -> None:
    assert one(paris(2026, 3, 29, 1), hours="02:15-05:00") == at(2026, 3, 29, 3)


def test_an_opening_that_the_clock_skips_whole_does_not_happen() -> None:
    assert one(paris(2026, 3, 29, 1), hours="02:15-02:45") == at(2026, 3, 30, 2, 15)


def test_an_hour_that_the_clock_shows_twice_ends_the_first_time() -> None:
    assert one(paris(2026, 10, 25, 2, 15), hours="01:30-02:30") == until(2026, 10, 25, 2, 30)
    assert one(paris(2026, 10, 25, 2, 15, fold=1), hours="01:30-02:30") == at(2026, 10, 26, 1, 30)


def test_an_opening_across_the_hour_that_comes_twice_goes_on_through_it() -> None:
    assert one(paris(2026, 10, 25, 2, 15, fold=1), hours="02:30-04:00") == until(2026, 10, 25, 4)


def test_midnight_belongs_to_the_day_before() -> None:
    opens = one(MONDAY_NOON, hours="Tu 00:00-04:00")
    assert opens == at(2026, 11, 24, 0)
    assert opens.day == wall(2026, 11, 23).date()


def test_the_nearest_need_comes_first_in_each_part() -> None:
    every_need = {need: service(need=need, hours="10:00-18:00") for need in NEEDS}
    assert [found.service for found in occasions(every_need, MONDAY_NOON)] == list(NEEDS)


def test_first_now_then_today_and_tomorrow_then_later_or_unknown() -> None:
    services = {
        "later": service(hours="Sa 10:00-12:00"),
        "unknown": service(unknown=True),
        "tomorrow": service(hours="Tu 10:00-12:00"),
        "now": service(need="learning", hours="Mo 10:00-14:00"),
        "today": service(need="clothes", days="Mo"),
    }
    order = ["now", "tomorrow", "today", "later", "unknown"]
    assert [found.service for found in occasions(services, MONDAY_NOON)] == order
