"""The notice board: what is on it, what a newer notice replaces, and that nothing is lost from it."""

import json
from datetime import date
from pathlib import Path

import pytest

from ivr.calls.board import Board, NoSuchNotice
from ivr.content.notices import Notice

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path / "notices")


def cancels(board: Board, service: str = "supper", last: date = MONDAY) -> Notice:
    return board.publish(by="alice", service=service, change="cancelled", **{"from": MONDAY, "to": last})


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.json")}


def test_a_board_without_a_folder_is_empty(board: Board) -> None:
    assert board.current() == ()


def test_what_one_process_publishes_another_reads_at_once(board: Board, tmp_path: Path) -> None:
    other = Board(tmp_path / "notices")
    assert other.current() == ()
    one = cancels(board)
    assert other.current() == (one,)
    two = cancels(board, "clinic")
    assert set(other.current()) == {one, two}
    board.end(one.id)
    assert other.current() == (two,)


def test_a_board_that_did_not_change_is_not_read_again(board: Board, tmp_path: Path) -> None:
    one = cancels(board)
    assert board.current() == (one,)
    (tmp_path / f"notices/{one.id}.json").write_text("{}")
    assert board.current() == (one,)


def test_a_newer_notice_of_a_service_replaces_the_older_which_is_kept(board: Board, tmp_path: Path) -> None:
    old, new = cancels(board), cancels(board, last=TUESDAY)
    assert board.current() == (new,)
    assert names(tmp_path / "notices/over") == {old.id}


def test_an_ended_notice_is_kept_word_for_word(board: Board, tmp_path: Path) -> None:
    one = cancels(board)
    assert board.end(one.id) == one
    kept = (tmp_path / f"notices/over/{one.id}.json").read_text()
    assert Notice.model_validate_json(kept) == one


def test_two_calls_may_end_a_notice_at_the_same_moment(
    board: Board, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = cancels(board)
    monkeypatch.setattr(board, "current", lambda: (one,))  # as both have read it
    assert board.end(one.id) == one
    assert board.end(one.id) == one
    assert names(tmp_path / "notices/over") == {one.id}


def test_a_notice_that_is_not_there_cannot_be_ended(board: Board) -> None:
    with pytest.raises(NoSuchNotice, match="ivr notices list"):
        board.end("supper-1")


def test_in_force_are_those_of_the_day(board: Board) -> None:
    one = cancels(board, last=TUESDAY)
    cancels(board, "clinic")
    assert board.in_force(TUESDAY) == [one]


@pytest.mark.parametrize("text", ["", "{}", "\ud800", json.dumps({"id": "x", "service": "../../x"})])
def test_a_notice_that_cannot_be_read_is_left_out_and_said(
    board: Board, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = cancels(board)
    (tmp_path / "notices/broken-1.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert board.current() == (one,)
    assert "broken-1.json cannot be read" in caplog.text


def test_a_folder_that_cannot_be_read_counts_as_empty_and_is_said_once(
    board: Board, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = cancels(board)
    assert board.current() == (one,)
    (tmp_path / "notices").rename(tmp_path / "elsewhere")
    (tmp_path / "notices").write_text("in the way")
    assert [board.current(), board.current()] == [(), ()]
    assert len([line for line in caplog.messages if "their folder cannot be read" in line]) == 1
    (tmp_path / "notices").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "notices")
    assert board.current() == (one,)


def says(board: Board, *languages: str) -> Notice:
    days = {"from": MONDAY, "to": MONDAY}
    return board.publish(by="alice", service="supper", change="none", spoken=languages, **days)


def test_words_and_what_keys_told_stand_side_by_side(board: Board) -> None:
    changed, spoken = cancels(board), says(board, "en")
    assert set(board.current()) == {changed, spoken}
    newer = cancels(board)
    assert set(board.current()) == {newer, spoken}


def test_words_replace_those_before_in_the_same_languages_alone(board: Board) -> None:
    english, arabic = says(board, "en"), says(board, "ar")
    assert set(board.current()) == {english, arabic}
    both = says(board, "ar", "en")
    assert board.current() == (both,)


def test_a_notice_that_could_not_be_prepared_is_not_on_the_board(board: Board) -> None:
    old = cancels(board)

    def prepare(notice: Notice) -> None:
        raise OSError(notice.id)

    with pytest.raises(OSError, match="supper"):
        board.publish(prepare, by="x", service="supper", change="none", **{"from": MONDAY, "to": MONDAY})
    assert board.current() == (old,)


def test_a_notice_that_could_not_replace_the_older_is_not_on_the_board(board: Board, tmp_path: Path) -> None:
    old = cancels(board)
    (tmp_path / "notices/over").rmdir()
    (tmp_path / "notices/over").write_text("somebody's file")
    with pytest.raises(OSError, match="over"):
        cancels(board, last=TUESDAY)
    assert board.current() == (old,)
