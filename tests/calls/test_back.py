"""Who is called back, how soon, and that the file which holds the number is whole and for Asterisk alone."""

import errno
import time
from pathlib import Path

import pytest

from ivr.calls.back import HOUR, SOON, Back
from ivr.content.callback import CallBack
from tests.clock import Clock
from tests.content.test_callback import terms

__all__ = ["terms"]
TOLD = "<:0612345678@"


@pytest.fixture
def clock() -> Clock[float]:
    return Clock(0.0)


@pytest.fixture
def back(terms: CallBack, tmp_path: Path, clock: Clock[float]) -> Back:
    return made(terms, tmp_path, clock)


def made(terms: CallBack, folder: Path, clock: Clock[float]) -> Back:
    return Back(terms, folder / "spool/outgoing", folder / "counts", clock)


def waiting(folder: Path) -> list[Path]:
    return [path for path in (folder / "spool").rglob("*") if path.is_file()]


def test_a_call_waits_for_asterisk_with_a_time_to_come(back: Back, tmp_path: Path) -> None:
    assert back.ask(TOLD)
    (file,) = waiting(tmp_path)
    assert file.parent == tmp_path / "spool/outgoing"
    assert file.suffix == ".call"
    assert "0612" not in file.name
    told = dict(line.split(": ", 1) for line in file.read_text().splitlines())
    assert told["Channel"] == "PJSIP/+33612345678@provider"
    assert (told["Context"], told["Extension"], told["MaxRetries"]) == ("entries", "line", "0")
    assert "CallerID" not in told
    assert 0 < file.stat().st_mtime - time.time() <= SOON
    assert file.stat().st_mode & 0o777 == 0o660


def test_the_line_shows_its_own_number_where_it_has_one(terms: CallBack, tmp_path: Path, clock: Clock[float]) -> None:
    made(terms.model_copy(update={"shows": "33321000000"}), tmp_path, clock).ask(TOLD)
    (file,) = waiting(tmp_path)
    assert "CallerID: <33321000000>" in file.read_text().splitlines()


def test_a_prefix_has_so_many_calls_in_an_hour_and_not_more(back: Back, clock: Clock[float], tmp_path: Path) -> None:
    for number in range(5):
        assert back.ask(f"<:061234560{number}@")
        clock.now += 1
    assert not back.ask(TOLD)
    assert back.ask("<:0044207946000@")  # another prefix has its own
    assert len(waiting(tmp_path)) == 6
    clock.now = HOUR
    assert back.ask(TOLD)


def test_the_hour_goes_on_when_the_server_is_started_again_and_counts_alone_are_kept(
    terms: CallBack, tmp_path: Path, clock: Clock[float]
) -> None:
    for number in range(5):
        assert made(terms, tmp_path, clock).ask(f"<:061234560{number}@")
        clock.now += 1
    back = made(terms, tmp_path, clock)
    assert not back.ask(TOLD)
    (file,) = (tmp_path / "counts").iterdir()
    assert file.read_text() == '{"+336":{"until":3600,"calls":5}}'
    file.write_text("[")
    assert back.ask(TOLD)


def test_nobody_is_called_back_where_it_cannot_be_counted(back: Back, tmp_path: Path) -> None:
    (tmp_path / "counts").write_text("a file in the way")
    with pytest.raises(OSError, match="counts"):
        back.ask(TOLD)
    assert waiting(tmp_path) == []


def test_who_rings_again_before_the_call_back_has_ended_is_called_once_and_counts_once(
    back: Back, tmp_path: Path
) -> None:
    assert back.ask(TOLD)
    (file,) = waiting(tmp_path)
    with file.open("a") as attempt:
        attempt.write("\nStartRetry: 1234 1 (1764316800)\n")  # Asterisk calls
    for told in (TOLD, "<:+33612345678@", "<:33612345678@") * 3:
        assert not back.ask(told)
    assert waiting(tmp_path) == [file]
    file.unlink()  # the call back has ended: nothing is known of it any more
    assert back.ask(TOLD)
    for number in range(3):  # of five in an hour, two were used
        assert back.ask(f"<:061234560{number}@")


@pytest.mark.parametrize(
    "told", ["<:0899123456@", "<:33899123456@", "<:1900555123@", "<:612345678@", "<:+1900555123@", "<:anonymous@", ""]
)
def test_what_no_prefix_allows_is_not_called_back(back: Back, tmp_path: Path, told: str) -> None:
    assert not back.ask(told)
    assert waiting(tmp_path) == []


def test_a_call_that_cannot_be_asked_for_leaves_no_number(
    back: Back, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "no space", str(file), None, str(target))

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="no space"):
        back.ask(TOLD)
    assert waiting(tmp_path) == []
