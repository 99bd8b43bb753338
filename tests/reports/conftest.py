"""The line of these tests, and the sealer's part in making receipts."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.reports import receipt
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
def receipts_are_put(line: SealedLine) -> Iterator[None]:
    """Put new receipts into their reports, as a sealer does, where no sealer runs."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.005):
            for handed in Memory(line.memory).receipts.glob("*.json"):
                receipt.put(handed, line.reports)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()
