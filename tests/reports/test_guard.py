"""Where plain speech may lie: in memory alone, never where swap could carry it to a disk."""

from pathlib import Path

import pytest

from ivr.reports import guard, kernel, space
from ivr.reports.voice import ENOUGH, speech_frames
from tests.reports.sealed_line import SealedLine, speech

HEAD = "Filename\tType\tSize\tUsed\tPriority\n"


@pytest.fixture
def swaps(tmp_path: Path) -> Path:
    path = tmp_path / "swaps"
    path.write_text(HEAD)
    return path


def test_a_memory_folder_in_a_tmpfs_without_swap_is_accepted(line: SealedLine, swaps: Path) -> None:
    assert guard.check(line.memory, accept=False, swaps=swaps) == []


def test_a_memory_folder_on_a_disk_is_refused(swaps: Path) -> None:
    with pytest.raises(guard.Unsafe, match="lies on a disk"):
        guard.check(Path("/usr"), accept=False, swaps=swaps)


def test_a_risk_that_a_setting_accepts_is_said_loudly(swaps: Path) -> None:
    [warning] = guard.check(Path("/usr"), accept=True, swaps=swaps)
    assert warning.startswith("RISK ACCEPTED BY A SETTING")


def test_plain_swap_is_refused(line: SealedLine, swaps: Path) -> None:
    swaps.write_text(HEAD + "/dev/sda2\tpartition\t1\t0\t-2\n")
    with pytest.raises(guard.Unsafe, match="/dev/sda2 is not encrypted"):
        guard.check(line.memory, accept=False, swaps=swaps)


def test_a_swap_file_is_refused(swaps: Path, tmp_path: Path) -> None:
    swaps.write_text(HEAD + "/swapfile\tfile\t1\t0\t-2\n")
    assert guard.plain_swaps(swaps, tmp_path) == ["/swapfile"]


def test_encrypted_swap_is_accepted(swaps: Path, tmp_path: Path) -> None:
    swaps.write_text(HEAD + "/dev/dm-3\tpartition\t1\t0\t-2\n")
    (tmp_path / "dm-3/dm").mkdir(parents=True)
    (tmp_path / "dm-3/dm/uuid").write_text("CRYPT-PLAIN-swap\n")
    assert guard.plain_swaps(swaps, tmp_path) == []


def test_a_logical_volume_that_is_not_encrypted_is_refused(swaps: Path, tmp_path: Path) -> None:
    swaps.write_text(HEAD + "/dev/dm-3\tpartition\t1\t0\t-2\n")
    (tmp_path / "dm-3/dm").mkdir(parents=True)
    (tmp_path / "dm-3/dm/uuid").write_text("LVM-abc\n")
    assert guard.plain_swaps(swaps, tmp_path) == ["/dev/dm-3"]


def test_swap_in_memory_is_accepted_unless_a_disk_stands_behind_it(swaps: Path, tmp_path: Path) -> None:
    swaps.write_text(HEAD + "/dev/zram0\tpartition\t1\t0\t-2\n/dev/zram1\tpartition\t1\t0\t-2\n")
    for name, backing in (("zram0", "none"), ("zram1", "/dev/sda2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "backing_dev").write_text(backing + "\n")
    assert guard.plain_swaps(swaps, tmp_path) == ["/dev/zram1"]


def test_the_kernel_tells_who_still_writes(line: SealedLine) -> None:
    path = line.memory / "file"
    with path.open("wb"), path.open("rb") as reading:
        assert kernel.still_written(reading.fileno())
    with path.open("rb") as reading:
        assert not kernel.still_written(reading.fileno())


def test_memory_that_was_given_back_is_free_and_the_rest_stays(line: SealedLine) -> None:
    path = line.memory / "file"
    path.write_bytes(b"a" * 8192 + b"b" * 4096)
    kernel.give_back(path, 8192)
    assert path.stat().st_blocks * 512 == 4096
    assert path.read_bytes() == bytes(8192) + b"b" * 4096


def test_speech_is_heard_and_noise_a_hum_and_silence_are_not() -> None:
    hum = bytes(b"\x00\x10\x00\xf0" * 8000)
    assert speech_frames(speech(2)) >= ENOUGH
    assert [speech_frames(sound) for sound in (bytes(32000), hum, b"")] == [0, 0, 0]


def test_a_quiet_voice_is_heard() -> None:
    loud = memoryview(speech(2)).cast("h")
    quiet = b"".join((sample // 20).to_bytes(2, "little", signed=True) for sample in loud)
    assert speech_frames(quiet) >= ENOUGH


def test_the_reserve_holds_two_full_reports_and_gives_them_up_piece_by_piece(small_disk: Path) -> None:
    reserve = space.Reserve(small_disk / "reserve", 4 << 20)
    reserve.fill()
    assert reserve.held() == 8 << 20
    pieces = 0
    while reserve.give():
        pieces += 1
    assert (pieces, reserve.held()) == (8, 0)


def test_there_is_no_room_when_the_disk_and_the_reserve_are_used_up(small_disk: Path) -> None:
    reserve = space.Reserve(small_disk / "reserve", 4 << 20)
    assert reserve.has_room()
    (small_disk / "junk").write_bytes(bytes(22 << 20))
    assert not reserve.has_room()
