"""What many tests share: the release as it was built, and a line that takes calls."""

from collections.abc import Iterator

import pytest

from ivr.settings import Settings
from tests import release as releases
from tests.release import Published
from tests.running_line import RunningLine, running_line


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-conversations", action="store_true", help="Write the golden conversations anew.")


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
