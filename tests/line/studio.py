"""A volunteer's side of the studio: the keys of a notice, the PIN, and a line in another time zone."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime

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
    empty(opened)


def empty(line: RunningLine) -> None:
    """Take away all notices, volunteers and mails."""
    for name in ("notices", "volunteers", "studio-mails"):
        shutil.rmtree(line.state / name, ignore_errors=True)


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
