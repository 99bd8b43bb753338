"""Takes by telephone: what one volunteer spoke and another one found good becomes a take at the next build.

<found good>/<language>/<clip>/<name>/sound.sln   the recording: 8000 Hertz, 16 bits, mono
<found good>/<language>/<clip>/<name>/take.json   the words that were spoken
<takes>/<language>/telephone/<name>.json          what became of it; the first folder is another user's
"""

import fcntl
import io
import json
import os
import tempfile
import wave
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.content.utterance import Utterance
from ivr.prompts import clips
from ivr.prompts.takes import Key

SOUND, RECORD, TOLD = "sound.sln", "take.json", "telephone"
RATE = 8000  # Hertz
MOST_BYTES = 16_000_000  # of a recording: it would be far too long


@dataclass(frozen=True)
class Desk:
    """Where takes by telephone come from, and the folder of takes that they go to."""

    good: Path
    takes: Path


@dataclass(frozen=True)
class Arrived:
    """A recording that became a take now, or why it did not (`refused`: a sentence)."""

    language: str
    clip: str
    refused: str = ""

    def __str__(self) -> str:
        """Return the line that whoever builds reads."""
        return f"{self.language}/{self.clip}: {self.refused or 'a take by telephone speaks it from now on.'}"


def bring_new(desk: Desk, utterances: Iterable[Utterance]) -> list[Arrived]:
    """Bring every recording that was found good since the last time, oldest first, with the checks of every take.

    One whose words are no longer the line's is told at each build, and brought when they are again. What is
    refused is told once and stays where it is. Raise OSError.
    """
    new = unbrought(desk)
    if not new:
        return []
    words = {(said.language, said.id): said for said in utterances}
    with _alone(desk.takes):
        return [one for path in new if not _told(desk, path).exists() for one in _brought(desk, path, words)]


def unbrought(desk: Desk) -> list[Path]:
    """Return the recordings that were found good and that no build has looked at, oldest first."""
    found = sorted(desk.good.glob("*/*/*"), key=lambda path: path.name)
    return [path for path in found if not _told(desk, path).exists()]


def _told(desk: Desk, path: Path) -> Path:
    return desk.takes / path.parent.parent.name / TOLD / f"{path.name}.json"


def _brought(desk: Desk, path: Path, words: Mapping[Key, Utterance]) -> Iterator[Arrived]:
    from ivr.prompts.bring import TakeRefused, bring  # noqa: PLC0415 - slow to import, and most builds bring nothing

    language, clip = path.parent.parent.name, path.parent.name
    said = words.get((language, clip))
    if said is None or said.text != _words(path):
        yield Arrived(language, clip, "the take by telephone is set aside, its words have changed: record it again.")
        return
    arrived = Arrived(language, clip)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{path.name}.wav"
        file.write_bytes(_wav(path / SOUND))
        try:
            bring(file, said, desk.takes)
        except TakeRefused as refused:
            arrived = Arrived(language, clip, f"the take by telephone is refused. {refused}")
    told = _told(desk, path)
    told.parent.mkdir(parents=True, exist_ok=True)
    clips.write_durably(told, json.dumps({"clip": clip, "refused": arrived.refused}, indent=1).encode())
    yield arrived


def _words(path: Path) -> str | None:
    try:
        words = json.loads((path / RECORD).read_bytes())["words"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return str(words)


def _wav(sound: Path) -> bytes:
    """Return a recording as a WAV file; an empty one where there is none."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, RATE, 0, "NONE", ""))
        if sound.is_file() and sound.stat().st_size <= MOST_BYTES:
            wav.writeframes(sound.read_bytes())
    return file.getvalue()


@contextmanager
def _alone(takes: Path) -> Iterator[None]:
    """Let another build that brings the same wait, without a file that would count as a change."""
    takes.mkdir(parents=True, exist_ok=True)
    held = os.open(takes, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
