"""The stored line of a release."""

import os
import subprocess
import sys

from ivr.content.plan import from_json
from tests.asterisk_fixture import CHECKOUT

PROGRAM = """
from datetime import date
from pathlib import Path
from ivr.callflow.actions import Clip
from ivr.content.load import load
from ivr.content.plan import line_of, to_json
content, _ = load(Path("content"))
fuzzy = {Clip(code, f"{name}.title") for code in ("fr", "ar") for name in content.sections}
print(to_json(line_of(content, {"en", "fr", "ar"}, fuzzy, date.max, witness_number=True)))
"""


def stored(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_same_line_is_stored_as_the_same_text_in_every_process() -> None:
    first = stored("1")
    assert first == stored("2")
    line = from_json(first)
    assert len(line.fuzzy) == 2 * len(line.sections)
    assert line.old_services
