"""Whether a release is whole: every file is there, of its size, and as it was when it was read and compared.

To read all clips takes half a minute on a small machine, so nothing is read twice: a clip whose files nobody has
written to since a release that holds it was verified is as it was. Whatever writes to a file changes its time.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.problems import ToMend
from ivr.prompts.manifest import Clip, Manifest, ManifestBroken, read


class ReleaseBroken(ToMend):
    """A release is missing or not whole; the sentence says what to do."""


@dataclass(frozen=True)
class Verified:
    """What was read and compared, and when, in nanoseconds of the files' clock.

    `sounds` holds the SHA-256 of each sound by clip's digest and by format.
    """

    sounds: Mapping[str, Mapping[str, str]]
    at: int


NOTHING = Verified({}, 0)


def verified(path: Path) -> Verified:
    """Return what was read and compared when a release was published: its manifest is written after its clips."""
    try:
        at = (path / "manifest.json").stat().st_mtime_ns
        return Verified({clip.digest: clip.sha256 for clip in _manifest(path).clips}, at)
    except (OSError, ReleaseBroken):
        return NOTHING


def verify(path: Path) -> None:
    """Raise ReleaseBroken unless every file of a release is there as it was published."""
    refuse(path, broken_clips(path, verified(path)))


def refuse(path: Path, broken: Iterable[Clip]) -> None:
    """Raise ReleaseBroken if any clip of a release is broken."""
    for clip in broken:
        raise ReleaseBroken(f"{path.name} is not whole ({clip.language}/{clip.id} has changed): build again.")


def broken_clips(path: Path, known: Verified = NOTHING) -> list[Clip]:
    """Return the clips of a release whose files are not what its manifest says; those `known` are not read again.

    Raise ReleaseBroken if its manifest or its line.json is not there or has changed.
    """
    return [clip for clip in _manifest(path).clips if not _whole(path, clip, known)]


def _manifest(path: Path) -> Manifest:
    try:
        manifest = read((path / "manifest.json").read_bytes())
        line = (path / "line.json").read_bytes()
    except (OSError, ManifestBroken) as error:
        raise ReleaseBroken(f"{path.name} is not whole ({error}): build again.") from None
    if hashlib.sha256(line).hexdigest() != manifest.line:
        raise ReleaseBroken(f"{path.name} is not whole (line.json has changed): build again.")
    return manifest


def _whole(path: Path, clip: Clip, known: Verified) -> bool:
    read_before = known.sounds.get(clip.digest) == clip.sha256
    try:
        return (read_before and _untouched(path, clip, known.at)) or _as_told(path, clip)
    except OSError:
        return False


def _untouched(path: Path, clip: Clip, since: int) -> bool:
    """Tell whether the files have their sizes, and nobody has written to them since."""
    found = {form: os.stat(f"{path}/{file}") for form, file in clip.files.items()}  # noqa: PTH116 - thousands of times
    return all(one.st_size == clip.bytes[form] and one.st_mtime_ns < since for form, one in found.items())


def _as_told(path: Path, clip: Clip) -> bool:
    """Read the files and compare them with their digests."""
    sounds = {form: (path / file).read_bytes() for form, file in clip.files.items()}
    return clip.sha256 == {form: hashlib.sha256(sound).hexdigest() for form, sound in sounds.items()}
