"""The studio by telephone: a notice that one call publishes, and what other calls hear of it."""

import json

import pytest

from tests.line.studio import (
    LATER,
    cancels_the_evening_meal,
    enters,
    in_another_language,
    line,
    opened,
    pin_of,
    served_in,
)
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(141)

__all__ = ["line", "opened"]


def test_a_notice_by_telephone_is_heard_in_three_languages_and_gone_after_its_end(line: RunningLine) -> None:
    pin = pin_of(line)
    with line.phone() as phone:
        enters(phone, pin)
        cancels_the_evening_meal(phone)
    with line.phone(only_listens=True) as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        for key, language in (("", "en"), ("2", "fr"), ("3", "ar")):
            if key:
                in_another_language(phone, key, language)
            phone.press("1")
            phone.hears_whole(f"{language}/service.evening-meal", f"{language}/notice-cancelled")
            phone.hears(f"{language}/notice-next", f"{language}/tomorrow", f"{language}/at.18-00")
            phone.press("0")
            phone.press("21")
            phone.hears_whole(f"{language}/service.evening-meal", f"{language}/notice-cancelled")
            phone.hears(f"{language}/meals.noon", timeout=40)
        assert not {name for name in phone.story() if "meals.evening" in name}
    assert line.release.line == json.loads((line.release.folder / "current/line.json").read_text())
    with served_in(line, LATER), line.phone(only_listens=True) as phone:  # where the notice's last day is over
        phone.call("line-en")
        phone.press("21")
        phone.hears("en/meals.evening", timeout=20)
        assert "en/notice-cancelled" not in phone.story()


def test_a_new_time_is_said_in_place_of_the_usual_one_to_who_presses_nothing_too(line: RunningLine) -> None:
    with line.phone() as phone:
        enters(phone, pin_of(line))
        phone.press("11")
        phone.hears("en/studio-change")
        phone.press("2")
        phone.hears("en/studio-time")
        phone.press("2315")
        phone.hears("en/studio-time-wrong", "en/studio-time")
        phone.press("2330")
        phone.hears("en/studio-until")
        phone.press("1")
        phone.hears("en/notice-new-time", "en/at.23-30", "en/studio-publish")
        phone.press("1")
        phone.hears("en/studio-published")
    with line.phone(only_listens=True) as phone:
        phone.call("line-vi")
        phone.press("1")
        phone.hears_whole("vi/service.evening-meal", "vi/notice-new-time", "vi/today", "vi/at.23-30", timeout=40)
    with line.phone(only_listens=True) as phone:
        phone.call("line")
        phone.hears("en/notice-new-time", "en/at.23-30", "en/service.clinic", timeout=90)
        assert "en/essentials" not in phone.story()
