"""A report on disk, read without any key."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.reports.folder import NoSuchReport, State, find_report, new_name
from ivr.reports.memory import REPORT_NAME, Part, part_of
from ivr.reports.part import padded
from tests.reports.sealed_line import SealedLine, speech


def test_the_card_shows_day_state_files_and_that_it_is_complete(line: SealedLine) -> None:
    card = json.loads((line.sealed(speech(3)).path / "report.json").read_text())
    assert (card["state"], card["complete"], len(card["day"])) == ("new", True, 10)
    assert sorted(card["files"]) == ["0001-0001.sln.age", "0001-0002.sln.age", "0001-end.json.age"]


def test_the_card_tells_no_length_language_or_hour(line: SealedLine) -> None:
    card = (line.sealed(speech(3), notes=[{"language": "ps"}]).path / "report.json").read_text()
    assert not [word for word in ("seconds", "bytes", "language", "ps", "urgent", ":00") if f'"{word}"' in card]


def test_an_untouched_report_verifies_without_a_key(line: SealedLine) -> None:
    assert line.sealed(speech(3)).verify() == []


def test_one_changed_byte_is_found_without_a_key(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    path = report.path / "0001-0002.sln.age"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert report.verify() == [f"{report.name}: 0001-0002.sln.age was changed after it was sealed."]


def test_a_missing_file_is_found_without_a_key(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    (report.path / "0001-0002.sln.age").unlink()
    assert report.verify() == [f"{report.name}: 0001-0002.sln.age is listed on the card and missing."]


def test_a_file_slipped_in_is_found_without_a_key(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    (report.path / "0001-0003.sln.age").write_bytes(b"x")
    assert report.verify() == [f"{report.name}: 0001-0003.sln.age is not listed on the card."]


def test_a_report_is_found_by_the_beginning_of_its_name(line: SealedLine) -> None:
    report = line.sealed(speech(3), "abcdefgh")
    line.sealed(speech(3), "bbcdefgh")
    assert find_report(line.reports, "abc") == report


@pytest.mark.parametrize("name", ["a", "", "zzz", "../abcdefgh"])
def test_a_name_that_is_not_one_reports_is_refused_with_a_sentence(line: SealedLine, name: str) -> None:
    line.sealed(speech(3), "abcdefgh")
    line.sealed(speech(3), "abbbbbbb")
    with pytest.raises(NoSuchReport, match="`ivr reports list` shows"):
        find_report(line.reports, name)


def test_a_broken_card_is_told_in_a_sentence(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    (report.path / "report.json").write_text('{"state": "lost"}')
    with pytest.raises(NoSuchReport, match="is not a report"):
        report.card()


def test_names_of_reports_are_random() -> None:
    names = {new_name() for _ in range(100)}
    assert len(names) == 100
    assert all(REPORT_NAME.fullmatch(name) for name in names)


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_every_name_of_a_recording_leads_to_one_safe_report(name: str) -> None:
    part = part_of(name)
    assert REPORT_NAME.fullmatch(part.report)
    assert part == part_of(name)


@given(st.integers(1, 600))
def test_padding_holds_a_part_and_is_padded_already(slices: int) -> None:
    assert slices <= padded(slices) < slices + 16
    assert padded(padded(slices)) == padded(slices)


@given(st.integers(1, 600))
def test_a_part_that_is_half_padded_pads_to_the_same_number(slices: int) -> None:
    assert {padded(count) for count in range(slices, padded(slices) + 1)} == {padded(slices)}


def test_the_state_is_written_down(line: SealedLine) -> None:
    report = line.sealed(speech(3))
    assert report.card().state is State.NEW


def test_sealed_files_are_private_to_the_owner_and_group(line: SealedLine) -> None:
    modes = {path.stat().st_mode & 0o007 for path in line.sealed(speech(3)).path.iterdir()}
    assert modes == {0}


def test_a_gap_in_the_slices_ends_what_counts_as_sealed(line: SealedLine) -> None:
    report = line.sealed(speech(7))
    os.unlink(report.path / "0001-0002.sln.age")  # noqa: PTH108 - as a crash of the disk would
    assert report.slices(Part(report.name, 1)) == ["0001-0001.sln.age"]
