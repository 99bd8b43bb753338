"""What volunteers record: who may hear it, who judges it, and that nothing that was kept is ever lost."""

import json
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ivr.callflow.actions import Clip, Full
from ivr.callflow.errands import (
    AskToJudge,
    AskToRecord,
    CheckPin,
    Errand,
    Judge,
    KeepTake,
    Speak,
    Spoken,
    ToJudge,
    Unheard,
    Volunteer,
)
from ivr.calls.agi import CannotRecord, Tape
from ivr.calls.booth import Booth
from ivr.calls.house import House
from ivr.calls.recordings import Recordings
from ivr.calls.studio import Studio
from ivr.prompts import manifest
from tests.callflow.telling import small_line
from tests.calls.playing import LONGEST, NOON, Desk, Played, handler, story
from tests.calls.test_studio import publications

VOICE = b"\x00\x20\x00\xe0" * 4000  # a second that is loud enough for a voice
ALICE, BOB = Volunteer("alice", ("en", "fr")), Volunteer("bob", ("fr",))
MEALS = Clip("fr", "meals.when")
__all__ = ["publications"]


class Microphone(Played):
    """A phone whose recordings are really there."""

    def __init__(self, sound: bytes = VOICE) -> None:
        super().__init__()
        self.sound = sound

    def record(self, sound: str, seconds: float) -> Tape:
        Path(f"{sound}.sln").write_bytes(self.sound)
        return super().record(sound, seconds)


class Broken(Played):
    def record(self, sound: str, seconds: float) -> Tape:  # noqa: ARG002 - a phone's signature
        raise CannotRecord(sound)


def words(*spoken_by_people: str, **texts: str) -> manifest.Manifest:
    told = {"goodbye": "Au revoir.", "rights.one": "Vos droits.", "meals.when": "À midi.", **texts}
    made = [
        manifest.Clip(clip, "fr", text, 1.0, "take" if clip in spoken_by_people else "espeak", {}, "", 1.0, {}, {})
        for clip, text in told.items()
    ]
    return manifest.Manifest("", tuple(made), "")


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    (tmp_path / "memory").mkdir()
    return Recordings(tmp_path / "memory", tmp_path / "studio")


def booth(recordings: Recordings, phone: Played | None = None, said: manifest.Manifest | None = None) -> Booth:
    return Booth(phone or Microphone(), recordings, small_line(), lambda: said or words(), lambda: NOON)


def speaks(one: Booth, language: str = "fr") -> Clip:
    spoken = one.speak(Speak(language, 60))
    assert isinstance(spoken, Spoken)
    return spoken.clip


def kept(recordings: Recordings, who: Volunteer = ALICE, sound: bytes = VOICE) -> None:
    one = booth(recordings, Microphone(sound))
    assert one.keep(who, KeepTake(MEALS, speaks(one)))
    one.leave()


