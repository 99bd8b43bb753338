"""What volunteers record, apart from everything that witnesses say: in memory while they speak, then on disk.

<memory>/<random>.sln                                  what is said in calls that go on: 8000 Hertz, 16 bits, mono
<folder>/waiting/<language>/<clip>/<name>/sound.sln    a take that waits until somebody else has judged it
<folder>/waiting/<language>/<clip>/<name>/take.json    its words, who spoke them, and once judged by whom
<folder>/good/..., <folder>/bad/...                    takes that were judged; `ivr build` brings the good ones
<folder>/notices/<notice>/<language>.sln               the words of a notice

Asterisk plays these files and builds read them, each as a user of its own: so everybody may read them.
"""

import json
import logging
import secrets
import time
from array import array
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.callflow.actions import Clip
from ivr.content.notices import SPOKEN
from ivr.prompts.telephone import RECORD, SOUND
from ivr.reports import disk

log = logging.getLogger(__name__)

TAPE, TAKE = "tape:", "take:"  # begin the ids of clips that a volunteer spoke; no content has a colon in an id
WAITING, GOOD, BAD, NOTICES = "waiting", "good", "bad", "notices"
QUIETEST = 1000  # of 32768: what never is louder is a line's own noise
SHORTEST = 0.3 * 8000  # samples: a short word
FORGOTTEN = 7200.0  # seconds: longer than any call


@dataclass(frozen=True)
class Kept:
    """A take on disk: of which clip, its name there, its words, and who spoke them."""

    clip: Clip
    name: str
    words: str
    by: str

    @property
    def spoken(self) -> Clip:
        """The clip by which it is heard."""
        return Clip(self.clip.language, f"{TAKE}{self.clip.id}/{self.name}")


class Recordings:
    """The recordings of one line; several processes may use them at once."""

    def __init__(self, memory: Path, folder: Path) -> None:
        """Take the folder in memory, which is there while the line is open, and the one on disk."""
        self._memory = memory
        self._folder = folder

    def sound(self, clip: Clip) -> str | None:
        """Return the path, without its ending, of what a volunteer spoke; nothing for every other clip."""
        kind, _, name = clip.id.partition(":")
        if f"{kind}:" == TAPE:
            return str(self._memory / name)
        if f"{kind}:" == TAKE:
            return str((self._folder / WAITING / clip.language / name / SOUND).with_suffix(""))
        if clip.id.startswith(SPOKEN):
            words = self._folder / NOTICES / clip.id.removeprefix(SPOKEN) / clip.language
            return str(words) if words.with_suffix(".sln").exists() else None
        return None

    def blank(self, language: str) -> Clip:
        """Return the clip of what is to be recorded next; what crashed calls left is removed."""
        for left in self._memory.glob("*.sln"):
            with suppress(FileNotFoundError):  # of a call that ended meanwhile
                if time.time() - left.stat().st_mtime > FORGOTTEN:
                    left.unlink()
        return Clip(language, f"{TAPE}{secrets.token_hex(8)}")

    def voice_in(self, tape: Clip) -> bool:
        """Tell whether anything is to be heard in what was recorded."""
        samples = array("h", self._octets(tape))
        return len(samples) >= SHORTEST and (max(samples) >= QUIETEST or min(samples) <= -QUIETEST)

    def forget(self, tapes: Iterable[Clip]) -> None:
        """Remove what was recorded from memory; what was kept of it stays."""
        for tape in tapes:
            Path(f"{self.sound(tape)}.sln").unlink(missing_ok=True)

    def keep_take(self, tape: Clip, clip: Clip, words: str, by: str, at: datetime) -> None:
        """Keep a recording of a clip until somebody has judged it, beside all others. Raise OSError or DiskFull."""
        name = f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        folder = _open_to_all(self._folder / WAITING / clip.language / clip.id / name)
        _put(folder / SOUND, self._octets(tape))
        _put(folder / RECORD, json.dumps({"words": words, "by": by}, ensure_ascii=False, indent=1).encode())

    def keep_notice(self, notice: str, tapes: Iterable[Clip]) -> None:
        """Keep the words of a notice. Raise OSError or DiskFull."""
        folder = _open_to_all(self._folder / NOTICES / notice)
        for tape in tapes:
            _put(folder / f"{tape.language}.sln", self._octets(tape))

    def waiting(self, language: str) -> list[Kept]:
        """Return the takes of a language that nobody has judged yet, the oldest of each clip first."""
        return self._takes(WAITING, language)

    def good(self, language: str) -> list[Kept]:
        """Return those that were found good."""
        return self._takes(GOOD, language)

    def judge(self, spoken: Clip, by: str, *, good: bool) -> None:
        """Put a take among the good or the bad ones, unless that was done before. Raise OSError or DiskFull."""
        found = next((one for one in self.waiting(spoken.language) if one.spoken == spoken), None)
        if found is None or found.by == by:
            return
        place = Path(found.clip.language, found.clip.id, found.name)
        record = {"words": found.words, "by": found.by, "judged by": by}
        _put(self._folder / WAITING / place / RECORD, json.dumps(record, ensure_ascii=False, indent=1).encode())
        judged = self._folder / (GOOD if good else BAD) / place
        _open_to_all(judged.parent)
        (self._folder / WAITING / place).rename(judged)

    def _takes(self, state: str, language: str) -> list[Kept]:
        found = []
        for path in sorted((self._folder / state / language).glob(f"*/*/{RECORD}")):
            clip = Clip(language, path.parent.parent.name)
            try:
                told = json.loads(path.read_bytes())
                found.append(Kept(clip, path.parent.name, told["words"], told["by"]))
            except FileNotFoundError:  # judged meanwhile
                continue
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.error("a recording cannot be read, it waits where it is: %s: %s", path, error)  # noqa: TRY400 - no traceback helps
        return found

    def _octets(self, tape: Clip) -> bytes:
        octets = Path(f"{self.sound(tape)}.sln").read_bytes()
        return octets[: len(octets) // 2 * 2]


def _open_to_all(folder: Path) -> Path:
    """Make a folder, and those above it that are not there, for everybody to look into."""
    if not folder.is_dir():
        _open_to_all(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    return folder


def _put(path: Path, octets: bytes) -> None:
    disk.put(path, octets)
    path.chmod(0o644)
