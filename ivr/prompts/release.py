"""Releases: what one state of the line says, whole or not there at all; `current` is the live one."""

import ctypes
import fcntl
import os
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.prompts import clips
from ivr.prompts.manifest import Manifest, ManifestBroken, read, written
from ivr.prompts.whole import NOTHING, ReleaseBroken, broken_clips, refuse, verified, verify

__all__ = ["Release", "ReleaseBroken", "live", "names", "open_current", "prune", "publish", "rollback", "verify"]

_LIBC = ctypes.CDLL(None, use_errno=True)
KEPT = 10  # releases that stay for a rollback


class Release:
    """A release in use: while it is open it is not pruned, whatever is published or rolled back."""

    def __init__(self, path: Path) -> None:
        """Hold the release; raise FileNotFoundError if it is gone."""
        self.path = path
        self.name = path.name
        self._held = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._held, fcntl.LOCK_SH)
        if not _same(self._held, path):  # it was pruned between the two lines above
            self.close()
            raise FileNotFoundError(path)

    def line_json(self) -> str:
        """Return the line that belongs to these clips, as JSON."""
        return (self.path / "line.json").read_text()

    def manifest(self) -> Manifest:
        """Return what the release holds; raise ManifestBroken."""
        return read((self.path / "manifest.json").read_bytes())

    def digests(self) -> dict[tuple[str, str], str]:
        """Return by language and clip what the clips are called on the shelf; nothing where no manifest tells it."""
        try:
            return {(clip.language, clip.id): clip.digest for clip in self.manifest().clips}
        except (OSError, ManifestBroken):
            return {}

    def complete(self) -> bool:
        """Tell whether every sound is there in its size; quick. Raise OSError or ManifestBroken."""
        return all(
            os.stat(f"{self.path}/{path}").st_size == clip.bytes[form]  # noqa: PTH116 - thousands of times
            for clip in self.manifest().clips
            for form, path in clip.files.items()
        )

    def sound(self, language: str, clip: str) -> Path:
        """Return a clip's absolute path without its ending: Asterisk adds the call's own format."""
        return self.path / language / clip

    def close(self) -> None:
        """Let the release go; twice does no harm."""
        if self._held >= 0:
            os.close(self._held)
        self._held = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def open_current(folder: Path) -> Release:
    """Return the live release of a prompts folder, held; raise ReleaseBroken if there is none."""
    for _ in range(3):  # a release can be replaced and pruned while we reach for it
        name = live(folder)
        if name is None:
            break
        try:
            return Release(_releases(folder).resolve() / name)
        except FileNotFoundError:
            continue
    raise ReleaseBroken(f"No release is live in {folder}: run `ivr build`.")


def live(folder: Path) -> str | None:
    """Return the name of the live release, or None; quick, for whoever waits for the next one."""
    try:
        return (folder / "current").readlink().name
    except OSError:
        return None


def names(folder: Path) -> list[str]:
    """Return the releases that can be rolled back to, oldest first."""
    if not _releases(folder).is_dir():
        return []
    return sorted(path.name for path in _releases(folder).iterdir() if re.match(r"\d+-", path.name))


def publish(folder: Path, manifest: Manifest, line_json: str) -> str:
    """Make a release of finished clips, verify it, switch to it; return its name.

    The caller holds the build's lock; the manifest's own name is not looked at. Raise ReleaseBroken if the
    release cannot be written or is not whole: the live one stays, and clips found broken are forgotten.
    """
    name = _next_name(folder)
    new = _releases(folder) / f"{clips.UNFINISHED}{name}"
    try:
        _write(new, replace(manifest, release=name), line_json, folder / "clips")
        _verify_or_forget(new, folder)
        new.rename(_releases(folder) / name)
        _sync(_releases(folder))
        _switch(folder, name)
    except OSError as error:
        raise ReleaseBroken(f"The release cannot be written ({error.strerror}): make room, build again.") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return name


def _write(new: Path, manifest: Manifest, line_json: str, shelf: Path) -> None:
    new.mkdir(parents=True)
    for language in {clip.language for clip in manifest.clips}:
        (new / language).mkdir()
    for clip in manifest.clips:
        for form, path in clip.files.items():
            os.link(f"{shelf}/{clip.digest}/clip.{form}", f"{new}/{path}")
    (new / "line.json").write_bytes(line_json.encode())
    (new / "manifest.json").write_bytes(written(manifest))
    _settle(new)


def _verify_or_forget(new: Path, folder: Path) -> None:
    name = live(folder)
    broken = broken_clips(new, verified(_releases(folder) / name) if name else NOTHING)
    for clip in broken:
        shutil.rmtree(folder / "clips" / clip.digest, ignore_errors=True)  # so that the next build makes it anew
    refuse(new, broken)


def rollback(folder: Path, to: str | None = None) -> str:
    """Make an older release live, unless named the one before; return its name. Raise ReleaseBroken."""
    known = names(folder)
    older = [name for name in known if name < (live(folder) or "")]
    name = to or (older[-1] if older else None)
    if name not in known:
        raise ReleaseBroken(f"There is no release {to or 'before the live one'}: `ivr releases` lists them.")
    with Release(_releases(folder) / name):  # held, so that it is not pruned meanwhile
        verify(_releases(folder) / name)
        _switch(folder, name)
    return name


def prune(folder: Path) -> list[str]:
    """Remove releases but for the last ten, the live one and those in use; return their names."""
    old = [name for name in names(folder)[:-KEPT] if name != live(folder)]
    return [name for name in old if _removed(_releases(folder) / name)]


def in_use(folder: Path, name: str) -> bool:
    """Tell whether a process holds a release for its calls; raise OSError if there is none of that name."""
    held = os.open(_releases(folder) / name, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False


def _removed(path: Path) -> bool:
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = path.with_name(f"{clips.UNFINISHED}{path.name}")
        path.rename(gone)  # from here on nobody lists it, though it takes a while
        shutil.rmtree(gone)
    except BlockingIOError:  # a call still hears it
        return False
    finally:
        os.close(held)
    return True


def _switch(folder: Path, name: str) -> None:
    new = folder / f"{clips.UNFINISHED}{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(Path("releases") / name)
    new.rename(folder / "current")
    _sync(folder)


def _next_name(folder: Path) -> str:
    """Return a name that sorts after every other, whatever the clock does."""
    number = max((int(name.partition("-")[0]) for name in names(folder)), default=0) + 1
    return f"{number:06d}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def _settle(place: Path) -> None:
    """Wait until the disk has all that was ever written to it; raise OSError, also for what it has failed to write.

    For thousands of clips this takes a moment; each by itself, they wait longer than they take to make.
    """
    held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if _LIBC.syncfs(held):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(held)


def _sync(place: Path) -> None:
    """Wait until the disk has a folder's names."""
    held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _releases(folder: Path) -> Path:
    return folder / "releases"


def _same(held: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(held), path.stat())
    except FileNotFoundError:
        return False
