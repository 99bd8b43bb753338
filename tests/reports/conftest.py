"""The line of these tests, and a disk that is easily full."""

import os
import shutil
import subprocess
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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 24 MB of its own; a user who is not root needs sudo for it."""
    folder = tmp_path / "small"
    folder.mkdir()
    rights = ["sudo", "-n"] if os.getuid() else []
    mount = ["mount", "-t", "tmpfs", "-o", f"size=24m,uid={os.getuid()}", "tmpfs", str(folder)]
    subprocess.run([*rights, *mount], check=True)
    try:
        yield folder
    finally:
        subprocess.run([*rights, "umount", "-l", str(folder)], check=True)
