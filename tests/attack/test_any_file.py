"""Whatever stands in a file of the content, `check` answers with sentences, a line each, and never breaks."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.content.yaml12 import YamlBroken, read
from tests.attack.targets import Target, seeds, targets

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture(scope="module")
def known():
    with targets() as all_of_them:
        yield all_of_them


def changed(kind: str) -> st.SearchStrategy[bytes]:
    """Return sound files with bytes of another kind put in somewhere, and bytes of every other kind."""
    sound = st.sampled_from(list(seeds(kind)))
    noise = st.binary(max_size=30) | st.text(max_size=20).map(str.encode) | st.sampled_from(TOKENS)
    spliced = st.builds(
        lambda file, at, bytes_, skip: file[: at % (len(file) + 1)] + bytes_ + file[(at + skip) % (len(file) + 1) :],
        sound,
        st.integers(0, 4000),
        noise,
        st.integers(0, 60),
    )
    return spliced | st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS), max_size=30).map(b"".join)


TOKENS = [
    *(
        b"\n",
        b" ",
        b"  ",
        b"- ",
        b": ",
        b"? ",
        b"key",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"|",
        b">",
        b"'",
        b'"',
        b"#",
        b"\\",
    ),
    *(b"!!int ", b"!!bool ", b"!!float ", b"!!null x", b"!!str ", b"!!timestamp ", b"!!binary ", b"!!set ", b"!!omap "),
    *(
        b"&a ",
        b"*a",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"~",
        b"1e999",
        b"-0",
        b"18:00",
        b"\xff",
        b"\0",
        b"\t",
    ),
    *(
        b"9" * 5000,
        b"[" * 500,
        b"2026-13-45",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"Mo-Fr 99:00",
        b"{salam}",
        b"{",
        b"{}",
    ),
    *(b'msgid "', b'msgstr "', b'msgctxt "x"\n', b"msgstr[1]", b"#~ ", b"#| ", b"#, fuzzy\n", b"\\x", b"/etc/passwd"),
]


@settings(deadline=None, max_examples=80)
@given(changed("yaml"))
@example(b"\4title: Main menu\nchoices:\n  x: {now: true}\n  '*': {menu: daily}\n")
def test_any_yaml_is_answered_in_sentences(known: dict[str, Target], octets: bytes) -> None:
    known["yaml"](octets)


@settings(deadline=None, max_examples=120)
@given(changed("po"))
@example(b"/etc/passwd")
@example(b'msgctxt "daily.menu"\nmsgid "Daily life"\nmsgstr " "\n')
def test_any_translation_is_answered_in_sentences(known: dict[str, Target], octets: bytes) -> None:
    known["po"](octets)


@settings(deadline=None, max_examples=200)
@given(changed("receipts"))
@example(b"[" * 100_000)
def test_any_question_to_the_receipts_is_answered(known: dict[str, Target], octets: bytes) -> None:
    known["receipts"](octets)


@given(
    st.sampled_from(["int", "bool", "float", "null", "timestamp", "binary", "set", "omap", "pairs", "str", "own"]),
    st.text(max_size=8),
)
def test_no_tag_breaks_the_reading(tmp_path_factory: pytest.TempPathFactory, tag: str, words: str) -> None:
    file = tmp_path_factory.getbasetemp() / "tag.yaml"
    file.write_text(f"a: !!{tag} {words!r}\n", encoding="utf-8")
    with contextlib.suppress(YamlBroken):
        read(file)


def test_a_few_lines_that_stand_for_many_are_refused(tmp_path: Path) -> None:
    (tmp_path / "laughs.yaml").write_text(LAUGHS)
    with pytest.raises(YamlBroken, match=r"the value \*a stands elsewhere: write it out here"):
        read(tmp_path / "laughs.yaml")
