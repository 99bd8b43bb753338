"""The seconds as a person reads them."""

from ivr.content.models import Content, SectionFile
from ivr.content.seconds import Silent, Wait
from ivr.content.timetable import nothing_pressed, summary, table

CLIPS = [{"id": "evening", "says": "Food at {evening-meal}, {place}."}, {"id": "noon", "says": "Also at noon."}]
MEALS = SectionFile.model_validate({"title": "Meals", "source": "leaflet", "checked": "never", "clips": CLIPS})
WAITS = [
    Wait("fr", "open-now", "service.supper", 99.0, 99.0, 99.0),
    Wait("fr", "meals", "meals.evening", 20.0, 9.5, 4.25),
    Wait("fr", "meals", "meals.noon", 25.0, 14.5, 9.0),
    Wait("fr", "rights", "rights.one", 30.0, 8.0, 2.0),
    Wait("fr", "witness", "tone", 40.0, 35.0, 0.9),
]


def test_each_clip_has_a_line_with_its_waits_and_facts_below_its_section() -> None:
    lines = list(table(WAITS[1:3], Content(sections={"meals": MEALS})))
    assert lines == [
        "  meals",
        "   20.0     9.5     4.2 meals.evening {evening-meal} {place}",
        "   25.0    14.5     9.0 meals.noon",
    ]


def test_the_longest_waits_are_those_for_the_first_clips_and_what_is_open_has_none() -> None:
    figures = [float(one) for one in summary(WAITS).split()[1:]]
    assert figures == [20.0, 9.5, 4.2, 30.0, 9.5, 4.2, 40.0, 35.0, 0.9]


def test_who_presses_nothing_has_a_sentence() -> None:
    said = nothing_pressed(Silent(essentials={"en": 19.14, "fr": 27.9}, end=113.1, tone=37.94))
    assert said == ("Who presses nothing: essentials en 19.1, fr 27.9; end of the call 113.1; witness tone 37.9.")
