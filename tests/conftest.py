"""What many tests share: the release as it was built, lines that take calls, a small disk, age in node."""

import os
import shutil
import subprocess
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from ivr.settings import Settings
from tests import release as releases
from tests.release import Published
from tests.running_line import RunningLine, running_line

hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")  # a machine that does much else takes its time

os.environ["TERMINAL_WIDTH"] = "1000"  # no sentence is broken into lines; it is read once, whoever asks first

NPM = Path(__file__).parent / "reports/npm"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-conversations", action="store_true", help="Write the golden conversations anew.")
    parser.addoption("--kills", type=int, default=20, help="How many times tests/line/test_kills.py kills.")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that the others fit in between.

    Behind each of the first, and behind one of a single test, comes one of the shortest: where a file's last test
    begins, xdist gives its process the next file already, which nobody else takes then.
    """
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
    tests = Counter(item.path for item in items)
    seconds = {item.path: _seconds(item) for item in items}
    left = deque(sorted(seconds, key=seconds.__getitem__, reverse=True))
    order = [left.popleft() for _ in range(min(count, len(left)))]
    order += [left.pop() for _ in range(min(count, len(left)))]
    while left:
        order.append(left.popleft())
        if left and tests[order[-1]] == 1:
            order.append(left.pop())
    items.sort(key=lambda item: order.index(item.path))


def _seconds(item: pytest.Item) -> int:
    mark = item.get_closest_marker("long")
    return mark.args[0] if mark else 0


@pytest.fixture(scope="session")
def release() -> Published:
    return releases.read(Settings().prompts)


@pytest.fixture(scope="session")
def line(release: Published) -> Iterator[RunningLine]:
    with running_line(release) as running:
        yield running


@pytest.fixture(scope="session")
def script_line(release: Published) -> Iterator[RunningLine]:
    """A line whose calls may also be served by a process each."""
    with running_line(release, script_entries=True) as running:
        yield running


@pytest.fixture(scope="module")
def own_line(release: Published) -> Iterator[RunningLine]:
    """A line that no other module calls, for tests that count or break things."""
    with running_line(release) as running:
        yield running


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


@pytest.fixture(scope="session")
def age_in_node() -> Path:
    """Return a folder with the npm package age-encryption, fetched once into the cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calais-line/age-in-node"
    if not (cache / "node_modules/age-encryption").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(NPM / name, cache)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=cache, check=True, capture_output=True)
    return cache
