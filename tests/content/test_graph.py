"""The drawing of the menus."""

import re
from xml.etree import ElementTree as ET

from ivr.callflow.line import Choice, Line, Menu
from ivr.content.graph import svg
from ivr.content.models import Content, FixedPhrase, MenuFile, SectionFile
from ivr.content.ways import WITNESS_LINE, ways
from tests.callflow.telling import small_line

LINE = small_line()
TITLES = {"meals": "Meals & more", "rights": "Rights", "more-rights": "More rights"}


def content() -> Content:
    section = {"source": "leaflet", "checked": "never", "clips": [{"id": "one", "says": "One."}]}
    return Content(
        phrases={"now-title": FixedPhrase(says="Open now")},
        menus={name: MenuFile(title=f"Menu {name}", choices={}) for name in ("main", "daily", "loop")},
        sections={name: SectionFile.model_validate({"title": title, **section}) for name, title in TITLES.items()},
    )


def texts(line: Line = LINE, arrivals: dict[Choice, float] | None = None) -> list[str]:
    drawing = ET.fromstring(svg(line, content(), arrivals or {}))  # noqa: S314 - our own drawing
    return ["".join(one.itertext()) for one in drawing.iter("{http://www.w3.org/2000/svg}text")]


def test_every_place_is_drawn_once_by_its_title() -> None:
    titles = [text for text in texts() if len(text) > 4]
    assert sorted(titles) == sorted(
        ["Languages", "Menu main", "Open now", "Menu daily", *TITLES.values(), "Witness line"]
    )


def test_every_edge_has_its_key_and_seconds() -> None:
    arrivals = {Choice(menu="daily"): 0.6, Choice(section="meals"): 6.64, WITNESS_LINE: 0.9}
    assert {"20.6 s", "16.6 s", "90.9 s", "3", "then"} <= set(texts(arrivals=arrivals))


def test_the_drawing_is_the_same_every_time_and_stands_on_white() -> None:
    assert svg(LINE, content(), {}) == svg(LINE, content(), {})
    assert '<rect width="100%" height="100%" fill="#ffffff"/>' in svg(LINE, content(), {})


def test_no_two_boxes_overlap() -> None:
    boxes = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', svg(LINE, content(), {}))
    places = [tuple(float(number) for number in box) for box in boxes]
    assert len(places) == 8
    for number, (x, y, width) in enumerate(places):
        for other_x, other_y, other_width in places[:number]:
            assert x + width < other_x or other_x + other_width < x or abs(y - other_y) >= 20


def test_a_menu_that_leads_back_is_drawn_again_without_its_choices() -> None:
    loop = Menu("loop", {"1": Choice(menu="main"), "2": Choice(section="meals")})
    daily = Menu("daily", {"1": Choice(section="meals"), "2": Choice(menu="loop")})
    line = small_line(menus={**LINE.menus, "daily": daily, "loop": loop})
    said = texts(line)
    assert said.count("Menu main") == 2
    assert said.count("Meals & more") == 2
    assert svg(line, content(), {}).count("stroke-dasharray") == 2


def test_the_shortest_way_leads_to_each_place() -> None:
    short = {**LINE.menus["main"].choices, "4": Choice(section="meals")}
    line = small_line(menus={**LINE.menus, "main": Menu("main", short)})
    assert ways(line)[Choice(section="meals")] == (("main", "4"),)
    assert ways(LINE)[Choice(section="meals")] == (("main", "2"), ("daily", "1"))


def test_what_follows_by_itself_has_the_way_of_what_it_follows() -> None:
    assert ways(LINE)[Choice(section="more-rights")] == (("main", "3"),)
