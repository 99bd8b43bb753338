"""YAML as a volunteer expects it."""

from pathlib import Path

import pytest

from ivr.content.yaml12 import YamlBroken, read


def document(tmp_path: Path, text: str | bytes) -> object:
    file = tmp_path / "file.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file)


def mistake(tmp_path: Path, text: str | bytes) -> tuple[str, str]:
    with pytest.raises(YamlBroken) as broken:
        document(tmp_path, text)
    return broken.value.place, str(broken.value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("18:00", "18:00"),
        ("1:30:00", "1:30:00"),
        ("no", "no"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("012", "012"),
        ("03 21", "03 21"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1.5e3", 1500.0),
        ("1.", "1."),
        ("2026-11-01", "2026-11-01"),
        ("null", None),
        ("~", None),
        ("", None),
        ('"12"', "12"),
        ("<<", "<<"),
    ],
)
def test_a_plain_value_means_what_it_says(tmp_path: Path, written: str, meant: object) -> None:
    found = document(tmp_path, f"key: {written}\n")
    assert found == {"key": meant}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(meant)


def test_words_of_any_alphabet_are_read(tmp_path: Path) -> None:
    assert document(tmp_path, "پښتو: {ትግርኛ: العربية}") == {"پښتو": {"ትግርኛ": "العربية"}}


def test_a_key_that_stands_twice_is_named_with_its_second_line(tmp_path: Path) -> None:
    place, sentence = mistake(tmp_path, "choices:\n  '1': a\n  '2': b\n  '1': c\n")
    assert (place, sentence) == ("line 4", "the key '1' is used twice: keep one of the two.")


def test_the_same_key_in_two_places_is_no_mistake(tmp_path: Path) -> None:
    assert document(tmp_path, "a: {id: 1}\nb: {id: 1}\n") == {"a": {"id": 1}, "b": {"id": 1}}


@pytest.mark.parametrize("text", ["[1]: a\n", "{a: b}: c\n", "? \n: a\n"])
def test_a_key_that_is_no_word_is_named(tmp_path: Path, text: str) -> None:
    place, sentence = mistake(tmp_path, text)
    assert place == "line 1"
    assert "write a plain one" in sentence


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: b\nc: [d\n", "line 3"), ("a: 'b\n", "line 2"), ("\ta: b\n", "line 1"), ("a: *gone\n", "line 1")],
)
def test_what_is_no_yaml_is_named_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    place, sentence = mistake(tmp_path, text)
    assert place == line
    assert sentence.startswith("is not YAML (")
    assert sentence.endswith(": mend this line.")


@pytest.mark.parametrize("text", ["clé: Zoé\n".encode("latin-1"), b"a: \x00\n", b"\xff\xff"])
def test_what_is_no_utf_8_says_how_to_save_it(tmp_path: Path, text: bytes) -> None:
    place, sentence = mistake(tmp_path, text)
    assert place == ""
    assert sentence.endswith("save it again as UTF-8.")
    assert "\n" not in sentence


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getpid []", "!!python/name:os.system", "!own x"])
def test_no_file_can_run_anything(tmp_path: Path, tag: str) -> None:
    assert mistake(tmp_path, f"a: {tag}\n")[1].startswith("is not YAML (")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(YamlBroken, match="cannot be read: No such file"):
        read(tmp_path / "gone.yaml")


def test_a_folder_in_its_place_says_so(tmp_path: Path) -> None:
    with pytest.raises(YamlBroken, match="cannot be read"):
        read(tmp_path)


@pytest.mark.parametrize("text", ["[" * 5000, "a: &a [*a]\n", "a: &a {b: *a}\n"])
def test_no_nesting_is_too_deep_for_a_sentence(tmp_path: Path, text: str) -> None:
    assert mistake(tmp_path, text)[1]
