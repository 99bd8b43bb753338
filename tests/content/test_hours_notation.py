"""What a volunteer may write as hours, and the sentence for what the line could not say."""

from datetime import date
from typing import Any

import pytest

from ivr.content.notation import of_hours, wrong_days, wrong_hours
from ivr.content.services import mistakes, spoken_hours
from tests.content.services import service

NIGHT = ["2026-12-24 22:00:00", "2026-12-25 06:00:00"]


def said(clips: tuple[str, ...] = (), **fields: Any) -> list[str]:
    return [str(one) for one in mistakes({"it": service(**fields)}, clips)]


@pytest.mark.parametrize(
    "right",
    [
        "24/7",
        "Mo-Fr 14:00-18:00",
        "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-12:00",
        "Mo-Su 22:00-06:00; PH off",
        "Mo-Su 00:00-24:00",
        "Nov-Mar Mo-Su 20:00-08:00; Dec 25 off",
        "Mo-Fr 10:00-12:00, Sa 14:00-15:00",
        "2026 Dec 24 10:00-12:00",
        "Mo[1] 10:00-12:00",
    ],
)
def test_hours_of_every_day_kind_and_season_are_taken(right: str) -> None:
    assert wrong_hours(right) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("18:00", "cannot be read at its end (expected timespan_plus)"),
        ("Mo-Fr 10:00-99:00", "cannot be read from its sign 13 on, '99:00' (expected extended_time)"),
        ("18:00+", "has no end (+): write `starts`"),
        ("Mo-Fr", "has days without hours (Mo-Fr): write `days`"),
        ("Mo-Fr 10:00-12:00; Dec 24", "has days without hours (Dec 24)"),
        ("Mo-Fr 10:00-12:00, Sa", "has days without hours (Sa)"),
        ("PH off", "holds no hours"),
        ("Mo-Fr 10:00-16:00; We 12:00-13:00 off", "closes for some hours"),
        ("week 1-53/2 Sa 10:00-12:00", "counts weeks anew each year"),
        ("Mo-Fr sunrise-18:00", "holds 'sunrise'"),
        ('Mo-Fr 10:00-12:00 "if cold"', "holds '\"'"),
        ("Mo-Fr 10:00-12:00 unknown", "holds 'unknown'"),
    ],
)
def test_hours_that_no_caller_could_be_told_are_refused(wrong: str, sentence: str) -> None:
    assert (wrong_hours(wrong) or "").startswith(sentence)


@pytest.mark.parametrize("right", ["Mo-Fr", "Mo,We; PH off", "Sa[1]", "Nov-Mar Sa"])
def test_days_alone_are_taken(right: str) -> None:
    assert wrong_days(right) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [("Mo-Fr 10:00-12:00", "holds hours"), ("Mondays", "cannot be read"), ("Mo unknown", "holds 'unknown'")],
)
def test_days_that_are_no_days_alone_are_refused(wrong: str, sentence: str) -> None:
    assert (wrong_days(wrong) or "").startswith(sentence)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    rule = of_hours("Mo-Su 22:00-06:00; PH off")
    assert [[str(moment) for moment in night] for night in rule.on(date(2026, 12, 24))] == [NIGHT]
    assert list(rule.on(date(2026, 12, 25))) == []


def test_a_service_says_when_in_exactly_one_way() -> None:
    assert said()[0].startswith("services/it.yaml: does not say when: write one of hours, starts, days")
    assert said(days="Mo", unknown=True) == [
        "services/it.yaml: unknown: says when in another way than 'days': keep one of the two."
    ]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"hours": "18:00+"}, "hours"),
        ({"days": "10:00-12:00"}, "days"),
        ({"starts": {"days": "Mondays", "at": "18:00"}}, "starts.days"),
        ({"days": "Sa", "anchor": "2026-11-28"}, "anchor"),
        ({"unknown": True, "over_by": "12:00"}, "over_by"),
        ({"unknown": True, "closed": [{"from": "2026-11-28", "to": "2026-11-27"}]}, "closed.0"),
        ({"unknown": True, "telephone": "phone.gone"}, "telephone"),
    ],
)
def test_a_mistake_is_named_with_its_place(fields: dict[str, Any], place: str) -> None:
    assert [one.split(": ")[1] for one in said(**fields)] == [place]


def test_a_sound_service_has_no_mistakes() -> None:
    fortnight = {"every_weeks": 2, "anchor": "2026-11-28", "closed": [{"from": "2026-12-24", "to": "2026-12-26"}]}
    assert said(("it.phone",), days="Sa", over_by="18:00", telephone="it.phone", **fortnight) == []


def test_half_hours_and_every_hour_that_a_service_names_can_be_said() -> None:
    hours = spoken_hours(
        [
            service(hours="Mo 9:10-12:00; Tu 22:00-26:20"),
            service(starts={"days": "Mo", "at": "17:45"}),
            service(unknown=True, opened=[{"on": "2026-12-24", "hours": "10:05-11:00"}]),
        ]
    )
    assert len(hours) == 48 + 4
    assert {"00:00", "23:30", "09:10", "02:20", "17:45", "10:05"} <= set(hours)
