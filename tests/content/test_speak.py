"""Facts in the words of a language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.content import speak
from ivr.content.models import Fact, Lexicon

WORDS = {number: f"<{number}>" for number in range(61)}
LEXICON = Lexicon(numbers=WORDS, names={"OFPRA": "off-pra", "rue Lamy": "roo Lammy", "Lamy": "wrong"})


def phrase(name: str) -> str:
    return f"{name} {{hour}} {{hour24}} {{hour-from-sunrise}} {{minutes}}"


def test_a_number_is_said_in_words() -> None:
    assert speak.number(24, LEXICON) == "<24>"


def test_a_number_without_words_says_what_to_add() -> None:
    with pytest.raises(speak.CannotSay, match="no word for the number 2400: add it under `numbers`"):
        speak.number(2400, LEXICON)


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("112", "<1> <1> <2>"),
        ("03 21 19 86 56", "<0> <3>, <2> <1>, <1> <9>, <8> <6>, <5> <6>"),
        ("0321198656", "<0> <3>, <2> <1>, <1> <9>, <8> <6>, <5> <6>"),
        ("+33 (0)3", "<3> <3>, <0> <3>"),
        ("12345", "<1> <2>, <3> <4>, <5>"),
        ("7", "<7>"),
    ],
)
def test_a_telephone_number_is_said_digit_by_digit_in_pairs(digits: str, said: str) -> None:
    assert speak.telephone(digits, LEXICON) == said


def test_an_emergency_number_is_said_as_a_number_where_the_lexicon_has_it() -> None:
    french = Lexicon(numbers={**WORDS, 112: "cent douze"})
    assert speak.telephone("112", french) == "cent douze"


@given(st.from_regex(r"\+?[0-9]([ .-]?[0-9]){0,14}", fullmatch=True))
def test_no_digit_of_a_telephone_number_is_lost(digits: str) -> None:
    said = speak.telephone(digits, LEXICON)
    assert [sign for sign in said if sign.isdigit()] == [sign for sign in digits if sign.isdigit()]


@pytest.mark.parametrize(
    ("clock", "part", "twelve", "sunrise"),
    [
        ("00:00", "midnight", 12, 6),
        ("00:30", "midnight-minutes", 12, 6),
        ("01:00", "night", 1, 7),
        ("04:59", "night-minutes", 4, 10),
        ("05:00", "morning", 5, 11),
        ("06:00", "morning", 6, 12),
        ("07:00", "morning", 7, 1),
        ("11:59", "morning-minutes", 11, 5),
        ("12:00", "noon", 12, 6),
        ("12:30", "noon-minutes", 12, 6),
        ("13:00", "afternoon", 1, 7),
        ("17:59", "afternoon-minutes", 5, 11),
        ("18:00", "evening", 6, 12),
        ("20:59", "evening-minutes", 8, 2),
        ("21:00", "night", 9, 3),
        ("23:59", "night-minutes", 11, 5),
    ],
)
def test_an_hour_is_said_with_its_part_of_the_day(clock: str, part: str, twelve: int, sunrise: int) -> None:
    hours, minutes = (int(one) for one in clock.split(":"))
    said = speak.hour(clock, LEXICON, phrase)
    assert said == f"hour-{part} <{twelve}> <{hours}> <{sunrise}> <{minutes}>"


def test_a_language_may_have_words_of_its_own_for_hours() -> None:
    lexicon = Lexicon(numbers=WORDS, hours={6: "the sixth"})
    assert speak.hour("18:06", lexicon, lambda _: "{hour}, {minutes}") == "the sixth, <6>"


def test_an_hour_with_a_placeholder_that_is_none_cannot_be_said() -> None:
    with pytest.raises(speak.CannotSay, match=r"holds \{heure\}"):
        speak.hour("18:00", LEXICON, lambda _: "{heure} du soir")


def test_a_name_is_said_as_the_lexicon_writes_it() -> None:
    assert speak.pronounce("Ask OFPRA, 5 rue Lamy.", LEXICON.names) == "Ask off-pra, 5 roo Lammy."


@pytest.mark.parametrize("text", ["OFPRAs", "aOFPRA", "rue Lamyx", "{OFPRA}", "{a-Lamy}"])
def test_a_part_of_another_word_is_no_name(text: str) -> None:
    assert speak.pronounce(text, LEXICON.names) == text


def test_a_language_without_names_says_what_is_written() -> None:
    assert speak.pronounce("OFPRA", {}) == "OFPRA"


def test_signs_of_patterns_in_a_name_mean_themselves() -> None:
    assert speak.pronounce("S.A.L.A.M. or SxAxLxAxMx", {"S.A.L.A.M.": "salam"}) == "salam or SxAxLxAxMx"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Fact(kind="number", value=12), "<12>"),
        (Fact(kind="telephone", value="112"), "<1> <1> <2>"),
        (Fact(kind="hour", value="18:00"), "evening <6>"),
        (Fact(kind="address", value="rue Lamy"), "roo Lammy"),
        (Fact(kind="name", value="OFPRA"), "off-pra"),
        (Fact(kind="website", value="w2eu.info"), "w2eu.info"),
    ],
)
def test_every_kind_of_fact_is_said_in_its_way(fact: Fact, said: str) -> None:
    assert speak.fact(fact, LEXICON, lambda _: "evening {hour}") == said
