"""Writing an opened report down: WAV or FLAC, and a text on where it comes from and what was checked."""

import hashlib
import json
import platform
import subprocess
import wave
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from shutil import which
from typing import Final

from ivr.problems import ToMend
from ivr.reports.folder import digest
from ivr.reports.memory import RATE
from ivr.reports.opening import Opened, OpenedPart

CUSTODY: Final = "where-this-comes-from.txt"


class CannotExport(ToMend):
    """The report cannot be written here; the sentence says what to do."""


def export(opened: Opened, folder: Path, *, flac: bool = False) -> list[Path]:
    """Write every part's sound and the text of custody into a new folder. Raises CannotExport."""
    if flac and not which("sox"):
        raise CannotExport("FLAC needs the program sox: install it (`apt install sox`), or export WAV.")
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CannotExport(
            f"{folder} cannot be made ({error.strerror}): name a folder that is not there yet."
        ) from error
    files = []
    for part in opened.parts:
        path = folder / f"{opened.name}-part-{part.number:04d}.wav"
        write_wave(path, part.sound)
        files.append(_flac(path) if flac else path)
    custody = folder / CUSTODY
    custody.write_text(custody_text(opened, files), encoding="utf-8")
    return [*files, custody]


def write_wave(path: Path, sound: bytes) -> None:
    """Write 8000 Hertz, 16 bit, mono."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)


def play(opened: Opened) -> None:
    """Play a report aloud; its sound goes to the player through a pipe and never touches the disk."""
    if not which("sox"):
        raise CannotExport("Playing needs the program sox: install it (`apt install sox`), or export with --to FOLDER.")
    form = ["-t", "raw", "-r", str(RATE), "-e", "signed-integer", "-b", "16", "-c", "1"]
    for part in opened.parts:
        subprocess.run(["sox", "-q", *form, "-", "-d"], input=part.sound, check=False)


def custody_text(opened: Opened, files: Sequence[Path] = ()) -> str:
    """Say what this is, what was checked and with what: for a lawyer, and for the day it is doubted."""
    lines = [
        f"Report {opened.name}, received on {opened.day} (the line keeps no hour).",
        f"Opened on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC by a reader's key, on {platform.system()}.",
        f"Software: calais-line {version('calais-line')}, pyrage {version('pyrage')} (age v1).",
        "",
    ]
    for part, path in zip_longest(opened.parts, files):
        lines += _part_lines(part, path)
    lines += ["Doubts:", *(f"  {doubt}" for doubt in opened.doubts)] if opened.doubts else [_NO_DOUBTS]
    return "\n".join([*map(_plain, lines), "", _WHAT_THIS_SHOWS, ""])


def _plain(line: str) -> str:
    """Return a line without what would steer a terminal or begin another line: a forged report could hold it."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


_NO_DOUBTS: Final = "Every sealed file agrees with the card and with the digests sealed when it was spoken."
_WHAT_THIS_SHOWS: Final = (
    "A digest shows that a file has not changed since it was sealed. It does not show who spoke, nor\n"
    "when: whoever has the readers' public keys could have sealed one. Keep the sealed report as well."
)


def _part_lines(part: OpenedPart, path: Path | None) -> list[str]:
    end = part.end
    return [
        f"Part {part.number}: {part.seconds:.3f} seconds, 8000 Hertz, 16 bit, mono.",
        *([f"  SHA-256 of the file {path.name} {digest(path)}"] if path else []),
        f"  SHA-256 of the sound {hashlib.sha256(part.sound).hexdigest()}",
        f"  Sealed by {end.get('software', 'a sealer that could not finish this part')}.",
        *(["  A fragment: under two seconds, and no speech was heard."] if end.get("fragment") else []),
        *(f"  Note: {json.dumps(note, ensure_ascii=False, sort_keys=True)}" for note in part.notes),
        "",
    ]


def _flac(path: Path) -> Path:
    flac = path.with_suffix(".flac")
    subprocess.run(["sox", str(path), str(flac)], check=True, capture_output=True)
    path.unlink()
    return flac
