"""Each fact in the words of each language: no translation can change a figure, a deadline, a number or a name."""

import re
import unicodedata
from functools import cache

import pytest

from ivr.content.check import Checked, check
from ivr.content.models import Fact
from ivr.content.speak import PLACEHOLDER
from ivr.content.utterance import Utterance
from ivr.content.words import SOURCE, sources
from ivr.settings import CHECKOUT

LANGUAGES = ("en", "fr", "ar", "fa", "ps", "ckb", "ti", "am", "vi", "sq")
FOREIGN = LANGUAGES[2:]  # their voices would read French names wrongly
FIGURES = frozenset({"Nd", "Nl", "No"})  # of any script: 3, ٣, ፫


@cache
def checked() -> Checked:
    return check(CHECKOUT / "content")


def utterances(code: str) -> dict[str, Utterance]:
    return {one.id: one for one in checked().words[code]}


def clips_with(fact: str) -> list[str]:
    return [name for name, text in sources(checked().content).items() if fact in PLACEHOLDER.findall(text)]


def words_of(fact: Fact, code: str) -> list[str]:
    """Return the words that must be heard for a figure, in their order; a name is spelt as the lexicon says."""
    lexicon = checked().content.lexicons[code]
    value = str(fact.value)
    if fact.kind == "number":
        return [lexicon.numbers[int(value)]]
    if fact.kind == "telephone" and len(value) > 3:
        return [lexicon.numbers[int(digit)] for digit in value if digit.isdigit()]
    return []


def heard_in_order(words: list[str], speech: str) -> bool:
    place = 0
    for word in words:
        place = speech.find(word, place)
        if place < 0:
            return False
        place += len(word)
    return True


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_fact_is_found_in_the_words_of_every_clip_that_says_it(code: str) -> None:
    said = utterances(code)
    lost = [
        (name, clip)
        for name, fact in checked().content.facts.items()
        for clip in clips_with(name)
        if str(fact.value) not in said[clip].text or not heard_in_order(words_of(fact, code), said[clip].speech)
    ]
    assert lost == []


def test_each_fact_is_said_somewhere() -> None:
    assert [name for name in checked().content.facts if not clips_with(name)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_hour_is_heard_with_its_own_number(code: str) -> None:
    lexicon, said = checked().content.lexicons[code], utterances(code)
    for name, fact in checked().content.facts.items():
        if fact.kind == "hour":
            hour = int(str(fact.value)[:2])
            counted = {hour, (hour - 1) % 12 + 1, (hour - 7) % 12 + 1}
            words = {lexicon.hours.get(one, lexicon.numbers[one]) for one in counted}
            for clip in clips_with(name):
                assert any(word in said[clip].speech for word in words), (name, clip)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_holds_a_figure_of_its_own(code: str) -> None:
    content = checked().content
    sentences = sources(content)
    if code != SOURCE:
        sentences = {name: one.text for name, one in content.translations[code].items()}
    bare = {name: PLACEHOLDER.sub("", text) for name, text in sentences.items()}
    own = {name: text for name, text in bare.items() if any(unicodedata.category(sign) in FIGURES for sign in text)}
    assert own == {}


@pytest.mark.parametrize("code", FOREIGN)
def test_how_each_name_and_address_is_said_stands_in_the_lexicon(code: str) -> None:
    names = checked().content.lexicons[code].names
    written = [str(one.value) for one in checked().content.facts.values() if one.kind in ("name", "address", "website")]
    assert [value for value in written if value not in names] == []


@pytest.mark.parametrize("code", FOREIGN)
def test_a_voice_is_given_the_name_as_the_lexicon_writes_it(code: str) -> None:
    lexicon, said = checked().content.lexicons[code], utterances(code)
    lost = [
        (name, clip)
        for name, fact in checked().content.facts.items()
        for clip in (clips_with(name) if fact.kind in ("name", "address", "website") else ())
        if lexicon.names[str(fact.value)] not in said[clip].speech
    ]
    assert lost == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_every_clip(code: str) -> None:
    few = {name: phrase.languages for name, phrase in checked().content.phrases.items() if phrase.languages}
    english = {clip for clip in utterances(SOURCE) if code in few.get(clip, LANGUAGES)}
    assert english - utterances(code).keys() == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_clip_is_read_with_a_placeholder_or_a_bracket(code: str) -> None:
    wrong = [one.id for one in utterances(code).values() if re.search(r"[{}\[\]()<>]", one.text)]
    assert wrong == []
