"""kill -9 at random moments: of the sealer, of Asterisk, of both; nothing that reached memory is lost."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.reports import kernel, part
from ivr.reports.desk import Kept
from ivr.reports.folder import Report
from ivr.reports.memory import Memory, Part
from ivr.reports.opening import open_report
from tests.reports.asterisk_like import SHORTENED, sound_of
from tests.reports.sealed_line import ALICE, SealedLine, speech, wait_for

WITNESSES = [f"witness{number:02d}" for number in range(20)]


def start_asterisk(line: SealedLine, names: list[str] = WITNESSES) -> "subprocess.Popen[bytes]":
    program = [sys.executable, "-m", "tests.reports.asterisk_like", str(line.recordings), "0.008", *names]
    return subprocess.Popen(program, cwd=Path(__file__).parents[2])


def shortly(chance: random.Random) -> None:
    time.sleep(chance.uniform(0, 0.15))


def all_ended(line: SealedLine, names: list[str]) -> bool:
    reports = [Report(line.reports / name) for name in names]
    return all(report.ended(Part(report.name, 1)) for report in reports) and not list(line.recordings.iterdir())


@pytest.mark.parametrize("seed", range(4))
def test_a_sealer_killed_again_and_again_loses_nothing(line: SealedLine, seed: int) -> None:
    chance = random.Random(seed)
    asterisk = start_asterisk(line)
    sealer = line.start_sealer()
    wait_for(lambda: list(line.recordings.iterdir()))
    for _ in range(5):
        shortly(chance)
        sealer.kill()
        sealer.wait()
        sealer = line.start_sealer()
        time.sleep(chance.uniform(0.2, 0.45))
    assert asterisk.wait(60) == 0
    wait_for(lambda: all_ended(line, WITNESSES))
    for place, name in enumerate(WITNESSES):
        spoken = sound_of(name)
        least = len(spoken) - (SHORTENED if place % 2 else 0)
        assert line.opened(name)[:least] == spoken[:least]
        assert Report(line.reports / name).verify() == []


@pytest.mark.parametrize("seed", range(4))
def test_what_asterisk_wrote_before_it_was_killed_is_delivered(line: SealedLine, seed: int) -> None:
    chance = random.Random(seed)
    sealer = line.running().sealers[0]
    asterisk = start_asterisk(line)
    wait_for(lambda: list(line.reports.glob("witness*")))
    shortly(chance)
    sealer.send_signal(signal.SIGSTOP)
    asterisk.kill()
    asterisk.wait()
    written = {path.name.split(".")[0]: path.stat().st_size for path in line.recordings.iterdir()}
    sealer.send_signal(signal.SIGCONT)
    wait_for(lambda: not list(line.recordings.iterdir()))
    for name, size in written.items():
        assert size == 0 or line.opened(name)[:size] == sound_of(name)[:size]


def test_sealer_and_asterisk_killed_at_once_lose_nothing_that_was_in_memory(line: SealedLine) -> None:
    sealer = line.running().sealers[0]
    asterisk = start_asterisk(line)
    wait_for(lambda: list(line.reports.glob("witness*")))
    for process in (asterisk, sealer):
        process.kill()
        process.wait()
    written = {path.name.split(".")[0]: path.stat().st_size for path in line.recordings.iterdir()}
    line.start_sealer()
    wait_for(lambda: not list(line.recordings.iterdir()))
    for name, size in written.items():
        if size:
            assert line.opened(name)[:size] == sound_of(name)[:size]


def test_a_report_whose_memory_went_with_the_power_stays_readable_and_incomplete(line: SealedLine) -> None:
    sealer = line.running().sealers[0]
    sound = sound_of("witness")
    with (line.recordings / "witness1.1.sln").open("wb", buffering=0) as recording:
        recording.write(sound[:65536])
        wait_for(lambda: line.opened("witness1") == sound[:65536])
    sealer.kill()
    sealer.wait()
    for path in line.memory.rglob("*"):
        if path.is_file():
            path.unlink()
    line.running()
    report = Report(line.reports / "witness1")
    wait_for(lambda: len(report.card().files) == 2)
    assert not report.card().complete
    assert report.verify() == []


def test_lengths_and_digests_survive_a_killed_sealer(line: SealedLine) -> None:
    sealer = line.running().sealers[0]
    sound = speech(7)
    with (line.recordings / "aaaaaaaa.1.sln").open("wb", buffering=0) as recording:
        recording.write(sound[:70_000])
        wait_for(lambda: len(line.opened("aaaaaaaa")) == 65536)
        sealer.kill()
        sealer.wait()
        recording.write(sound[70_000:])
    line.start_sealer()
    assert line.desk.kept("aaaaaaaa", 1, 20) == Kept(7.0, voice=True, complete=True)
    opened = open_report(Report(line.reports / "aaaaaaaa"), ALICE)
    assert opened.parts[0].sound == sound
    assert [told["sound"] for told in opened.parts[0].end["slices"] if told["sound"] == "unknown"] == []


def test_a_sealer_that_died_between_the_end_and_the_clearing_up_ends_the_part_once(
    line: SealedLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    finish = part.Recording.finish
    monkeypatch.setattr(part.Recording, "finish", die)
    with pytest.raises(KeyboardInterrupt):
        line.sealed(speech(7))
    monkeypatch.setattr(part.Recording, "finish", finish)
    line.running()
    wait_for(lambda: not list(line.recordings.iterdir()))
    report = Report(line.reports / "aaaaaaaa")
    assert report.parts() == [Part("aaaaaaaa", 1)]
    assert open_report(report, ALICE).parts[0].sound == speech(7)


def test_without_leases_a_recording_ends_when_it_has_been_quiet_for_long(
    line: SealedLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> bool:
        raise kernel.LeaseRefused("no capability")

    monkeypatch.setattr(kernel, "still_written", refuse)
    now = [0.0]
    monkeypatch.setattr(part, "monotonic", lambda: now[0])
    path = line.recordings / "aaaaaaaa.1.sln"
    path.write_bytes(b"")
    report = Report(line.reports / "aaaaaaaa")
    recording = part.Recording(path, Part("aaaaaaaa", 1), report, Memory(line.memory))
    ended = []
    for second in (30, 60, 90, 120, 130):
        now[0] = second
        path.write_bytes(bytes(min(second, 60)))  # grows until the sixtieth second
        ended.append(recording.ended())
    recording.close()
    assert ended == [False, False, False, True, True]
