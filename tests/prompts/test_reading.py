"""A reader at the microphone; in its place sox plays a recording into the file."""

import shutil

import pytest

from ivr.prompts import reading
from ivr.prompts.reading import Reader, RecorderMissing, recorder
from ivr.prompts.takes import missing, takes_in
from tests.prompts import spoken
from tests.prompts.recordings import wav

ENGLISH = spoken.LINE[:2]


@pytest.fixture
def sox(tmp_path, monkeypatch) -> str:
    monkeypatch.setattr(reading, "PLAYERS", ())
    wav(tmp_path / "said.wav")
    return f"sox {tmp_path / 'said.wav'} {{file}}"


def read(folder, command, *typed: str) -> tuple[int, list[str]]:
    """Let a reader type; where Enter ends a recording, wait until sox has written it."""
    said, answers = [], iter(typed)

    def ask(question: str) -> str:
        said.append(question)
        return next(answers)

    return Reader(folder, command, ask, said.append).read(ENGLISH), said


@pytest.fixture
def finished(monkeypatch):
    """Let the recorder come to its own end: sox has no microphone to wait for."""
    monkeypatch.setattr(reading.subprocess.Popen, "send_signal", lambda *_: None)


@pytest.mark.usefixtures("finished")
def test_a_clip_is_shown_recorded_measured_and_kept(tmp_path, sox):
    kept, said = read(tmp_path / "recorded", sox, "", "", "k", "q")
    assert kept == 1
    assert ENGLISH[0].text in said[0]
    assert any("LUFS" in line for line in said)
    assert [one.id for one in missing(ENGLISH, takes_in(tmp_path / "recorded"))] == [ENGLISH[1].id]


@pytest.mark.usefixtures("finished")
def test_what_is_done_again_or_skipped_is_not_kept(tmp_path, sox):
    kept, _ = read(tmp_path / "recorded", sox, "", "", "a", "", "", "s", "s")
    assert kept == 0
    assert takes_in(tmp_path / "recorded") == {}


@pytest.mark.usefixtures("finished")
def test_an_answer_that_is_none_loses_nothing(tmp_path, sox):
    kept, _ = read(tmp_path / "recorded", sox, "", "", "what?", "", "", "k", "q")
    assert kept == 1


def test_a_recorder_is_stopped_when_the_reader_has_finished_and_bad_takes_are_done_again(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PLAYERS", ())
    endless = "sox -q -n -r 8000 -c 1 -b 16 {file} synth 100000 sine 300 vol 0"  # never anything to hear
    kept, said = read(tmp_path / "recorded", endless, "", "", "q")
    assert kept == 0
    assert any(".wav" in line for line in said)  # the sentence why it is refused


def test_a_recorder_that_is_named_must_be_there_and_say_where_to():
    with pytest.raises(RecorderMissing, match="command needs"):
        recorder("rec")
    with pytest.raises(RecorderMissing, match="no recorder here"):
        recorder("no-such-program {file}")


def test_the_recorder_of_this_machine_is_found():
    assert shutil.which("rec")
    assert recorder().startswith("rec ")
