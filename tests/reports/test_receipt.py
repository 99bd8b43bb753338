"""Receipts: twelve digits that lead back to a report, and what the disk knows of them."""

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.reports import bech32, code, disk, receipt
from ivr.reports.desk import Found, Later, Unknown
from ivr.reports.folder import Report
from ivr.reports.memory import Memory
from ivr.reports.receipt import Window, read
from tests.clock import Clock
from tests.reports.sealed_line import SealedLine, speech, wait_for

WINDOW = """
import sys
from pathlib import Path
from ivr.reports import receipt
receipt.run(*map(Path, sys.argv[1:]))
"""


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a derivation cheap where its cost is not the claim."""
    monkeypatch.setattr(code, "_COST", 2**4)


@pytest.fixture
def clock() -> Clock[float]:
    return Clock(0.0)


@pytest.fixture
def window(line: SealedLine, clock: Clock[float], monkeypatch: pytest.MonkeyPatch, receipts_are_put: None) -> Window:
    monkeypatch.setattr(code, "_COST", 2**4)
    Report(line.reports / "aaaaaaaa").begin()
    return Window(line.reports, b"salt", Memory(line.memory), clock)


@pytest.fixture
def open_window(line: SealedLine) -> Iterator[SealedLine]:
    listen = line.root / "receipts.sock"
    line.running()
    places = map(str, (listen, line.reports, line.root / "salt", line.memory))
    process = subprocess.Popen([sys.executable, "-c", WINDOW, *places])
    try:
        wait_for(listen.exists)
        yield line
    finally:
        process.kill()
        process.wait()


def test_a_receipt_is_twelve_random_digits(window: Window) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    assert code.is_code(digits)


def test_a_receipt_leads_back_to_its_report(window: Window) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    assert window.find(digits)["report"] == "aaaaaaaa"


def test_the_disk_holds_the_tag_and_the_public_key_alone(window: Window, line: SealedLine) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    text = (line.reports / "aaaaaaaa/receipt.json").read_text()
    assert set(json.loads(text)) == {"tag", "key"}
    assert digits not in text
    assert "SECRET" not in text


def test_no_receipt_is_made_twice_for_a_report(window: Window) -> None:
    assert window.issue("aaaaaaaa")
    assert window.issue("aaaaaaaa") is None


def test_no_receipt_is_made_for_a_report_that_is_not_on_disk(window: Window) -> None:
    assert window.issue("bbbbbbbb") is None


@pytest.mark.parametrize("name", ["../aaaaaaaa", "", "aaaaaaaa/..", "AAAAAAAA"])
def test_a_name_that_is_no_report_gets_no_receipt(window: Window, name: str) -> None:
    assert window.issue(name) is None


def test_wrong_digits_are_unknown(window: Window) -> None:
    assert window.find("000000000000") == {"unknown": True}


def test_after_sixty_wrong_codes_in_an_hour_even_a_right_one_must_wait(window: Window) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    for _ in range(60):
        window.find("000000000000")
    assert window.find(digits) == {"later": True}


def test_an_hour_later_receipts_are_looked_up_again(window: Window, clock: Clock[float]) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    for _ in range(60):
        window.find("000000000000")
    clock.now = 3601
    assert window.find(digits)["report"] == "aaaaaaaa"


def test_where_no_sealer_works_no_receipt_is_made_and_none_is_left(
    line: SealedLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "_COST", 2**4)
    monkeypatch.setattr(receipt, "_PUT_WITHIN", 0.05)
    Report(line.reports / "aaaaaaaa").begin()
    assert Window(line.reports, b"salt", Memory(line.memory)).issue("aaaaaaaa") is None
    assert not list(Memory(line.memory).receipts.iterdir())


def test_a_receipt_that_finds_the_disk_full_is_none(line: SealedLine, monkeypatch: pytest.MonkeyPatch) -> None:
    Report(line.reports / "aaaaaaaa").begin()
    handed = Memory(line.memory).receipts / "aaaaaaaa.json"
    handed.write_text("{}")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(disk.DiskFull):
        receipt.put(handed, line.reports)
    assert not handed.exists()
    assert not (line.reports / "aaaaaaaa/receipt.json").exists()


def full(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_right_codes_are_not_counted_as_guesses(window: Window) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    assert [window.find(digits)["report"] for _ in range(70)] == ["aaaaaaaa"] * 70


def test_guessing_does_not_keep_a_new_report_from_its_receipt(window: Window) -> None:
    for _ in range(61):
        window.find("000000000000")
    assert window.issue("aaaaaaaa")


def test_two_later_calls_about_one_report_never_share_a_part(window: Window) -> None:
    digits = window.issue("aaaaaaaa")
    assert digits is not None
    assert [window.find(digits)["part"] for _ in range(2)] == [101, 201]


@given(st.binary(max_size=200))
def test_a_question_that_is_none_is_answered_with_nothing(question: bytes) -> None:
    assert Window.answer(object.__new__(Window), b"[" + question) == {}


def test_one_derivation_costs_a_guesser_128_megabytes() -> None:
    assert 128 * code._COST * code._BLOCK == 128 << 20


@pytest.mark.usefixtures("cheap")
def test_the_same_digits_and_salt_give_the_same_receipt_and_another_salt_another() -> None:
    first = code.derive("123456789012", b"salt")
    assert first == code.derive("123456789012", b"salt")
    assert first.tag != code.derive("123456789012", b"pepper").tag
    assert first.key != code.derive("123456789012", b"pepper").key


@pytest.mark.usefixtures("cheap")
def test_the_tag_tells_nothing_of_the_key() -> None:
    receipt = code.derive("123456789012", b"salt")
    assert receipt.tag not in receipt.key
    assert "AGE-SECRET" not in repr(receipt)


@pytest.mark.usefixtures("cheap")
def test_a_receipts_identity_opens_what_is_sealed_to_its_key() -> None:
    receipt = code.derive("123456789012", b"salt")
    sealed = pyrage.encrypt(b"yes", [pyrage.x25519.Recipient.from_str(receipt.key)])
    assert pyrage.decrypt(sealed, [receipt.identity]) == b"yes"


@given(st.binary(min_size=32, max_size=32))
def test_every_32_bytes_make_an_identity_that_age_reads(secret: bytes) -> None:
    text = bech32.encode("age-secret-key-", secret).upper()
    assert str(pyrage.x25519.Identity.from_str(text)) == text


def test_the_salt_is_made_once_and_kept(line: SealedLine) -> None:
    first = code.site_salt(line.root / "salt")
    assert len(first) == 32
    assert code.site_salt(line.root / "salt") == first
    assert (line.root / "salt").stat().st_mode & 0o077 == 0


def test_the_desk_gets_a_receipt_and_finds_its_report(open_window: SealedLine) -> None:
    Report(open_window.reports / "aaaaaaaa").begin()
    digits = open_window.desk.issue("aaaaaaaa")
    assert digits is not None
    assert open_window.desk.find(digits) == Found("aaaaaaaa", 101, None)


def test_the_desk_has_an_answer_removed_without_waiting(open_window: SealedLine) -> None:
    answer = Memory(open_window.memory).answers / "aaaaaaaa.sln"
    answer.write_bytes(b"")
    open_window.desk.heard(answer)
    wait_for(lambda: not answer.exists())


def test_nobody_removes_anything_but_answers(window: Window, line: SealedLine) -> None:
    (Memory(line.memory).recordings / "aaaaaaaa.1.sln").write_bytes(b"")
    window.answer(b'{"heard": "../recordings/aaaaaaaa.1.sln"}')
    assert (Memory(line.memory).recordings / "aaaaaaaa.1.sln").exists()


def test_the_desk_learns_that_a_code_is_unknown(open_window: SealedLine) -> None:
    assert open_window.desk.find("000000000000") == Unknown()
    assert open_window.desk.find("12") == Unknown()


def test_without_the_receipt_process_codes_wait_and_reports_go_on(line: SealedLine) -> None:
    assert line.desk.find("000000000000") == Later()
    assert line.desk.issue("aaaaaaaa") is None


def test_five_callers_at_once_each_get_a_receipt(open_window: SealedLine) -> None:
    names = [f"witness{number:02d}" for number in range(5)]
    for name in names:
        Report(open_window.reports / name).begin()
    digits: list[str | None] = []
    threads = [threading.Thread(target=lambda name=name: digits.append(open_window.desk.issue(name))) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(filter(None, digits))) == 5


def test_the_call_server_imports_nothing_that_could_open_a_report() -> None:
    program = "import sys; import ivr.reports.desk; sys.exit('pyrage' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_receipt_leaves_no_trace_in_memory_or_on_disk(open_window: SealedLine) -> None:
    report = open_window.record(speech(2.048))
    digits = open_window.desk.issue(report.name)
    assert digits is not None
    open_window.desk.find(digits)
    files = [path for root in (open_window.root, open_window.memory) for path in root.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert not [path for path in files if digits.encode() in path.read_bytes()]
    assert read(report)
