"""The report of a call: its parts, what is noted, and the way back to it."""

from pathlib import Path

import pytest

from ivr.callflow.actions import Found, Full, Kept, Later, Note, NotYet, Receipt, Record, Recorded, Unknown
from ivr.calls.agi import CallerHungUp, CannotRecord, Tape
from ivr.calls.house import House
from ivr.reports import desk as reports
from tests.calls.playing import LONGEST, Desk, Played


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def house(desk: Desk) -> House:
    return House(desk, LONGEST)


def test_a_call_that_records_nothing_makes_no_report(house: House, desk: Desk) -> None:
    house.note(Note("language", "fr"))
    assert house.kept() == NotYet()
    assert house.issue_receipt() == Later()
    assert desk.notes == []


def test_every_recording_is_another_part_of_one_report(house: House) -> None:
    phone = Played()
    house.record(phone, Record(60))
    house.record(phone, Record(30))
    assert phone.recorded == [("report-1.1", 60), ("report-1.2", 30)]


def test_two_calls_make_two_reports(desk: Desk) -> None:
    phone = Played()
    House(desk, LONGEST).record(phone, Record(60))
    House(desk, LONGEST).record(phone, Record(60))
    assert [sound for sound, _ in phone.recorded] == ["report-1.1", "report-2.1"]


@pytest.mark.parametrize("in_time", [True, False])
def test_a_recording_tells_its_length_and_whether_its_time_ran_out(house: House, in_time: bool) -> None:
    phone = Played()
    phone.tape = Tape(12.5, in_time=in_time)
    assert house.record(phone, Record(60)) == Recorded(12.5, in_time=in_time)


def test_what_was_noted_before_goes_with_the_part_before_the_tone(house: House, desk: Desk) -> None:
    house.note(Note("language", "fr"))
    with pytest.raises(CallerHungUp):
        house.record(Played({"tone": CallerHungUp()}), Record(60))
    assert desk.notes == [("report-1", 1, {"language": "fr"})]


def test_an_answer_is_noted_with_its_question(house: House, desk: Desk) -> None:
    house.record(Played(), Record(60, about="where"))
    house.record(Played(), Record(60))
    assert desk.notes == [("report-1", 1, {"about": "where"}), ("report-1", 2, {})]


def test_what_is_noted_after_a_recording_is_handed_in_at_once(house: House, desk: Desk) -> None:
    house.record(Played(), Record(60))
    house.note(Note("urgent", value=True))
    assert desk.notes[-1] == ("report-1", 1, {"urgent": True})


def test_without_room_nothing_is_recorded_and_the_caller_is_told(house: House, desk: Desk) -> None:
    desk.room = False
    phone = Played()
    assert house.record(phone, Record(60)) == Full()
    assert phone.heard == []


def test_a_sound_that_asterisk_cannot_write_counts_as_no_room(house: House) -> None:
    assert house.record(Played({"tone": CannotRecord("x")}), Record(60)) == Full()


def test_what_was_kept_is_the_sum_of_all_parts(house: House, desk: Desk) -> None:
    desk.sealed = {1: reports.Kept(20, voice=False, complete=True), 2: reports.Kept(30, voice=True, complete=True)}
    house.record(Played(), Record(60))
    house.record(Played(), Record(60))
    assert house.kept() == Kept(50, voice=True)
    desk.sealed[2] = reports.Kept(10, voice=True, complete=False)
    assert house.kept() == Kept(30, voice=True, complete=False)


def test_silence_in_every_part_is_no_voice(house: House, desk: Desk) -> None:
    desk.sealed = {1: reports.Kept(20, voice=False, complete=True)}
    house.record(Played(), Record(60))
    assert house.kept() == Kept(20, voice=False)


def test_one_part_that_is_not_sealed_yet_makes_the_sum_unknown(house: House, desk: Desk) -> None:
    desk.sealed = {1: reports.Kept(20, voice=True, complete=True)}
    house.record(Played(), Record(60))
    house.record(Played(), Record(60))
    assert house.kept() == NotYet()


def test_a_report_gets_its_receipt(house: House) -> None:
    house.record(Played(), Record(60))
    assert house.issue_receipt() == Receipt("123456789012")


def test_no_receipt_now_is_later(house: House, desk: Desk) -> None:
    desk.digits = None
    house.record(Played(), Record(60))
    assert house.issue_receipt() == Later()


@pytest.mark.parametrize(("found", "told"), [(reports.Unknown(), Unknown()), (reports.Later(), Later())])
def test_a_receipt_that_leads_nowhere_leaves_the_call_as_it_was(
    house: House, desk: Desk, found: reports.Unknown | reports.Later, told: Unknown | Later
) -> None:
    desk.known = found
    assert house.find_receipt("1" * 12) == told
    phone = Played()
    house.record(phone, Record(60))
    assert phone.recorded == [("report-1.1", 60)]


def test_after_a_receipt_is_found_recordings_go_on_in_its_report(house: House, desk: Desk) -> None:
    desk.known = reports.Found("older", 4, None)
    assert house.find_receipt("1" * 12) == Found(answer=False)
    phone = Played()
    house.record(phone, Record(60))
    house.record(phone, Record(60))
    assert [sound for sound, _ in phone.recorded] == ["older.4", "older.5"]


def test_what_was_kept_before_a_receipt_was_found_is_still_counted(house: House, desk: Desk) -> None:
    desk.sealed = {1: reports.Kept(20, voice=True, complete=True), 4: reports.Kept(3, voice=True, complete=True)}
    house.record(Played(), Record(60))
    desk.known = reports.Found("older", 4, None)
    house.find_receipt("1" * 12)
    house.record(Played(), Record(60))
    assert house.kept() == Kept(23, voice=True)
    assert desk.asked == [("report-1", 1), ("older", 4)]


def test_an_answer_is_played_by_its_name_without_the_ending_and_removed_at_the_end(house: House, desk: Desk) -> None:
    desk.known = reports.Found("older", 4, Path("/memory/answers/a.sln"))
    assert house.find_receipt("1" * 12) == Found(answer=True)
    assert house.answer() == "/memory/answers/a"
    house.leave()
    assert desk.removed == [Path("/memory/answers/a.sln")]


def test_a_call_without_an_answer_removes_nothing(house: House, desk: Desk) -> None:
    assert house.answer() is None
    house.leave()
    assert desk.removed == []
