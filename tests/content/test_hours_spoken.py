"""What is open now, as the clips that a caller hears at three times of the year."""

from datetime import datetime, timedelta

import pytest

from ivr.callflow.actions import Clip
from ivr.callflow.line import Line
from ivr.content import plan
from ivr.content.check import check
from ivr.content.models import Content, FixedPhrase, LanguageEntry, Lexicon, ServiceFile
from ivr.content.services import OpenNow
from ivr.content.words import Speaker
from ivr.settings import Settings
from tests.content.services import paris, service

SERVICES = {
    "meal": service(starts={"days": "Mo-Su", "at": "18:00", "lasts": 60}),
    "showers": service(need="washing", unknown=True),
    "emergency": service(need="doctor", hours="24/7"),
    "clinic": service(need="doctor", hours="Mo-Fr 10:00-18:00; PH off"),
    "night": service(need="shelter", hours="21:00-08:30", closed=[{"from": "2026-11-29", "to": "2026-11-30"}]),
    "cold": service(need="shelter", condition="great-cold"),
    "centre": service(need="shelter", days="Mo-Fr", over_by="20:00", telephone="centre.phone"),
    "lesson": service(need="learning", days="Tu"),
}


def entries(at: datetime, when_first: frozenset[str] = frozenset()) -> list[str]:
    said = OpenNow(SERVICES, when_first)(at, "ar")
    assert {clip.language for entry in said for clip in entry} == {"ar"}
    return [" ".join(clip.id for clip in entry) for entry in said]


def test_on_a_weekday_at_noon() -> None:
    assert entries(paris(2026, 11, 23, 12)) == [
        "service.clinic until.18-00",
        "service.emergency open-always",
        "service.meal today at.18-00",
        "service.centre open-today centre.phone",
        "service.night today at.21-00",
        "service.lesson tomorrow hours-unknown",
        "service.showers hours-unknown",
        "service.cold",
    ]


def test_on_a_saturday_night_before_a_closure() -> None:
    assert entries(paris(2026, 11, 28, 23)) == [
        "service.emergency open-always",
        "service.night until.08-30",
        "service.meal tomorrow at.18-00",
        "service.showers hours-unknown",
        "service.clinic day-1 at.10-00",
        "service.centre day-1 hours-unknown centre.phone",
        "service.cold",
        "service.lesson day-2 hours-unknown",
    ]


def test_in_the_night_of_the_clock_change() -> None:
    first, again = paris(2026, 10, 25, 2, 30), paris(2026, 10, 25, 2, 30, fold=1)
    assert entries(first) == entries(again)
    assert entries(again) == [
        "service.emergency open-always",
        "service.night until.08-30",
        "service.meal today at.18-00",
        "service.clinic tomorrow at.10-00",
        "service.centre tomorrow hours-unknown centre.phone",
        "service.showers hours-unknown",
        "service.cold",
        "service.lesson day-2 hours-unknown",
    ]


def test_a_meal_that_goes_on_is_told_by_its_beginning() -> None:
    assert "service.meal began.18-00" in entries(paris(2026, 11, 23, 18, 59))


def test_midnight_is_told_with_the_day_that_it_ends() -> None:
    opens = OpenNow({"it": service(hours="We 00:00-04:00")})
    assert [clip.id for clip in opens(paris(2026, 11, 23, 12), "en")[0]] == ["service.it", "tomorrow", "at.00-00"]


def test_a_language_may_say_when_before_which() -> None:
    said = entries(paris(2026, 11, 23, 12), frozenset({"ar"}))
    assert said[2] == "today at.18-00 service.meal"
    assert said[3] == "open-today service.centre centre.phone"


def content() -> Content:
    hour = {name: FixedPhrase(says="{hour24}") for name in ("hour-evening", "hour-morning-minutes")}
    said = {"open-until": "Open now, until {hour}.", "open-began": "Since {hour}.", "at-hour": "At {hour}."}
    files = {
        name: ServiceFile(**times.model_dump(by_alias=True), says=name, source="leaflet", checked="never")
        for name, times in SERVICES.items()
    }
    return Content(
        languages=(LanguageEntry(code="en", name="English", key="1", when_first=True),),
        phrases={
            **{name: FixedPhrase(says=text) for name, text in said.items()},
            **hour,
            "now-title": FixedPhrase(says="Open"),
        },
        services=files,
        lexicons={"en": Lexicon(numbers={number: f"n{number}" for number in range(60)}, hours={18: "the eighteenth"})},
    )


def line(old_before: datetime = paris(2026, 1, 1)) -> Line:
    return plan.line_of(content(), {"en"}, set(), old_before.date(), witness_number=False)


@pytest.mark.parametrize("at", [paris(2026, 11, 23, 12), paris(2026, 11, 28, 23)])
def test_a_release_keeps_the_services_and_their_closures(at: datetime) -> None:
    assert plan.from_json(plan.to_json(line())).open_now(at, "en") == line().open_now(at, "en")


def test_a_release_without_services_still_opens() -> None:
    old = '{"languages":[],"most_used":[],"menus":{},"sections":{},"fuzzy":[],"witness_number":false}'
    assert plan.from_json(old).open_now(paris(2026, 11, 23, 12), "en") == ()


def test_the_order_of_a_language_is_that_of_its_entry() -> None:
    assert line().open_now(paris(2026, 11, 23, 12), "en")[0] == (
        Clip("en", "until.18-00"),
        Clip("en", "service.clinic"),
    )


def test_services_that_nobody_confirmed_are_known_to_be_old() -> None:
    assert line().old_services == {f"service.{name}" for name in SERVICES}


def test_an_hour_is_text_in_figures_and_speech_in_words() -> None:
    said = {one.id: one for one in Speaker(content(), content().languages[0]).all()[0]}
    assert said["until.18-00"].text == "Open now, until 18:00."
    assert said["until.18-00"].speech == "Open now, until the eighteenth."


def test_every_clip_of_what_is_open_is_spoken() -> None:
    checked = check(Settings().content)
    whole = plan.line_of(checked.content, {"en"}, set(), paris(2026, 1, 1).date(), witness_number=False)
    moments = [paris(2026, 12, 24) + number * timedelta(minutes=31) for number in range(14 * 46)]
    named = {clip.id for at in moments for entry in whole.open_now(at, "en") for clip in entry}
    assert named <= {said.id for said in checked.words["en"]}
    assert any(clip.startswith("until.") for clip in named)
