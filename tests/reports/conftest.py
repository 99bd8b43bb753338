"""The line of these tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.reports.memory import Memory
from tests.reports.sealed_line import SealedLine


@pytest.fixture
def line(tmp_path: Path) -> Iterator[SealedLine]:
    memory = Path(tempfile.mkdtemp(prefix="calais-line-test-", dir="/dev/shm"))
    Memory(memory).make()
    line = SealedLine(tmp_path, memory)
    try:
        yield line
    finally:
        line.stop()
        shutil.rmtree(memory, ignore_errors=True)
