"""A small line in two languages, built once with the real engine, and copies of it to spoil."""

import subprocess
from pathlib import Path

import pytest

from ivr.prompts.build import Summary, build
from tests.prompts import spoken


@pytest.fixture(scope="session")
def first_build(tmp_path_factory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("prompts")
    return folder, build(spoken.LINE, spoken.VOICES, "{}", folder)


@pytest.fixture
def built(first_build, tmp_path) -> Path:
    """Return a prompts folder of one's own with one release."""
    folder = tmp_path / "prompts"
    subprocess.run(["cp", "-a", first_build[0], folder], check=True)  # shutil would untie the links
    return folder
