"""Choosing a language."""

from ivr.callflow.line import Entry, Language
from tests.callflow.telling import Telling, small_line


def test_each_language_says_its_own_name_and_the_second_page_says_zero() -> None:
    assert Telling().said == ["en/language-choice", "fr/language-choice", "vi/more-languages"]


def test_a_key_chooses_its_language_and_leads_to_the_main_menu() -> None:
    assert Telling("2").said[3:5] == ["fr/main.1", "fr/main.2"]


def test_zero_leads_to_the_second_page_and_its_key_chooses_there() -> None:
    told = Telling("01")
    assert told.said[3] == "vi/language-choice"
    assert "vi/main.1" in told.said


def test_star_leads_from_the_second_page_to_the_first() -> None:
    assert Telling("0*2").places == ["languages", "main"]


def test_a_language_that_is_not_ready_keeps_its_key_and_says_so() -> None:
    told = Telling("5")
    assert told.said[3:5] == ["en/language-not-ready", "en/language-choice"]
    assert "main" not in told.places


def test_a_number_of_its_own_presets_the_language() -> None:
    assert Telling(entry=Entry(language="fr")).said[0] == "fr/main.1"


def test_a_preset_language_that_is_not_ready_leads_to_the_languages() -> None:
    assert Telling(entry=Entry(language="ps")).places == ["languages"]


def test_the_first_silence_begins_the_path_without_keys_in_every_language() -> None:
    told = Telling(".")
    assert told.said[3:] == ["en/essentials", "fr/essentials", "vi/essentials", "en/goodbye", "fr/goodbye"]
    assert told.ended


def test_the_path_without_keys_gives_the_witness_number_where_there_is_one() -> None:
    told = Telling(".", line=small_line(witness_number=True))
    assert told.said[-5:] == ["vi/essentials", "en/witness-number", "fr/witness-number", "en/goodbye", "fr/goodbye"]


def test_a_key_during_the_witness_number_takes_over() -> None:
    told = Telling(".", line=small_line(witness_number=True), cuts=[("fr/witness-number", "2")])
    assert told.places[-1] == "main"


def test_a_key_takes_over_from_the_path_without_keys() -> None:
    told = Telling(".", cuts=[("fr/essentials", "1")])
    assert told.said[-4:] == ["en/main.1", "en/main.2", "en/main.3", "en/witness-hint"]


def test_a_wrong_key_has_words_of_its_own_and_the_third_counts_as_silence() -> None:
    told = Telling("444")
    assert told.said.count("en/wrong-languages") == 2
    assert told.ended


def test_nine_is_the_witness_line_from_the_first_second() -> None:
    assert Telling(cuts=[("en/language-choice", "9")]).places == ["languages", "witness"]


def test_hash_skips_one_language() -> None:
    told = Telling(cuts=[("en/language-choice", "#")])
    assert told.said == ["en/language-choice", "fr/language-choice", "vi/more-languages"]


def test_without_a_second_page_zero_says_the_languages_again() -> None:
    line = small_line(languages=(Language("en", "1", ready=True), Language("fr", "2", ready=True)))
    assert Telling("0", line=line).said[-2:] == ["en/language-choice", "fr/language-choice"]


def test_a_key_during_the_goodbye_brings_the_caller_back() -> None:
    told = Telling(".", cuts=[("fr/goodbye", "1")])
    assert told.places[-1] == "main"


def test_somebody_who_chose_a_language_hears_what_is_most_needed_in_that_language_alone() -> None:
    told = Telling("2...")
    assert told.said[-2:] == ["fr/essentials", "fr/goodbye"]
    assert told.ended


def test_a_key_then_leads_to_the_main_menu() -> None:
    assert Telling("2...", cuts=[("fr/essentials", "4")]).places[-1] == "main"


def test_a_key_during_that_goodbye_leads_to_the_main_menu() -> None:
    assert Telling("2...", cuts=[("fr/goodbye", "4")]).places[-1] == "main"
