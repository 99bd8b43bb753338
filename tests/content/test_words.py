"""Every sentence of the line in one language, as it is read and as it is spoken."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.content.models import Content, Fact, FixedPhrase, LanguageEntry, Lexicon, Sentence
from ivr.content.utterance import Utterance
from ivr.content.words import Missing, Speaker
from tests.content.sound import loaded, sound_content

FIXED = {  # whatever the line says today
    "choice": "{title}: press {key}.",
    "choice-after": "{title}: {key}.",
    "language-choice": "{language}: press {key}.",
    "more-languages": "More {language}: press {key}.",
    "recorded-minutes": "Minutes kept: about {minutes}.",
    "witness-number": "To report violence, call {witness-number}.",
    "hour-evening": "{hour} in the evening",
    "now-title": "Open now",
    "essentials": "Food at {evening-meal}, {food-place}. The {pass} clinic.",
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    content = loaded(sound_content(tmp_path_factory.mktemp("words") / "content"))
    facts = {"pass": Fact(kind="name", value="PASS"), "food-place": Fact(kind="address", value="rue Lamy")}
    phrases = {name: FixedPhrase(says=says) for name, says in FIXED.items()}
    return replace(content, phrases={**content.phrases, **phrases}, facts={**content.facts, **facts})


def language(content: Content, code: str) -> LanguageEntry:
    return next(one for one in content.languages if one.code == code)


def said(content: Content, code: str = "en", number: str = "") -> dict[str, Utterance]:
    return {one.id: one for one in Speaker(content, language(content, code), number).all()[0]}


def missing(content: Content, code: str = "en") -> list[Missing]:
    return Speaker(content, language(content, code)).all()[1]


def test_english_lacks_nothing(content: Content) -> None:
    assert missing(content) == []


def test_a_fact_is_read_in_figures_and_spoken_in_words(content: Content) -> None:
    one = said(content)["meals.evening"]
    assert one.text == "Hot food every day at 18:00."
    assert one.speech == "Hot food every day at six in the evening."


def test_what_people_write_down_is_spoken_slowly(content: Content) -> None:
    assert said(content)["meals.phone"].slow
    assert not said(content)["meals.evening"].slow


def test_a_choice_is_said_with_its_title_and_key(content: Content) -> None:
    choices = {name: one.text for name, one in said(content).items() if name.startswith(("main.", "daily."))}
    assert choices == {
        "main.1": "Open now: press 1.",
        "main.2": "Food: 2.",
        "main.3": "Your rights: 3.",
        "daily.1": "Meals: 1.",
    }


def test_a_language_names_itself_with_its_own_key(content: Content) -> None:
    assert said(content)["language-choice"].text == "English: press 1."
    assert said(content)["more-languages"].text == "More English: press 0."


def test_a_key_of_the_second_page_is_said_by_its_second_digit(content: Content) -> None:
    second = replace(content, languages=(language(content, "en").model_copy(update={"key": "03"}),))
    assert said(second)["language-choice"].text == "English: press 3."


def test_digits_and_minutes_are_clips_of_their_own(content: Content) -> None:
    clips = said(content)
    assert [clips[f"digit.{digit}"].text for digit in range(10)] == [str(digit) for digit in range(10)]
    assert all(clips[f"digit.{digit}"].slow for digit in range(10))
    assert clips["recorded-minutes.20"].text == "Minutes kept: about 20."


def test_what_is_only_a_part_of_other_sentences_is_no_clip(content: Content) -> None:
    assert not said(content).keys() & {"choice", "digit", "recorded-minutes", "hour-evening", "at-hour"}


def test_without_a_witness_number_no_sentence_names_it(content: Content) -> None:
    assert "witness-number" not in said(content)
    assert said(content, number="0321")["witness-number"].speech.endswith("zero three, two one.")


def test_every_clip_has_one_id(content: Content) -> None:
    utterances, _ = Speaker(content, language(content, "en"), "0321").all()
    assert len({one.id for one in utterances}) == len(utterances)


def test_a_translation_is_spoken_with_the_numbers_of_its_language(content: Content) -> None:
    assert said(content, "fr")["rights.silence"].speech == "Vous pouvez vous taire pendant vingt-quatre heures."


def test_a_changed_english_sentence_keeps_its_old_translation(content: Content) -> None:
    assert "meals.phone" in content.translations["fr"]
    assert content.translations["fr"]["meals.phone"].fuzzy


def test_what_is_not_translated_is_missing_and_not_said_in_english(content: Content) -> None:
    assert Missing("fr", "lawyers.free", "is not translated yet.") in missing(content, "fr")
    assert "lawyers.free" not in said(content, "fr")


def test_an_hour_needs_the_sentence_of_its_part_of_the_day(content: Content) -> None:
    assert Missing("fr", "meals.evening", "is not translated yet.") in missing(content, "fr")


def test_a_translated_title_is_named_by_a_translated_choice(content: Content) -> None:
    french = {"choice-after": Sentence("{title} : {key}."), "meals.title": Sentence("Repas")}
    translated = replace(content, translations={"fr": french})
    assert said(translated, "fr")["daily.1"].text == "Repas : 1."


@pytest.mark.parametrize("changed", ["choice-after", "meals.title"])
def test_a_choice_is_fuzzy_where_its_title_or_its_form_is(content: Content, changed: str) -> None:
    french = {"choice-after": Sentence("{title} : {key}."), "meals.title": Sentence("Repas")}
    french[changed] = replace(french[changed], fuzzy=True)
    assert said(replace(content, translations={"fr": french}), "fr")["daily.1"].fuzzy


def test_a_sentence_is_fuzzy_where_the_words_of_its_hour_are(content: Content) -> None:
    french = {**content.translations["fr"], "hour-evening": Sentence("le soir", fuzzy=True)}
    translated = replace(content, translations={"fr": french})
    assert said(translated, "fr")["meals.evening"].fuzzy
    assert not said(translated, "fr")["rights.silence"].fuzzy


def test_a_name_is_spoken_as_the_lexicon_says_also_inside_facts(content: Content) -> None:
    lexicon = content.lexicons["en"].model_copy(update={"names": {"PASS": "pahss", "clinic": "clinnick"}})
    one = said(replace(content, lexicons={"en": lexicon}))["essentials"]
    assert "PASS clinic" in one.text
    assert "pahss clinnick" in one.speech


def test_a_language_without_a_lexicon_lacks_its_numbers(content: Content) -> None:
    lacks = {one.id: one.sentence for one in missing(replace(content, lexicons={"en": Lexicon()}))}
    assert lacks["rights.silence"].startswith("the lexicon has no word for the number 24")


def test_a_brace_is_never_read_aloud(content: Content) -> None:
    phrases = {**content.phrases, "goodbye": FixedPhrase(says="Good {Bye}.")}
    assert "goodbye" not in said(replace(content, phrases=phrases))


def test_the_content_itself_stays_as_it_was_written(content: Content, tmp_path: Path) -> None:
    before = repr(content)
    said(content, number="0321")
    assert repr(content) == before
    assert "witness-number" not in content.facts
