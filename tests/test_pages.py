"""SECURITY.md and README.md name tests for their claims; all of them exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("SECURITY.md", "README.md")}
NAMED = re.compile(r"(?:(tests/\w+/\w+\.py)|…)::(test_\w+)")


def claims() -> list[tuple[str, str]]:
    found = []
    for page in PAGES.values():
        module = ""
        for path, name in NAMED.findall(page):
            module = path or module
            found.append((module, name))
    return found


@pytest.mark.parametrize(("module", "name"), claims())
def test_a_test_that_a_page_names_exists(module: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_tests_that_a_page_names_exists(page: str) -> None:
    named = re.findall(r"tests/[\w/]+\.\w+", PAGES[page])
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_row_of_the_faults_names_a_test() -> None:
    rows = PAGES["README.md"].partition("## Faults")[2].partition("\n## ")[0].splitlines()
    faults = [row for row in rows if row.startswith("| ")][1:]
    assert faults
    assert [row for row in faults if not NAMED.search(row)] == []
