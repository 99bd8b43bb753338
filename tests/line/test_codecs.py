"""Calls in every codec that the clips are stored in: Asterisk copies bytes and converts nothing."""

from contextlib import ExitStack

import pytest

from tests.running_line import RunningLine

pytestmark = pytest.mark.long(12)

CODECS = ("alaw", "ulaw", "g722")


def test_a_call_in_each_codec_hears_the_bytes_of_its_own_files(line: RunningLine) -> None:
    sounds = {codec: line.release.coded(codec) for codec in CODECS}
    assert len({sounds[codec]["en/meals.evening"] for codec in CODECS}) == len(CODECS)
    with ExitStack() as calls:
        phones = [calls.enter_context(line.phone(codecs=(codec,), clips=sounds[codec])) for codec in CODECS]
        for phone in phones:
            phone.call("line-en")
        for phone in phones:
            phone.hears("en/main.2", timeout=20)
        told = [line.asterisk.rx(f"core show channel {name}") for name in channels(line)]
        for phone in phones:
            phone.press("21#")
        for phone in phones:
            phone.hears_whole("en/meals.evening")
    assert sorted(value(one, "NativeFormats") for one in told) == ["(alaw)", "(g722)", "(ulaw)"]
    assert [value(one, "WriteTranscode") for one in told] == ["No"] * len(CODECS)


def channels(line: RunningLine) -> list[str]:
    return [one.split("!")[0] for one in line.asterisk.rx("core show channels concise").splitlines()]


def value(told: str, name: str) -> str:
    """Return what Asterisk's console tells of a channel under a name."""
    return next(one.partition(":")[2].strip() for one in told.splitlines() if one.strip().startswith(f"{name}:"))
