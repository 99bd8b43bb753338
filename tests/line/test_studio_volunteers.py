"""Volunteers at the studio: how a notice ends, the mail that all of them get, and PINs that are guessed."""

import json
from pathlib import Path

import pytest

from tests.line.studio import cancels_the_evening_meal, enters, ivr, line, opened, pin_of
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(107)

__all__ = ["line", "opened"]


def test_a_notice_is_ended_by_keys_or_by_the_command_line_and_kept(line: RunningLine) -> None:
    pin = pin_of(line)
    with line.phone() as phone:
        enters(phone, pin)
        cancels_the_evening_meal(phone)
        phone.hears("en/studio-menu")
        phone.press("2")
        phone.hears("en/service.evening-meal", "en/notice-cancelled", "en/studio-end")
        phone.press("1")
        phone.hears_whole("en/studio-ended")
        phone.hears("en/studio-menu")
        cancels_the_evening_meal(phone)
    (listed, _) = ivr(line, "notices", "list").splitlines()
    name = listed.split()[0]
    assert listed.endswith("(by alice)")
    assert "evening-meal, cancelled, until " in listed
    assert "evening-meal, cancelled" in ivr(line, "notices", "end", name)
    assert ivr(line, "notices", "list") == "0 in force.\n"
    assert len(list((line.state / "notices/over").iterdir())) == 2
    with line.phone() as phone:
        phone.call("line-en")
        phone.press("21")
        phone.hears("en/meals.evening", timeout=20)


def test_every_volunteer_is_told_by_mail_of_each_publication(line: RunningLine) -> None:
    pin_of(line, "bob", "ar")
    with line.phone() as phone:
        enters(phone, pin_of(line))
        cancels_the_evening_meal(phone)
    (mail,) = (json.loads(path.read_text()) for path in (line.state / "studio-mails").glob("*.json"))
    assert mail["to"] == ["alice@example.org", "bob@example.org"]
    assert mail["subject"].startswith("Notice: evening-meal, cancelled, until ")
    assert "Published by alice." in mail["text"]


def test_guessing_pins_locks_the_studio_and_no_log_holds_one(line: RunningLine) -> None:
    pin = pin_of(line)
    wrong = [f"{(int(pin) + step) % 10**8:08d}" for step in range(1, 6)]
    with line.phone() as phone:
        phone.call("studio")
        for one in wrong[:3]:
            phone.hears("en/studio-pin")
            phone.press(one)
        phone.wait_hung_up(30)
    with line.phone() as phone:
        phone.call("studio")
        for one in wrong[3:]:
            phone.hears("en/studio-pin")
            phone.press(one)
        phone.hears("en/studio-pin-wrong")
        phone.press(pin)
        phone.hears_whole("en/studio-locked", "fr/studio-locked")
        phone.wait_hung_up(30)
        assert not {name for name in phone.story() if "studio-menu" in name}
    assert "locked" in ivr(line, "volunteers", "list")
    files = [path for root in (line.state, line.asterisk.exchange.state) for path in root.rglob("*") if path.is_file()]
    assert [path for path in files if path.name == "messages.log"]
    assert [path for path in files if holds_any(path, [pin, *wrong])] == []
    ivr(line, "volunteers", "unlock")
    with line.phone() as phone:
        enters(phone, pin)


def holds_any(path: Path, pins: list[str]) -> bool:
    content = path.read_bytes()
    return any(pin.encode() in content for pin in pins)
