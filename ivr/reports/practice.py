"""Two practice keys for a line that takes no real calls: whoever has this folder opens its reports."""

from pathlib import Path

import pyrage

NAMES = ("one", "two")


def readers(folder: Path) -> Path:
    """Return the list of two practice readers; their identities are made once, beside it."""
    path = folder / "readers.txt"
    if path.exists():
        return path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = []
    for name in NAMES:
        identity = pyrage.x25519.Identity.generate()
        (folder / f"{name}.key").write_text(f"{identity}\n", encoding="ascii")
        (folder / f"{name}.key").chmod(0o600)
        keys.append(f"{identity.to_public()}\n")
    path.write_text("# Practice keys: anyone who has this folder opens these reports.\n" + "".join(keys), "utf-8")
    return path
