"""What somebody has to confirm, and from which day on."""

from datetime import date
from typing import Any

from ivr.content.due import Due, due, told
from ivr.content.models import Content, SectionFile, ServiceFile

YEAR_AGO = date(2025, 11, 27)


def section(checked: Any) -> SectionFile:
    clips = [{"id": "one", "says": "One."}]
    return SectionFile.model_validate({"title": "Meals", "source": "leaflet", "checked": checked, "clips": clips})


def service(checked: Any) -> ServiceFile:
    return ServiceFile(need="food", says="Supper", source="leaflet", checked=checked, unknown=True)


def test_what_was_never_confirmed_is_due() -> None:
    content = Content(sections={"meals": section("never")}, services={"supper": service("never")})
    assert list(due(content, YEAR_AGO)) == [Due("leaflet/meals.yaml", None), Due("services/supper.yaml", None)]


def test_what_was_confirmed_on_the_first_day_that_counts_is_not_due() -> None:
    assert list(due(Content(sections={"meals": section(YEAR_AGO)}), YEAR_AGO)) == []


def test_what_was_confirmed_a_day_earlier_is_due_with_that_day() -> None:
    late = date(2025, 11, 26)
    assert list(due(Content(services={"supper": service(late)}), YEAR_AGO)) == [Due("services/supper.yaml", late)]


def test_a_day_is_told_by_file_and_the_rest_in_one_sentence() -> None:
    sentences = list(told([Due("leaflet/meals.yaml", date(2020, 1, 2)), Due("services/a.yaml", None)]))
    assert sentences == [
        "leaflet/meals.yaml: was last confirmed on 2020-01-02: ask again, and write the day in `checked`.",
        "1 files were never confirmed: services/a.",
    ]


def test_where_nothing_is_due_nothing_is_told() -> None:
    assert list(told([])) == []
