"""A real Asterisk, a FastAGI server of a few lines behind it, and clips of noise, for the tests in this folder."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_fixture import RunningAsterisk, running_asterisk

from .agi_server import AgiCall, AgiServer

LANGUAGES = ("ar", "en", "fr")


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Clips by the name of their file, noise that nothing else sounds like; the last frames are not full."""
    chance = random.Random(20_09)
    return {
        **{f"{language}/apology-witness": chance.randbytes(4000 + 7) for language in LANGUAGES},
        "en/apology": chance.randbytes(4000 + 9),
        "en/meals": chance.randbytes(12000 + 77),
    }


@pytest.fixture(scope="session")
def prompts(clips: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prompts")
    for name, sound in clips.items():
        file = folder / "current" / f"{name}.alaw"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sound)
    return folder


@pytest.fixture(scope="session")
def servers() -> Iterator[AgiServer]:
    with AgiServer() as server:
        yield server


@pytest.fixture
def server(servers: AgiServer) -> AgiServer:
    """The FastAGI server, with a script that only says its last word."""
    servers.script = AgiCall.last_word
    while not servers.notes.empty():
        servers.notes.get()
    return servers


TRUNK = """
[provider](!)
type = endpoint
transport = udp
context = trunk
disallow = all
allow = alaw
callerid = "anonymous" <0>
set_var = LEADS_33300000002=line-ar
set_var = LEADS_33300000003=witness
set_var = LEADS_33300000004=studio

[provider](provider)

[provider]
type = identify
endpoint = provider
match = 127.0.0.2
"""


@pytest.fixture(scope="session")
def asterisks(servers: AgiServer, prompts: Path) -> Iterator[RunningAsterisk]:
    with running_asterisk(agi_port=servers.port, prompts=prompts, trunk=TRUNK) as running:
        yield running


@pytest.fixture
def asterisk(asterisks: RunningAsterisk) -> Iterator[RunningAsterisk]:
    """A real Asterisk without calls and recordings; the test must leave it without calls."""
    for recording in asterisks.recordings():
        recording.unlink()
    yield asterisks
    asterisks.wait_channels(0)
