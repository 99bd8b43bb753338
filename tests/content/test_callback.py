"""Whom the line calls back: by exact prefixes, and one sentence for each mistake in the file."""

from pathlib import Path

import pytest

from ivr.content.callback import CallBack, CallBackBroken, call_back_of

SOUND = """
trunk: provider
country: "33"
prefixes: {"+336": 5, "+33": 0, "+44": 2}
"""


@pytest.fixture
def terms(tmp_path: Path) -> CallBack:
    return call_back_of(written(tmp_path, SOUND))


def written(folder: Path, text: str) -> Path:
    file = folder / "call_back.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("<:0612345678@127001", "+33612345678"),
        ("<:+33612345678@", "+33612345678"),
        ("<:0033612345678@", "+33612345678"),
        (":0612345678@", "+33612345678"),
        ("<:33612345678@", "+33612345678"),
        ("<:447911123456@", "+447911123456"),
        ("<:336123456789012@", "+336123456789012"),
        ("<:3361234567890123@", ""),
        ("<:336+12345678@", ""),
        (":+44899@<:0612345678@", "+33612345678"),
        ("<:@", ""),
        ("<:0@", ""),
        ("<:17@", ""),
        ("<:+330000000000000000@", ""),
        ("0612345678", ""),
        ("", ""),
    ],
)
def test_the_number_is_read_whole_from_the_address_and_not_from_a_name(terms: CallBack, told: str, number: str) -> None:
    assert terms.number(told) == number


@pytest.mark.parametrize(
    ("number", "prefix"), [("+33612345678", "+336"), ("+33899123456", "+33"), ("+4420794600", "+44"), ("+1900555", "")]
)
def test_the_longest_prefix_that_fits_decides(terms: CallBack, number: str, prefix: str) -> None:
    assert terms.prefix(number) == prefix


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"+336": 5', '"336": 5', "prefixes.336"),
        ('"+336": 5', '"+336": -1', "prefixes.+336: Input should be greater than or equal to 0"),
        ('country: "33"', 'country: "0033"', "country: String should match pattern"),
        ('"+336": 5', "+336: 5", "prefixes.336.[key]: Input should be a valid string: write it in quotation marks."),
        ("trunk: provider", "trunk: [", "is not YAML"),
        ("trunk: provider", "trunk: a/b", "trunk: String should match pattern"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(CallBackBroken) as broken:
        call_back_of(written(tmp_path, SOUND.replace(old, new)))
    assert str(broken.value).startswith(f"{tmp_path}/call_back.yaml: ")
    assert says in str(broken.value)
    assert "\n" not in str(broken.value)
