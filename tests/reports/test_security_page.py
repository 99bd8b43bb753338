"""SECURITY.md names a test for each of its claims; those of this room exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"(?:(tests/reports/\w+\.py)|…)::(test_\w+)")


def claims() -> list[tuple[str, str]]:
    found = []
    module = ""
    for path, name in NAMED.findall((ROOT / "SECURITY.md").read_text()):
        module = path or module
        found.append((module, name))
    return found


@pytest.mark.parametrize(("module", "name"), claims())
def test_a_test_that_the_page_names_exists(module: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / module).read_text()
