"""The box that Asterisk runs in: writes to its own folders only, needs no DNS, dies with its parent."""

import functools
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

RESOLVER = Path("/etc/resolv.conf")


def box(writable: Iterable[Path], hosts: Path, resolver: Path | None = None) -> tuple[str, ...]:
    """Return the beginning of a command line that shuts a program in; nothing where boxes are not possible.

    `hosts` becomes /etc/hosts: per call Asterisk looks up its own name and a root name server (ast_find_ourip
    in its main/acl.c), and without DNS each look-up would hold the call for 5 s. `resolver` becomes
    /etc/resolv.conf, where the machine has one.
    """
    if not possible():
        return ()
    folders = (word for folder in writable for word in ("--bind", str(folder), str(folder)))
    real = RESOLVER.resolve()  # often a link into /run, and a link cannot be covered
    known = ("--ro-bind", str(resolver), str(real)) if resolver and real.is_file() else ()
    return (
        *("bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", *folders),
        *("--ro-bind", str(hosts), "/etc/hosts", *known, "--unshare-pid", "--die-with-parent", "--"),
    )


@functools.cache
def possible() -> bool:
    """Return whether bubblewrap is here and may work (Ubuntu 24.04 forbids it to users other than root)."""
    if shutil.which("bwrap") is None:
        return False
    tried = [
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--unshare-pid",
        "--",
        "/bin/true",
    ]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0
