"""The second place, the monthly test, and the rounds by the clock."""

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ivr.reports import answers, code, outbox, rekey, rounds, shelf, sync, trial
from ivr.reports.answer import answer
from ivr.reports.export import write_wave
from ivr.reports.folder import Report
from ivr.reports.keys import Reader, Seal
from ivr.reports.memory import Memory
from ivr.reports.opening import open_report
from ivr.reports.receipt import Window
from tests.reports.sealed_line import ALICE, BOB, SealedLine, speech

TODAY = date(2026, 11, 23)
PEOPLE = (
    Reader(str(ALICE.to_public()), "Alice", "alice@example.org"),
    Reader(str(BOB.to_public()), "Bob", "bob@example.org"),
)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


def test_a_synced_report_opens_over_there(line: SealedLine, second: Path) -> None:
    sound = speech(4)
    line.sealed(sound)
    assert sync.sync(line.reports, second).doubts == []
    assert open_report(Report(second / "aaaaaaaa"), ALICE).parts[0].sound == sound


def test_a_second_sync_copies_nothing(line: SealedLine, second: Path) -> None:
    line.sealed(speech(4))
    sync.sync(line.reports, second)
    assert sync.sync(line.reports, second).copied == 0


def test_a_damaged_copy_is_copied_anew(line: SealedLine, second: Path) -> None:
    line.sealed(speech(4))
    sync.sync(line.reports, second)
    (second / "aaaaaaaa/0001-0001.sln.age").write_bytes(b"x")
    assert sync.sync(line.reports, second).doubts == []


