"""What volunteers spoke by telephone becomes a take, with the checks of every take, and nothing of it is lost."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr

from ivr import wiring
from ivr.prompts.bring import bring
from ivr.prompts.engines import Speech
from ivr.prompts.sound import as_samples, linear
from ivr.prompts.takes import sort, takes_in
from ivr.prompts.telephone import Arrived, Desk, bring_new
from ivr.settings import Settings
from tests.prompts.recordings import SAID, speech, wav

KEY = (SAID.language, SAID.id)
ASIDE = "set aside, its words have changed"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "studio/good", tmp_path / "takes")


def by_telephone(heard: Speech | None = None) -> bytes:
    """Return a sentence as Asterisk records it."""
    heard = heard or speech()
    samples = soxr.resample(as_samples(np.frombuffer(heard.pcm, np.int16)), heard.rate, 8000)
    return linear(samples).tobytes()


def found_good(desk: Desk, name: str = "1", words: str = SAID.text, sound: bytes | None = None) -> Path:
    folder = desk.good / SAID.language / SAID.id / name
    folder.mkdir(parents=True)
    (folder / "sound.sln").write_bytes(by_telephone() if sound is None else sound)
    (folder / "take.json").write_text(json.dumps({"words": words, "by": "alice"}))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_recording_that_was_found_good_becomes_a_take_once(desk):
    found_good(desk)
    assert bring_new(desk, [SAID]) == [Arrived(*KEY)]
    (take,) = takes_in(desk.takes)[KEY]
    assert take.words == SAID.text
    assert bring_new(desk, [SAID]) == []


def test_a_build_leaves_what_was_found_good_as_it_is(desk):
    found_good(desk)
    found_good(desk, "2", sound=b"")
    before = files(desk.good)
    bring_new(desk, [SAID])
    assert files(desk.good) == before


NOTHING, FAR_TOO_LONG = b"", b"\0\1" * 9_000_000


@pytest.mark.parametrize(
    ("sound", "why"), [(bytes(32000), "nothing to hear"), (NOTHING, "lasts 0 s"), (FAR_TOO_LONG, "lasts 0 s")]
)
def test_what_no_take_may_be_is_refused_once_with_why(desk, sound, why):
    found_good(desk, sound=sound)
    (told,) = bring_new(desk, [SAID])
    assert why in told.refused
    assert takes_in(desk.takes) == {}
    assert bring_new(desk, [SAID]) == []


def test_a_recording_of_other_words_waits_until_they_are_the_lines_again(desk):
    found_good(desk)
    changed = replace(SAID, text="Other words.")
    for _ in range(2):
        assert [ASIDE in told.refused for told in bring_new(desk, [changed])] == [True]
    assert bring_new(desk, [SAID]) == [Arrived(*KEY)]


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"words": 3}'])
def test_a_recording_whose_words_nobody_knows_is_no_take(desk, record):
    (found_good(desk) / "take.json").write_text(record)
    assert [ASIDE in told.refused for told in bring_new(desk, [SAID])] == [True]


def test_a_take_by_telephone_sets_the_one_before_aside_and_deletes_nothing(desk, tmp_path):
    first = bring(wav(tmp_path / "first.wav"), SAID, desk.takes)
    before = set(files(desk.takes).values())
    found_good(desk)
    bring_new(desk, [SAID])
    assert takes_in(desk.takes)[KEY] != (first.take,)
    assert before <= set(files(desk.takes).values())


def test_the_newest_of_two_speaks(desk):
    found_good(desk, "20261123-120000")
    newer = by_telephone()[1600:]
    found_good(desk, "20261124-110000", sound=newer)
    bring_new(desk, [SAID])
    original = (desk.takes / SAID.language / f"originals/{SAID.id}.wav").read_bytes()
    assert original.endswith(newer)


def test_a_take_that_was_brought_as_a_file_wins_over_one_by_telephone(tmp_path):
    line = Settings(prompts=tmp_path / "prompts", state=tmp_path / "state")
    desk = wiring.takes_by_telephone(line)
    found_good(desk)
    bring_new(desk, [SAID])
    file = bring(wav(tmp_path / "file.wav"), SAID, line.prompts / "recorded").take
    assert sort([SAID], takes_in(*wiring.takes(line))).speaking == {KEY: file}
