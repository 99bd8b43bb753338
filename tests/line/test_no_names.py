"""DNS is gone: the name server swallows every question, and calls are answered as quickly as ever."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_fixture import World
from tests.line.witness import QUIET, opened, pause, reports, sealed, speech, to_the_tone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(15)

NAME_SERVER = f"127.53.{os.getpid() // 256 % 256}.{os.getpid() % 256}"  # nobody else's, all of 127/8 is this machine
A_LOOK_UP = 2.0  # seconds that a program waits here for an answer
SWALLOWS = f"""
import socket, sys
ears = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)]
for ear in ears:
    ear.bind(("{NAME_SERVER}", 53))
ears[1].listen()
print("listens", flush=True)
while True:
    print(ears[0].recv(1024), flush=True)
"""
WORDS = speech(3, 71)


@pytest.fixture
def questions(tmp_path: Path) -> Iterator[Path]:
    """Listen where names are asked for, never answer, and write each question down in a line.

    A user who is not root needs sudo for that port.
    """
    rights = ["sudo", "-n"] if os.getuid() else []
    asked = tmp_path / "questions"
    with asked.open("wb") as heard, subprocess.Popen([*rights, sys.executable, "-c", SWALLOWS], stdout=heard) as server:
        until = time.monotonic() + 20
        while not asked.stat().st_size:
            assert time.monotonic() < until, "the name server does not listen"
            time.sleep(0.05)
        yield asked
        server.terminate()


@pytest.fixture
def nameless(questions: Path, tmp_path: Path) -> World:
    """A world that asks that name server alone, and knows no name by heart."""
    asked = tmp_path / "resolv.conf"
    asked.write_text(f"nameserver {NAME_SERVER}\noptions timeout:{A_LOOK_UP:g} attempts:1\n")
    known = tmp_path / "hosts"
    known.write_text("127.0.0.1 localhost\n")
    files = {"/etc/resolv.conf": asked, "/etc/hosts": known}
    binds = (word for name, file in files.items() for word in ("--ro-bind", str(file), str(Path(name).resolve())))
    return World(inside=("bwrap", "--dev-bind", "/", "/", *binds, "--die-with-parent", "--"))


@pytest.fixture
def line(release: Published, nameless: World) -> Iterator[RunningLine]:
    with running_line(release, world=nameless) as running:
        yield running


def answered_after(line: RunningLine) -> float:
    """Call, hear the menu and press a key; return how long the answer took."""
    with line.phone() as phone:
        dialled = time.monotonic()
        phone.call("line-en", timeout=30)
        answered = time.monotonic() - dialled
        phone.hears("en/main.1")
        phone.press("2")
        phone.hears("en/daily.1")
    return answered


def test_calls_are_answered_as_quickly_as_ever_and_none_asks_for_a_name(
    line: RunningLine, nameless: World, questions: Path
) -> None:
    asked = time.monotonic()
    found = subprocess.run([*nameless.inside, "getent", "hosts", "example.org"], check=False)
    assert found.returncode
    assert time.monotonic() - asked >= A_LOOK_UP
    assert statistics.median(answered_after(line) for _ in range(5)) < A_LOOK_UP / 2
    with line.phone() as phone:
        to_the_tone(phone)
        pause(phone, 1)
        phone.say(WORDS + QUIET)
        phone.hang_up()
    sealed(line)
    (report,) = reports(line).values()
    assert decoded(WORDS) in opened(line, report).parts[0].sound
    asked_for = questions.read_text().splitlines()[1:]
    assert asked_for
    assert [one for one in asked_for if "example" not in one] == []