def test_what_is_damaged_here_is_told(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    (report.path / "0001-0001.sln.age").write_bytes(b"x")
    doubts = sync.sync(line.reports, second).doubts
    assert doubts == ["aaaaaaaa: 0001-0001.sln.age was changed after it was sealed."]


def test_a_deletion_here_leaves_the_copy(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    shelf.delete(report, TODAY)
    sync.sync(line.reports, second)
    assert (second / "aaaaaaaa/report.json").exists()


def test_a_loss_here_is_never_taken_for_a_deletion_even_when_asked(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    shutil.rmtree(report.path)
    sync.sync(line.reports, second, deletions=True)
    assert (second / "aaaaaaaa/report.json").exists()


def test_a_deletion_is_carried_out_over_there_when_asked(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    shelf.delete(report, TODAY)
    assert sync.sync(line.reports, second, deletions=True).deleted == 1
    assert not (second / "aaaaaaaa").exists()


def test_an_answer_made_over_there_comes_home_and_is_heard(
    line: SealedLine, second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receipts_are_put: None
) -> None:
    monkeypatch.setattr(code, "_COST", 2**4)
    line.sealed(speech(4))
    window = Window(line.reports, b"salt", Memory(line.memory))
    digits = window.issue("aaaaaaaa")
    assert digits
    sync.sync(line.reports, second)
    write_wave(tmp_path / "answer.wav", speech(2))
    answer(Report(second / "aaaaaaaa"), tmp_path / "answer.wav")
    assert sync.sync(line.reports, second).brought_home == 1
    assert Path(window.find(digits)["answer"]).read_bytes() == speech(2)


def test_a_report_that_was_rekeyed_over_there_comes_home(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    rekey.rekey(Report(second / "aaaaaaaa"), ALICE, Seal([PEOPLE[1].key, PEOPLE[0].key]))
    assert sync.sync(line.reports, second).doubts == []
    assert report.card().generation == 2
    assert open_report(report, BOB).parts[0].sound == speech(4)


def test_a_broken_rekeying_does_not_touch_the_lines_own(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    there = Report(second / "aaaaaaaa")
    rekey.rekey(there, ALICE, Seal([PEOPLE[1].key, PEOPLE[0].key]))
    (there.path / "0001-0001.sln.age").write_bytes(b"x")
    assert "Ours stays as it is" in sync.sync(line.reports, second).doubts[0]
    assert open_report(report, ALICE).parts[0].sound == speech(4)


def test_a_second_place_that_is_not_mounted_is_told(line: SealedLine, tmp_path: Path) -> None:
    with pytest.raises(sync.CannotSync, match="mount it"):
        sync.sync(line.reports, tmp_path / "nowhere")


def test_a_huge_answer_from_over_there_stays_there(line: SealedLine, second: Path) -> None:
    line.sealed(speech(4))
    sync.sync(line.reports, second)
    (second / "aaaaaaaa/answer-x.wav.age").write_bytes(bytes(5 << 20))
    assert sync.sync(line.reports, second).brought_home == 0


def test_the_word_of_a_test_report_proves_its_reader_and_no_other(line: SealedLine) -> None:
    [test] = [trial.begin(line.reports, PEOPLE, TODAY)]
    word = trial.word_for(test.report, ALICE)
    assert word
    assert trial.prove(line.reports, word) == PEOPLE[0].key
    assert trial.silent(line.reports, TODAY + timedelta(days=8)) == [PEOPLE[1].key]


def test_a_guessed_word_proves_nobody(line: SealedLine) -> None:
    trial.begin(line.reports, PEOPLE, TODAY)
    with pytest.raises(trial.NotTheWord):
        trial.prove(line.reports, "00000000")


def test_a_new_test_replaces_the_old_one(line: SealedLine) -> None:
    for _ in range(2):
        trial.begin(line.reports, PEOPLE, TODAY)
    assert len(trial.trials(line.reports)) == 1


def test_a_test_report_is_not_counted_among_the_callers(line: SealedLine) -> None:
    trial.begin(line.reports, PEOPLE, TODAY)
    assert shelf.cards(line.reports) == []


def test_old_answers_are_deleted_and_new_ones_stay(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    for name, age in (("old", 61), ("new", 59)):
        path = report.path / f"answer-{name}.wav.age"
        path.touch()
        then = (datetime.now(UTC) - timedelta(days=age)).timestamp()
        os.utime(path, (then, then))
    assert answers.expire(line.reports, 60) == 1
    assert [path.name for path in report.path.glob("answer-*")] == ["answer-new.wav.age"]


def test_a_nightly_round_leaves_the_day_and_moves_the_last_change(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    path = report.path / "0001-0001.sln.age"
    before = path.stat()
    shelf.blur_times(line.reports)
    after = path.stat()
    assert after.st_mtime == before.st_mtime
    assert after.st_ctime_ns > before.st_ctime_ns


def plan(line: SealedLine, second: Path) -> rounds.Plan:
    line.reports.mkdir(exist_ok=True)
    return rounds.Plan(line.reports, line.root / "mails", PEOPLE, None, second=str(second))


def test_the_rounds_copy_at_night_and_once(line: SealedLine, second: Path) -> None:
    line.sealed(speech(3), "aaaaaaaa")
    rounds.go(plan(line, second), datetime(2026, 11, 23, 3, 5, tzinfo=UTC))
    line.sealed(speech(3), "bbbbbbbb")
    rounds.go(plan(line, second), datetime(2026, 11, 23, 4, 5, tzinfo=UTC))
    assert (second / "aaaaaaaa").exists()
    assert not (second / "bbbbbbbb").exists()


def test_the_rounds_go_on_when_the_second_place_is_away(line: SealedLine, tmp_path: Path) -> None:
    rounds.go(plan(line, tmp_path / "nowhere"), datetime(2026, 11, 23, 3, 5, tzinfo=UTC))
    assert trial.trials(line.reports)


def test_the_rounds_begin_a_test_each_month_and_name_who_stays_silent(line: SealedLine, second: Path) -> None:
    rounds.go(plan(line, second), datetime(2026, 11, 1, 3, 5, tzinfo=UTC))
    rounds.go(plan(line, second), datetime(2026, 11, 10, 3, 5, tzinfo=UTC))
    subjects = {mail.subject for _, mail in outbox.waiting(line.root / "mails")}
    assert subjects == {"The monthly test", "Can everyone still open reports?"}


def test_rsync_copies_a_report_and_brings_an_answer_home(line: SealedLine, second: Path) -> None:
    line.sealed(speech(4))
    assert sync.rsync(line.reports, str(second)).doubts == []
    assert open_report(Report(second / "aaaaaaaa"), ALICE).parts[0].sound == speech(4)
    (second / "aaaaaaaa/answer-x.wav.age").write_bytes(b"sealed")
    (second / "aaaaaaaa/report.json").write_bytes(b"not ours to take")
    sync.rsync(line.reports, str(second))
    assert (line.reports / "aaaaaaaa/answer-x.wav.age").read_bytes() == b"sealed"
    assert Report(line.reports / "aaaaaaaa").verify() == []


def test_a_part_that_is_being_spoken_goes_on_while_a_rekeyed_report_comes_home(line: SealedLine, second: Path) -> None:
    report = line.sealed(speech(4))
    sync.sync(line.reports, second)
    rekey.rekey(Report(second / "aaaaaaaa"), ALICE, Seal([PEOPLE[1].key, PEOPLE[0].key]))
    (report.path / "0101-0001.sln.age").write_bytes(b"being spoken")
    sync.sync(line.reports, second)
    assert (report.path / "0101-0001.sln.age").read_bytes() == b"being spoken"
