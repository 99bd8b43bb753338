"""One mistake a file: each is found, named with its place, and keeps the content from callers.

A file says what becomes of a sound content folder (`file` and what it `becomes`, or which words to `swap` in it;
`also` swaps in other files), and the beginnings of all the lines that `check` must then say.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.__main__ import main
from ivr.content.check import check
from tests.content.sound import sound_content

MISTAKES = {file.stem: file for file in sorted(Path(__file__).parent.glob("*.yaml"))}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_content(tmp_path_factory.mktemp("sound") / "content")


@pytest.fixture
def content(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "content"))


def breaks(content: Path, name: str) -> list[str]:
    """Make the mistake, and return what must be said about it."""
    mistake = yaml.safe_load(MISTAKES[name].read_text(encoding="utf-8"))
    file = content / mistake["file"]
    if "becomes" in mistake:
        file.write_text(mistake["becomes"], encoding="utf-8")
    elif "bytes" in mistake:
        file.write_bytes(mistake["bytes"])
    elif "gone" in mistake:
        file.unlink()
    for swapped, words in {mistake["file"]: mistake.get("swap", {}), **mistake.get("also", {})}.items():
        swap(content / swapped, words)
    says: list[str] = mistake["says"]
    return says


def swap(file: Path, words: dict[str, str]) -> None:
    for old, new in words.items():
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{file.name} does not hold {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


def ivr(verb: str, content: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command line on this content and return its exit code."""
    monkeypatch.setenv("IVR_CONTENT", str(content))
    monkeypatch.setenv("IVR_PROMPTS", str(content.parent / "prompts"))
    monkeypatch.setattr("sys.argv", ["ivr", verb])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_the_content_that_is_broken_here_is_sound(sound: Path) -> None:
    assert check(sound).problems == []


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_named_with_its_place_and_nothing_else_is(name: str, content: Path) -> None:
    says = breaks(content, name)
    found = [str(problem) for problem in check(content).problems]
    assert len(found) == len(says), found
    for line, beginning in zip(found, says, strict=True):
        assert line.startswith(beginning)


@pytest.mark.parametrize("name", MISTAKES)
def test_the_command_line_lists_every_mistake_and_fails(
    name: str, content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says = breaks(content, name)
    assert ivr("check", content, monkeypatch) == 1
    told = capsys.readouterr().err.splitlines()
    assert all(line.startswith(beginning) for line, beginning in zip(told, says, strict=False))
    assert len(told) == len(says) + 1
    assert told[-1].endswith("nothing is published.")


@pytest.mark.parametrize("name", MISTAKES)
def test_nothing_is_built_of_broken_content(
    name: str, content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    breaks(content, name)
    assert ivr("build", content, monkeypatch) == 1
    assert not (content.parent / "prompts").exists()
    assert "Traceback" not in capsys.readouterr().err


def test_every_mistake_of_a_folder_is_told_at_once(content: Path) -> None:
    says = (
        breaks(content, "an_unknown_key") + breaks(content, "an_unknown_fact") + breaks(content, "a_missing_sentence")
    )
    assert {str(one) for one in check(content).problems} >= set(says)
