"""The command line in this process, on a machine of a test: what it answers, and what it leaves."""

import contextlib
import io
import sys
from pathlib import Path
from unittest import mock

from ivr.__main__ import main


def tree(folder: Path) -> dict[str, bytes | str]:
    """Return every file and link below a folder with what it holds."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def ivr(*words: str, typed: str = "") -> tuple[object, str]:
    """Run a command in this process; return its exit code and what it said; `typed` is typed, in secret too."""
    told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    code: object = 0
    said = mock.patch.multiple(sys, argv=["ivr", *words], stdin=io.StringIO(typed))
    secret = mock.patch("getpass.getpass", return_value=typed)
    with said, secret, contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    told.seek(0)
    return code, told.read().strip()
