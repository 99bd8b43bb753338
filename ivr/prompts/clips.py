"""The finished clips: each in a folder named by its digest, there whole or not there at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

# As Asterisk names the files. Where the package of G.722 is missing, such calls are transcoded.
FORMATS = ("alaw", "ulaw", *(["g722"] if find_spec("G722") else []))
REFUSED = ".refused"  # the folder of what failed its check
UNFINISHED = ".new-"  # begins the name of whatever is not whole yet


@dataclass(frozen=True)
class Finished:
    """What is known of a finished clip; `bytes` and `sha256` go by format."""

    seconds: float
    letters_per_second: float
    bytes: dict[str, int]
    sha256: dict[str, str]


def sound_file(clips: Path, digest: str, form: str) -> Path:
    """Return where the sound of a finished clip is."""
    return clips / digest / f"clip.{form}"


def finished(clips: Path, digest: str) -> Finished | None:
    """Return a finished clip, or None if it must be made; every file's size is looked at."""
    folder = f"{clips}/{digest}"  # plain strings: each build looks at thousands
    try:
        with open(f"{folder}/clip.json", "rb") as file:  # noqa: PTH123
            known = Finished(**json.load(file))
        sizes = {form: os.stat(f"{folder}/clip.{form}").st_size for form in FORMATS}  # noqa: PTH116
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return known if known.bytes == sizes else None


def keep(clips: Path, digest: str, sound: Mapping[str, bytes], *, seconds: float, letters_per_second: float) -> None:
    """Keep a clip's sound, by format; a crash leaves no half of it. Raise OSError.

    The disk need not have it yet: a release makes sure of that for all its clips at once.
    """
    known = Finished(
        seconds=seconds,
        letters_per_second=letters_per_second,
        bytes={form: len(octets) for form, octets in sound.items()},
        sha256={form: hashlib.sha256(octets).hexdigest() for form, octets in sound.items()},
    )
    new = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=clips))
    try:
        for form, octets in sound.items():
            (new / f"clip.{form}").write_bytes(octets)
        (new / "clip.json").write_bytes(json.dumps(asdict(known)).encode())
        if finished(clips, digest):  # by a worker that outlived its build
            shutil.rmtree(new)
            return
        shutil.rmtree(clips / digest, ignore_errors=True)  # a clip found broken
        new.rename(clips / digest)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)  # a disk that is full needs the room
        raise


def write_durably(path: Path, octets: bytes) -> None:
    """Write a new file and wait until the disk has it; raise OSError."""
    with path.open("xb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())


def tidy(folder: Path) -> None:
    """Remove what an interrupted build left unfinished in a folder.

    A worker may outlive its build by a clip: it finishes that clip whole, or no more.
    """
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(FileNotFoundError):  # finished after all
            _remove(left)


def _remove(path: Path) -> None:
    """Remove anything: it is there whole until it is not there at all, and nobody finishes it meanwhile."""
    gone = path.with_name(f"{UNFINISHED}gone-{path.name}")
    path.rename(gone)
    shutil.rmtree(gone) if gone.is_dir() and not gone.is_symlink() else gone.unlink()


def refuse(clips: Path, digest: str, why: str) -> None:
    """Remember that this sound is not fit for callers, so that no build makes it again; raise OSError."""
    (clips / REFUSED).mkdir(exist_ok=True)
    (clips / REFUSED / digest).write_text(why)


def refused(clips: Path, digest: str) -> str | None:
    """Return why a sound was refused, or None if it was not."""
    try:
        return (clips / REFUSED / digest).read_text() or None
    except FileNotFoundError:
        return None


def forget(clips: Path, wanted: frozenset[str]) -> None:
    """Remove the clips that are neither wanted nor, by the count of their hard links, in any release."""
    spared = wanted | {REFUSED}
    for name in os.listdir(clips):  # noqa: PTH208 - plain strings: there are thousands
        if name not in spared and not name.startswith(UNFINISHED) and not _in_a_release(f"{clips}/{name}"):
            _remove(clips / name)


def _in_a_release(folder: str) -> bool:
    try:
        return os.stat(f"{folder}/clip.{FORMATS[0]}").st_nlink > 1  # noqa: PTH116
    except FileNotFoundError:  # half of a clip, from before it was removed whole
        return False
