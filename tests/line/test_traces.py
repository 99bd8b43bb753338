"""After calls, nothing that any process wrote tells who called, which call it was, or what was said."""

import base64
import hashlib
import hmac
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.line import witness
from tests.line.test_busy import hears_that_it_is_busy
from tests.line.witness import sealed, to_the_tone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.running_line import RunningLine, running_line

pytestmark = pytest.mark.long(36)

NATIONAL, NAME = "0698765432", "Samira Q"
WRITTEN = (NATIONAL, "33698765432", "+33698765432", "698765432", "06 98 76 54 32", "06.98.76.54.32")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name: that of a socket below it may have 107 letters at the most (unix(7))."""
    with tempfile.TemporaryDirectory(prefix="traces-") as made:
        yield Path(made)


@pytest.fixture
def line(release: Published, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningLine]:
    """A line of one public place, whose processes write nowhere but below `folder` and into its own memory."""
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with running_line(release, calls_at_once=2, witness_places=1) as running:
        running.start("rounds")
        yield running


def logs(line: RunningLine) -> dict[str, str]:
    ours = {path.name: path.read_text(errors="replace") for path in line.state.glob("*.log")}
    return ours | {"asterisk": line.asterisk.log()}


def traces(salt: bytes) -> Iterator[bytes]:
    """Yield every form in which a number could be kept: as text, packed, turned round, hashed, hashed with a key."""
    for text in (*WRITTEN, f"sip:{NATIONAL}@127.0.0.1", f"tel:{NATIONAL}"):
        plain = text.encode()
        yield plain
        yield plain[::-1]
        for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b):
            for hashed in (digest(plain).digest(), hmac.new(salt, plain, digest).digest()):
                yield from (hashed, hashed.hex().encode(), base64.b64encode(hashed).rstrip(b"="))
    yield bytes.fromhex(NATIONAL)
    yield bytes.fromhex("".join(NATIONAL[place : place + 2][::-1] for place in range(0, len(NATIONAL), 2)))


def test_after_calls_nothing_tells_who_called_or_what_was_said(line: RunningLine, folder: Path) -> None:
    before = logs(line)
    words = witness.speech(4, 900)
    secrets = [NAME.encode(), decoded(words[4000:6000]), words[4000:6000]]
    with line.phone(number=NATIONAL, name=NAME) as phone:
        phone.call("line-fr")
        phone.press("21")
        phone.hears("fr/meals.evening", timeout=15)
        secrets.append(phone._dialog._call_id.encode())
        with line.phone(number=NATIONAL, name=NAME) as too_many:
            too_many.dial("line-fr")
            hears_that_it_is_busy(too_many, line)
            secrets.append(too_many._dialog._call_id.encode())
    with line.phone(number=NATIONAL, name=NAME) as phone:
        to_the_tone(phone)
        channels = line.asterisk.rx("core show channels concise")
        digits = witness.asks_for_the_receipt(phone, words)
        secrets.append(phone._dialog._call_id.encode())
    assert len(digits) == 12
    unique = re.findall(r"\b\d{10}\.\d+\b", channels)
    assert unique
    secrets += [digits.encode(), *(one.encode() for one in unique)]
    sealed(line)
    secrets += traces((line.state / "receipts/salt").read_bytes())
    files = [path for root in (folder, line.asterisk.memory) for path in root.rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() + str(path).encode() for path in files}
    assert any(path.name.endswith(".sln.age") for path in files)
    assert [(path, secret) for path, text in kept.items() for secret in secrets if secret in text] == []
    assert logs(line) == before
