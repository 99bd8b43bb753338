"""A machine with a line, on which names and files of attackers are tried."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from ivr.reports.folder import Card, Report
from tests.content.sound import sound_content


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A machine with a line, and outside its folders what its names must not lead to."""
    folder = tmp_path_factory.mktemp("home")
    sound_content(folder / "content")
    for shelf in (folder / "outside", folder / "state/outside", folder / "prompts/outside"):
        Report(shelf / "abcdef0123456789").begin(Card("2026-11-23"))
        (shelf / "000001-x").mkdir()
        (shelf / "000001-x/manifest.json").write_text("{}")
        (shelf / "passwd.json").write_text(json.dumps({"name": "passwd", "languages": ["en"], "mail": "", "pin": ""}))
    ours = {"CONTENT": "content", "PROMPTS": "prompts", "STATE": "state", "CACHE": "cache", "MEMORY": "memory"}
    variables = {f"IVR_{name}": str(folder / place) for name, place in ours.items()}
    with mock.patch.dict(os.environ, variables):
        yield folder
