"""The sealer, as a process, while recordings grow as Asterisk lets them grow."""

import contextlib
import fcntl
import os
import shutil
from pathlib import Path

import pytest

from ivr.reports import keys, seal
from ivr.reports.desk import Kept
from ivr.reports.folder import Report
from ivr.reports.memory import SLICE, Memory, Part
from tests.reports.sealed_line import ALICE, BOB, SealedLine, open_with_age, speech, wait_for


def fill(junk: Path) -> None:
    with junk.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))


def test_a_slice_is_sealed_while_the_witness_still_speaks(line: SealedLine) -> None:
    line.running()
    sound = speech(4.096)
    with (line.recordings / "aaaaaaaa.1.sln").open("wb", buffering=0) as recording:
        recording.write(sound[:SLICE])
        wait_for(lambda: line.opened("aaaaaaaa") == sound[:SLICE])
        recording.write(sound[SLICE:])
        wait_for(lambda: line.opened("aaaaaaaa") == sound)


def test_either_of_two_readers_opens_alone(line: SealedLine) -> None:
    sound = speech(2.048)
    report = line.running().record(sound)
    assert line.opened(report.name, identity=ALICE) == line.opened(report.name, identity=BOB) == sound


def test_the_sealed_part_of_a_recording_leaves_memory(line: SealedLine) -> None:
    line.running()
    with (line.recordings / "aaaaaaaa.1.sln").open("wb", buffering=0) as recording:
        recording.write(speech(4.096))
        wait_for(lambda: os.fstat(recording.fileno()).st_blocks == 0)


def test_a_recording_that_asterisk_still_writes_is_not_ended(line: SealedLine) -> None:
    line.running()
    with (line.recordings / "aaaaaaaa.1.sln").open("wb", buffering=0) as recording:
        recording.write(speech(3))
        wait_for(lambda: line.opened("aaaaaaaa"))
        assert line.desk.kept("aaaaaaaa", 1, 0.4) is None


def test_the_caller_hears_how_much_was_kept_and_that_a_voice_was_heard(line: SealedLine) -> None:
    line.running()
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(speech(6.25))
    assert line.desk.kept("aaaaaaaa", 1, 20) == Kept(seconds=6.25, voice=True, complete=True)


def test_the_caller_hears_that_no_voice_was_heard(line: SealedLine) -> None:
    line.running()
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(bytes(50_000))
    assert line.desk.kept("aaaaaaaa", 1, 20) == Kept(seconds=3.125, voice=False, complete=True)


def test_what_was_sealed_stands_when_asterisk_shortens_the_recording(line: SealedLine) -> None:
    line.running()
    sound = speech(4.096)
    with (line.recordings / "aaaaaaaa.1.sln").open("wb", buffering=0) as recording:
        recording.write(sound)
        wait_for(lambda: line.opened("aaaaaaaa") == sound)
        recording.truncate(len(sound) - 4800)
    assert line.desk.kept("aaaaaaaa", 1, 20) == Kept(4.096, voice=True, complete=True)
    assert line.opened("aaaaaaaa") == sound


def test_another_part_adds_and_replaces_nothing(line: SealedLine) -> None:
    first, second = speech(2.048, 1), speech(2.048, 2)
    report = line.running().record(first)
    line.record(second, report.name, part=2)
    assert (line.opened(report.name, 1), line.opened(report.name, 2)) == (first, second)


def test_a_second_recording_under_the_same_name_adds_too(line: SealedLine) -> None:
    first, second = speech(2.048, 1), speech(2.048, 2)
    report = line.running().record(first)
    (line.recordings / f"{report.name}.1.sln").write_bytes(second)
    wait_for(lambda: line.opened(report.name, 2) == second)
    assert line.opened(report.name, 1) == first


def test_a_recording_of_the_dialplan_alone_becomes_a_report(line: SealedLine) -> None:
    line.running()
    sound = speech(2.048)
    (line.recordings / "183746501837465.sln").write_bytes(sound)
    wait_for(lambda: line.opened("183746501837465") == sound)


def test_a_recording_under_any_name_becomes_a_report(line: SealedLine) -> None:
    line.running()
    (line.recordings / "Ünfug ..sln").write_bytes(speech(2.048))
    wait_for(lambda: [path for path in line.reports.iterdir() if (path / "report.json").exists()])


def test_a_caller_who_says_nothing_at_all_leaves_no_report(line: SealedLine) -> None:
    line.running()
    (line.recordings / "aaaaaaaa.1.sln").touch()
    assert line.desk.kept("aaaaaaaa", 1, 20) == Kept(0, voice=False, complete=True)
    assert not (line.reports / "aaaaaaaa").exists()


def test_memory_holds_nothing_of_a_report_that_has_ended(line: SealedLine) -> None:
    line.running().record(speech(3))
    left = [path for path in line.memory.rglob("*") if path.is_file() and path.parent.name != "kept"]
    assert left == []


def test_the_number_of_files_tells_a_length_only_roughly(line: SealedLine) -> None:
    line.running()
    counts = [len(line.record(speech(seconds)).slices(Part("aaaaaaaa", 1))) for seconds in (18.5, 24, 32.7)]
    assert counts == [16, 16, 16]


def test_slices_of_sound_are_of_one_size_whatever_was_said(line: SealedLine) -> None:
    report = line.running().record(speech(2.048) + b"\x01\x00")
    sizes = [(report.path / name).stat().st_size for name in report.slices(Part(report.name, 1))]
    # age adds a line of random length on purpose ("grease"), so that sizes scatter by themselves
    assert max(sizes) - min(sizes) < 500


