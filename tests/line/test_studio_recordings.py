"""The studio's recordings by telephone: a sentence that one volunteer speaks and another judges, a notice in words."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import release as releases
from tests.line import witness
from tests.line.studio import LATER, enters, ivr, pin_of, serve_anew, today_zone
from tests.phone import Phone
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(80)

SENTENCE = "en/meals.evening"  # the first that callers come to
NOTICE = witness.speech(1.6, 5)


@pytest.fixture
def line(release: Published, tmp_path: Path) -> Iterator[RunningLine]:
    """A line with a release of its own, for a build that changes it."""
    own = tmp_path / "prompts"
    shutil.copytree(release.folder, own, symlinks=True, copy_function=os.link)
    with running_line(replace(release, folder=own), time_zone=today_zone()) as running:
        yield running


def says(phone: Phone, sound: bytes, heard_as: str) -> None:
    """Speak after the tone, be silent for a moment and press hash; return when it is heard again."""
    phone.clips[heard_as] = sound
    phone.hears_whole("en/speak-after-tone")
    witness.hears_tone(phone)
    witness.pause(phone, 1)
    phone.say(sound)
    witness.pause(phone, 0.5)  # Asterisk drops the last fifth of a second before a key
    phone.press("#")
    phone.hears(heard_as)


def records(phone: Phone, sentence: bytes) -> None:
    """Record a sentence, judge nothing of one's own, and publish a notice in words."""
    phone.press("3")
    phone.hears(SENTENCE, "en/studio-record")
    phone.press("1")
    says(phone, sentence, "the sentence")
    phone.press("1")
    phone.hears("en/studio-kept")
    phone.press("#*4")
    phone.hears("en/studio-all-judged")
    phone.press("#11")
    phone.hears("en/studio-change")
    phone.press("3")
    phone.hears("en/language-name", "en/studio-words")
    phone.press("1")
    says(phone, NOTICE, "the notice")
    phone.press("1")
    phone.hears("en/studio-until")
    phone.press("1")
    phone.hears("en/service.evening-meal", "the notice", "en/studio-last-day")
    phone.press("1")
    phone.hears("en/studio-published-words")


def test_a_sentence_and_a_notice_are_spoken_by_telephone_judged_built_and_heard(line: RunningLine) -> None:
    sentence = line.release.clips[SENTENCE]
    with line.phone() as phone:
        enters(phone, pin_of(line, "alice", "en"))
        records(phone, sentence)
    studio = line.state / "studio"
    assert list((line.asterisk.memory / "studio").iterdir()) == []
    assert list((line.asterisk.memory / "recordings").iterdir()) == []
    assert [path.name for path in studio.glob("*/*/*/*/sound.sln")] == ["sound.sln"]
    hears_the_notice(line)
    with line.phone() as phone:
        enters(phone, pin_of(line, "bob", "en,fr"))
        phone.press("4")
        phone.hears(SENTENCE, SENTENCE, timeout=30)  # as the line says it, then as alice did
        phone.press("1")
        phone.hears("en/studio-good", "en/studio-all-judged")
    (judged,) = studio.glob("good/en/meals.evening/*/take.json")
    assert json.loads(judged.read_text()) == {"words": line.release.texts[SENTENCE], "by": "alice", "judged by": "bob"}
    assert f"{SENTENCE}: a take by telephone speaks it from now on." in ivr(line, "build")
    built = releases.read(line.release.folder)
    assert built.clips[SENTENCE] != sentence
    serve_anew(line, LATER)  # where the notice's last day is over
    with line.phone(clips={**built.clips, "the notice": NOTICE}) as phone:
        phone.call("line-en")
        phone.press("21")
        phone.hears(SENTENCE, timeout=20)
        assert "the notice" not in phone.story()


def hears_the_notice(line: RunningLine) -> None:
    """Call in its language, where it comes first in its section and in what is open now, and in another language."""
    with line.phone() as phone:
        phone.clips["the notice"] = NOTICE
        phone.call("line-en")
        phone.press("1")
        phone.hears_whole("the notice")
        assert not [name for name in phone.story() if "service." in name]
        phone.press("021")
        phone.hears_whole("the notice")
        phone.hears(SENTENCE)
    with line.phone() as phone:
        phone.clips["the notice"] = NOTICE
        phone.call("line-fr")
        phone.press("21")
        phone.hears("fr/meals.evening", timeout=20)
        assert "the notice" not in phone.story()
