"""Which Asterisk runs here: the host's own where it is new enough, else the one that scripts/setup made."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ivr.problems import ToMend

OLDEST = 18


class AsteriskFailed(ToMend):
    """There is no Asterisk, or it does not start or answer; the sentence says what to do."""


@dataclass(frozen=True)
class Asterisk:
    """An Asterisk that can be started.

    `program` is the beginning of its command line, `modules` the folder of its parts, `documentation` the
    folder that it calls astdatadir.
    """

    program: tuple[str, ...]
    modules: Path
    documentation: Path


def find(root: Path) -> Asterisk:
    """Return the host's own Asterisk, or the private one below `root`.

    Raises AsteriskFailed when there is neither.
    """
    return _of_host() or _of_root(root)


def _of_host() -> Asterisk | None:
    path = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None or version(path) < OLDEST:
        return None
    prefix = Path(path).resolve().parent.parent
    modules = _first(prefix, "lib*/asterisk/modules", "lib*/*/asterisk/modules")
    documentation = _first(prefix, "share/asterisk") or _first(Path("/var/lib"), "asterisk")
    return Asterisk((path,), modules, documentation) if modules and documentation else None


def _of_root(root: Path) -> Asterisk:
    """Run the private Asterisk on this machine's own files: its loader and libraries, everybody's paths."""
    modules = _first(root, "usr/lib/*/asterisk/modules")
    if modules is None:
        raise AsteriskFailed(f"There is no Asterisk {OLDEST} or newer here, and none in {root}: run scripts/setup.")
    libraries = modules.parent.parent
    loader = _first(libraries, "ld-linux*.so.*")
    if loader is None:
        raise AsteriskFailed(f"The private Asterisk in {root} is not whole: remove that folder and run scripts/setup.")
    program = (str(loader), "--library-path", str(libraries), str(root / "usr/sbin/asterisk"))
    return Asterisk(program, modules, root / "usr/share/asterisk")


def _first(folder: Path, *patterns: str) -> Path | None:
    return next((path for pattern in patterns for path in sorted(folder.glob(pattern))), None)


def version(path: str) -> int:
    """Return the first number of an Asterisk's version; 0 when it tells none."""
    answer = subprocess.run([path, "-V"], capture_output=True, text=True, check=False, timeout=10).stdout
    match = re.match(r"Asterisk (?:certified[/-])?(\d+)", answer)
    return int(match[1]) if match else 0