def test_files_show_the_day_and_not_the_hour(line: SealedLine) -> None:
    report = line.running().record(speech(3))
    times = {path.stat().st_mtime % 86400 for path in [report.path, *report.path.iterdir()]}
    assert times == {12 * 3600}


def test_a_note_is_sealed_into_its_report_and_leaves_memory(line: SealedLine) -> None:
    line.running()
    line.desk.note("aaaaaaaa", 1, {"language": "ar", "question": "where"})
    line.record(speech(2.048), "aaaaaaaa")
    wait_for(lambda: not list(Memory(line.memory).notes.iterdir()))
    [note] = (line.reports / "aaaaaaaa").glob("0001-note-*.json.age")
    assert b'"language": "ar"' in open_with_age(note, BOB)


def test_an_urgent_note_posts_a_mail_that_names_nothing(line: SealedLine) -> None:
    line.running().record(speech(2.048), "aaaaaaaa")
    line.desk.note("aaaaaaaa", 1, {"urgent": True, "language": "ar"})
    [mail] = wait_for(lambda: list((line.root / "mails").glob("urgent-*.json")))
    assert "aaaaaaaa" not in mail.read_text()


def test_a_second_sealer_is_refused_with_a_sentence(line: SealedLine) -> None:
    line.running()
    assert line.start_sealer().wait(60) != 0
    assert "Another sealer already works" in line.said()


def test_whoever_looks_for_a_sealer_keeps_none_from_starting(line: SealedLine) -> None:
    line.reports.mkdir(parents=True, exist_ok=True)
    looking = os.open(line.reports, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH)
    handles = Path(f"/proc/{line.start_sealer().pid}/fd")
    wait_for(lambda: line.reports in [handle.readlink() for handle in handles.iterdir() if handle.is_symlink()])
    os.close(looking)
    line.record(speech(2.048))
    assert "Another sealer" not in line.said()


def test_the_line_does_not_open_with_one_reader() -> None:
    with pytest.raises(keys.KeysRefused, match="At least 2 people"):
        keys.Seal([str(ALICE.to_public())])


def test_a_hundred_witnesses_at_once_lose_nothing(line: SealedLine) -> None:
    line.running()
    names = [f"witness{number:03d}" for number in range(100)]
    sounds = {name: speech(5, seed) for seed, name in enumerate(names)}
    files = {name: (line.recordings / f"{name}.1.sln").open("wb", buffering=0) for name in names}
    for start in range(0, len(sounds[names[0]]), SLICE):
        for name in names:
            files[name].write(sounds[name][start : start + SLICE])
    for file in files.values():
        file.close()
    assert {line.desk.kept(name, 1, 60) for name in names} == {Kept(5.0, voice=True, complete=True)}
    assert all(line.opened(name)[: len(sounds[name])] == sounds[name] for name in names)


def test_two_full_reports_fit_on_a_disk_that_others_filled(line: SealedLine, small_disk: Path) -> None:
    line.root = small_disk
    line.longest = 10
    line.running()
    wait_for((small_disk / "reports/.reserve").exists)
    fill(small_disk / "junk")
    sounds = [speech(10, seed) for seed in (1, 2)]
    reports = [line.record(sound) for sound in sounds]
    assert [line.opened(report.name)[:160_000] for report in reports] == sounds


def test_a_full_disk_is_told_and_keeps_what_was_sealed(line: SealedLine, small_disk: Path) -> None:
    line.root = small_disk
    line.longest = 10
    line.running()
    sound = speech(1500)
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(sound)
    kept = line.desk.kept("aaaaaaaa", 1, 60)
    assert kept is not None
    assert not kept.complete
    wait_for(lambda: not line.desk.has_room())
    sealed = line.opened("aaaaaaaa")
    assert len(sealed) == kept.seconds * 16000
    assert sound.startswith(sealed)


def test_sealing_goes_on_when_a_full_disk_has_space_again(line: SealedLine, small_disk: Path) -> None:
    line.root = small_disk
    line.longest = 10
    (small_disk / "junk").write_bytes(bytes(23 << 20))
    line.running()
    sound = speech(60)
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(sound)
    wait_for(lambda: "is full" in line.said())
    (small_disk / "junk").unlink()
    wait_for((small_disk / "reports/aaaaaaaa/0001-end.json.age").exists)
    assert line.opened("aaaaaaaa")[: len(sound)] == sound


def test_the_report_can_be_moved_as_plain_files(line: SealedLine, tmp_path: Path) -> None:
    report = line.running().record(speech(3))
    shutil.copytree(report.path, tmp_path / "copy" / report.name)
    assert Report(tmp_path / "copy" / report.name).verify() == []


def test_a_full_memory_is_emptied_by_sealing(line: SealedLine, small_disk: Path) -> None:
    line.memory = small_disk
    Memory(small_disk).make()
    sound = speech(60)
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(sound)
    fill(small_disk / "junk")
    line.start_sealer()
    wait_for(lambda: not list(line.recordings.iterdir()))
    assert line.opened("aaaaaaaa")[: len(sound)] == sound


def test_a_sealer_that_lags_raises_one_alarm_that_names_nothing(
    line: SealedLine, small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(seal, "TOO_LATE", -1)
    fill(small_disk / "junk")
    (line.recordings / "aaaaaaaa.1.sln").write_bytes(speech(3))
    both = keys.Seal([str(ALICE.to_public()), str(BOB.to_public())])
    sealer = seal.Sealer(seal.Places(line.memory, small_disk, line.root / "mails"), both, 10)
    for _ in range(3):
        sealer.look()
    said = capsys.readouterr().err
    assert said.count("ALARM") == 1
    assert "aaaaaaaa" not in said
    assert (line.root / "mails/alarm.json").exists()
