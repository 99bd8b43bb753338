"""The studio by telephone: a notice that one call publishes, and what other calls hear of it."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.phone import Phone
from tests.release import Published
from tests.running_line import IVR, RunningLine, listens, running_line

LATER = "Etc/GMT-14"  # POSIX counts the other way: fourteen hours before Greenwich's midnight it is tomorrow here


def today_zone() -> str:
    """Return a time zone where it is a day earlier than in LATER, and neither just after nor just before midnight."""
    return "Etc/GMT+10" if datetime.now(UTC).hour >= 10 else "Etc/GMT+12"


@pytest.fixture(scope="module")
def opened(release: Published) -> Iterator[RunningLine]:
    with running_line(release, time_zone=today_zone()) as running:
        yield running


@pytest.fixture
def line(opened: RunningLine) -> Iterator[RunningLine]:
    """A line without notices, volunteers and mails."""
    yield opened
    for name in ("notices", "volunteers", "studio-mails"):
        shutil.rmtree(opened.state / name, ignore_errors=True)


def ivr(line: RunningLine, *arguments: str) -> str:
    """Run a verb on this line and return what it printed."""
    environment = {**os.environ, **line.settings}
    return subprocess.run([IVR, *arguments], env=environment, capture_output=True, text=True, check=True).stdout


def pin_of(line: RunningLine, name: str = "alice", languages: str = "en,fr") -> str:
    told = ivr(line, "volunteers", "add", name, "--languages", languages, "--mail", f"{name}@example.org")
    return "".join(filter(str.isdigit, told.partition("PIN is ")[2].partition(".")[0]))


def enters(phone: Phone, pin: str, language: str = "en") -> None:
    phone.call("studio")
    phone.hears("en/studio-pin")
    phone.press(pin)
    phone.hears(f"{language}/studio-menu", timeout=20)


def cancels_the_evening_meal(phone: Phone) -> None:
    """Press the keys of a tired volunteer who waits for each question."""
    phone.press("1")
    phone.hears("en/studio-which", "en/digit.1", "en/service.evening-meal")
    phone.press("1")
    phone.hears("en/studio-change")
    phone.press("1")
    phone.hears("en/studio-until")
    phone.press("1")
    phone.hears("en/service.evening-meal", "en/notice-cancelled", "en/studio-last-day", "en/today")
    phone.hears("en/studio-publish")
    phone.press("1")
    phone.hears_whole("en/studio-published")


def in_another_language(phone: Phone, key: str, language: str) -> None:
    """Go from wherever the call is to the main menu of another language."""
    phone.press("0")
    phone.press("*")
    phone.press(key)
    phone.hears(f"{language}/main.1")


def test_a_notice_by_telephone_is_heard_in_three_languages_and_gone_after_its_end(line: RunningLine) -> None:
    pin = pin_of(line)
    with line.phone() as phone:
        enters(phone, pin)
        cancels_the_evening_meal(phone)
    with line.phone() as phone:
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
    with served_in(line, LATER), line.phone() as phone:  # where the notice's last day is over
        phone.call("line-en")
        phone.press("21")
        phone.hears("en/meals.evening", timeout=20)
        assert "en/notice-cancelled" not in phone.story()


@contextlib.contextmanager
def served_in(line: RunningLine, zone: str) -> Iterator[None]:
    """Let the line's server tell the time of another zone for a while."""
    usual = line.settings["IVR_TIME_ZONE"]
    try:
        serve_anew(line, zone)
        yield
    finally:
        serve_anew(line, usual)


def serve_anew(line: RunningLine, zone: str) -> None:
    line.stop("serve")
    line.settings["IVR_TIME_ZONE"] = zone
    line.start("serve")
    line.asterisk.wait_for(lambda: listens(line.asterisk.wiring.agi_port), 30, "the server")


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
    with line.phone() as phone:
        phone.call("line-vi")
        phone.press("1")
        phone.hears_whole("vi/service.evening-meal", "vi/notice-new-time", "vi/today", "vi/at.23-30", timeout=40)
    with line.phone() as phone:
        phone.call("line")
        phone.hears("en/notice-new-time", "en/at.23-30", "en/service.clinic", timeout=90)
        assert "en/essentials" not in phone.story()


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
