"""SECURITY.md names a test for each of its claims; all of them exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"(?:(tests/\w+/\w+\.py)|…)::(test_\w+)")


def claims() -> list[tuple[str, str]]:
    found = []
    module = ""
    for path, name in NAMED.findall(PAGE):
        module = path or module
        found.append((module, name))
    return found


@pytest.mark.parametrize(("module", "name"), claims())
def test_a_test_that_the_page_names_exists(module: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / module).read_text(encoding="utf-8")


def test_every_file_of_tests_that_the_page_names_exists() -> None:
    named = re.findall(r"tests/[\w/]+\.\w+", PAGE)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
