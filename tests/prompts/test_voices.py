"""What languages.yaml says of voices, and what is wrong with it."""

from pathlib import Path

import pytest

from ivr.content.check import check
from ivr.prompts.voices import pins_of, problems, voices_of
from tests.content.sound import sound_content

HERE = Path("/nowhere")
VOICES = "voices: {piper: en_US-joe-medium, gtts: en, espeak: en+f2}"


@pytest.fixture
def folder(tmp_path) -> Path:
    return sound_content(tmp_path / "content")


def written(folder, english: str):
    """Return the checked content with this said of the English voices."""
    file = folder / "languages.yaml"
    file.write_text(file.read_text().replace("voices: {espeak: en+f2}", english, 1))
    return check(folder)


def test_the_voices_of_a_language_are_asked_in_the_order_in_which_they_are_written(folder):
    voices = voices_of(written(folder, VOICES).content, HERE, online=True)
    assert [(one.engine, one.name) for one in voices if one.language == "en"] == [
        ("piper", "en_US-joe-medium"),
        ("gtts", "en"),
        ("espeak", "en+f2"),
    ]


def test_an_engine_that_is_online_speaks_only_where_that_is_allowed(folder):
    voices = voices_of(written(folder, VOICES).content, HERE, online=False)
    assert [one.engine for one in voices if one.language == "en"] == ["piper", "espeak"]


def test_a_pin_names_the_engine_of_a_clip(folder):
    checked = written(folder, f"{VOICES}, pins: {{goodbye: espeak}}")
    assert pins_of(checked.content) == {("en", "goodbye"): "espeak"}
    assert problems(checked) == []


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("voices: {festival: en}", "voices: there is no engine 'festival': name one of espeak, gtts, piper."),
        (f"{VOICES}, pins: {{no-such: espeak}}", "pins.no-such: there is no such clip"),
        ("voices: {espeak: en}, pins: {goodbye: piper}", "pins.goodbye: names 'piper', but no voice of it: add one"),
    ],
)
def test_a_voice_or_a_pin_that_does_not_exist_is_a_mistake(folder, english, said):
    (problem,) = problems(written(folder, english))
    assert str(problem).startswith(f"languages.yaml: languages.0.{said}")