def files(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def octets(recordings: Recordings, clip: Clip) -> bytes:
    return Path(f"{recordings.sound(clip)}.sln").read_bytes()


def test_what_was_spoken_is_heard_until_the_call_ends_and_is_then_gone(recordings: Recordings, tmp_path: Path) -> None:
    one = booth(recordings)
    first, second = speaks(one), speaks(one)
    assert octets(recordings, first) == octets(recordings, second) == VOICE
    one.leave()
    assert list((tmp_path / "memory").iterdir()) == []


@pytest.mark.parametrize("sound", [b"", b"\0", bytes(16000), VOICE[:400]], ids=["empty", "odd", "silent", "too short"])
def test_where_no_voice_is_heard_that_is_told(recordings: Recordings, sound: bytes) -> None:
    assert booth(recordings, Microphone(sound)).speak(Speak("fr", 60)) == Unheard()


@pytest.mark.parametrize("phone", [Broken(), Played()], ids=["refused", "not there"])
def test_where_nothing_can_be_recorded_that_is_told_and_logged(
    recordings: Recordings, phone: Played, caplog: pytest.LogCaptureFixture
) -> None:
    assert booth(recordings, phone).speak(Speak("fr", 60)) == Full()
    assert "could not be recorded" in caplog.text


def test_what_a_call_left_that_broke_is_removed_after_hours(recordings: Recordings, tmp_path: Path) -> None:
    old, young = tmp_path / "memory/old.sln", tmp_path / "memory/young.sln"
    for path in (old, young):
        path.write_bytes(VOICE)
    os.utime(old, (time.time() - 8000, time.time() - 8000))
    booth(recordings).speak(Speak("fr", 60))
    assert (old.exists(), young.exists()) == (False, True)


def test_a_recording_that_another_call_removes_meanwhile_disturbs_nobody(
    recordings: Recordings, tmp_path: Path
) -> None:
    (tmp_path / "memory/gone.sln").symlink_to(tmp_path / "nowhere")  # listed, and not there
    assert isinstance(booth(recordings).speak(Speak("fr", 60)), Spoken)


def test_the_sentences_that_most_callers_hear_are_offered_first(recordings: Recordings) -> None:
    offered = booth(recordings).to_record(AskToRecord("fr"))
    assert [clip.id for clip in offered] == ["rights.one", "meals.when", "goodbye"]


def test_what_a_person_speaks_or_what_waits_is_not_offered(recordings: Recordings) -> None:
    kept(recordings)
    offered = booth(recordings, said=words("rights.one")).to_record(AskToRecord("fr"))
    assert [clip.id for clip in offered] == ["goodbye"]
    assert booth(recordings).to_record(AskToRecord("en")) == ()


@pytest.mark.parametrize("good", [True, False])
def test_a_sentence_is_offered_again_once_its_take_was_found_bad(recordings: Recordings, good: bool) -> None:
    kept(recordings)
    (waits,) = booth(recordings).to_judge(BOB)
    booth(recordings).judge(BOB, Judge(waits.spoken, good=good))
    assert (MEALS in booth(recordings).to_record(AskToRecord("fr"))) is not good


def test_a_take_is_judged_by_others_alone_and_in_their_languages(recordings: Recordings) -> None:
    kept(recordings)
    (waits,) = booth(recordings).to_judge(BOB)
    assert waits == ToJudge(MEALS, waits.spoken)
    assert octets(recordings, waits.spoken) == VOICE
    assert booth(recordings).to_judge(ALICE) == ()
    assert booth(recordings).to_judge(Volunteer("carol", ("en",))) == ()
    assert booth(recordings).judge(ALICE, Judge(waits.spoken, good=True))
    assert booth(recordings).to_judge(BOB) == (waits,)


def test_a_take_whose_words_have_changed_is_not_judged(recordings: Recordings) -> None:
    kept(recordings)
    assert booth(recordings, said=words(**{"meals.when": "À treize heures."})).to_judge(BOB) == ()


@pytest.mark.parametrize(("good", "folder"), [(True, "good"), (False, "bad")])
def test_a_judged_take_is_kept_with_who_spoke_and_who_judged(
    recordings: Recordings, tmp_path: Path, good: bool, folder: str
) -> None:
    kept(recordings)
    (waits,) = booth(recordings).to_judge(BOB)
    for _ in range(2):  # another call judged it meanwhile
        assert booth(recordings).judge(BOB, Judge(waits.spoken, good=good))
    assert booth(recordings).to_judge(BOB) == ()
    (sound,) = (tmp_path / "studio").glob(f"{folder}/fr/meals.when/*/sound.sln")
    assert sound.read_bytes() == VOICE
    told = json.loads(sound.with_name("take.json").read_text())
    assert told == {"words": "À midi.", "by": "alice", "judged by": "bob"}


@pytest.mark.parametrize("record", ["", "[]", "{}"])
def test_a_take_that_cannot_be_read_is_left_where_it_is_and_said(
    recordings: Recordings, tmp_path: Path, record: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept(recordings)
    broken = tmp_path / "studio/waiting/fr/goodbye/1"
    broken.mkdir(parents=True)
    (broken / "take.json").write_text(record)
    assert [one.clip for one in booth(recordings).to_judge(BOB)] == [MEALS]
    assert f"cannot be read, it waits where it is: {broken}/take.json" in caplog.text
    assert (broken / "take.json").read_text() == record


def test_no_take_replaces_another_one(recordings: Recordings, tmp_path: Path) -> None:
    sounds = [VOICE, VOICE * 2, VOICE * 3]
    for sound in sounds:
        kept(recordings, sound=sound)
    for number, waits in enumerate(booth(recordings).to_judge(BOB)):
        booth(recordings).judge(BOB, Judge(waits.spoken, good=bool(number)))
    assert set(sounds) <= set(files(tmp_path / "studio").values())


def test_everybody_on_the_machine_may_read_what_is_kept(recordings: Recordings, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        kept(recordings)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "studio").rglob("*")}
    assert modes == {0o755, 0o644}


def test_a_take_that_cannot_be_kept_is_told_and_logged(
    recordings: Recordings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "studio").write_text("in the way")
    one = booth(recordings)
    assert one.keep(ALICE, KeepTake(MEALS, speaks(one))) is False
    assert "a take could not be kept" in caplog.text


def test_the_words_of_a_notice_are_played_where_they_are_there(recordings: Recordings) -> None:
    notice = Clip("fr", "notice.supper-1234")
    assert recordings.sound(notice) is None
    recordings.keep_notice("supper-1234", [speaks(booth(recordings))])
    assert octets(recordings, notice) == VOICE
    assert recordings.sound(Clip("en", "notice.supper-1234")) is None


def test_every_other_clip_is_the_releases(recordings: Recordings) -> None:
    assert recordings.sound(MEALS) is None


@pytest.mark.parametrize(
    "errand",
    [
        Speak("fr", 60),
        AskToRecord("fr"),
        KeepTake(MEALS, MEALS),
        AskToJudge(),
        Judge(MEALS, good=True),
    ],
)
def test_nothing_is_recorded_before_the_right_pin(publications, errand: Errand[Any]) -> None:
    studio = Studio(publications, booth(publications.recordings))
    with pytest.raises(PermissionError):
        studio.perform(errand)


def test_a_call_of_the_studio_records_keeps_and_judges_and_leaves_nothing_in_memory(
    publications, tmp_path: Path
) -> None:
    (tmp_path / "memory").mkdir()
    pins = {name: publications.volunteers.add(name, ["fr"]) for name in ("alice", "bob")}
    one = booth(publications.recordings)
    answers: list[object] = []
    studio = Studio(publications, one)
    handler(Played(), House(Desk(), LONGEST, studio)).run(
        story(CheckPin(pins["alice"]), Speak("fr", 60), AskToRecord("fr"), answers=answers), ("en",)
    )
    assert answers[2] == one.to_record(AskToRecord("fr"))
    assert list((tmp_path / "memory").iterdir()) == []
    spoken = speaks(one)
    assert studio.perform(KeepTake(MEALS, spoken)) is True
    other = Studio(publications, booth(publications.recordings))
    other.perform(CheckPin(pins["bob"]))
    (waits,) = other.perform(AskToJudge())  # type: ignore[misc]
    assert other.perform(Judge(waits.spoken, good=True)) is True
    assert [take.by for take in publications.recordings.good("fr")] == ["alice"]
