"""A few seconds of bytes changed with coverage for a guide, on every target; `scripts/fuzz` does it for minutes."""

import os
import platform
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tests.asterisk_fixture import CHECKOUT
from tests.attack import fuzz

pytestmark = pytest.mark.long(20)

SECONDS = 5
PATIENCE = 300  # seconds: the targets are read and prepared first
ATHERIS_EXISTS = sys.platform == "linux" and platform.machine() == "x86_64"


def test_no_changed_bytes_break_what_strangers_and_volunteers_reach(tmp_path: Path) -> None:
    words = ["nice", "-n", "19", sys.executable, "-m", "tests.attack.fuzz", str(SECONDS)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    runs = [int(count) for count in re.findall(rf"{fuzz.RUNS} (\d+)", done.stdout + done.stderr)]
    assert len(runs) == len(fuzz.TARGETS)
    assert all(count > 5 for count in runs), runs  # the machine has much else to do
    assert fuzz.MODE in done.stdout


def test_it_is_guided_wherever_atheris_exists_and_says_where_it_is_not() -> None:
    assert fuzz.GUIDED == ATHERIS_EXISTS
    assert ("by chance alone" in fuzz.MODE) is not fuzz.GUIDED
    if not fuzz.GUIDED:
        warnings.warn(f"Bytes are changed {fuzz.MODE}.", stacklevel=1)


def test_by_chance_alone_a_break_is_found_and_kept(tmp_path: Path) -> None:
    program = (
        "from tests.attack import fuzz, targets\n"
        "def breaks(octets):\n"
        "    assert b'find' not in octets or len(octets) < 20\n"
        "import contextlib\n"
        "targets.targets = contextlib.contextmanager(lambda: iter([{'receipts': breaks}]))\n"
        "fuzz.by_chance('receipts', 60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "AssertionError" in done.stderr
    (kept,) = tmp_path.glob("crash-*")
    assert b"find" in kept.read_bytes()
