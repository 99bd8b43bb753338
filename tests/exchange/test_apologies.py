"""Asterisk keeps the apologies for itself: what is kept, and that it never keeps the line closed."""

import os
import shutil
from pathlib import Path

from ivr.exchange.apologies import keep


def spoken(prompts: Path, words: bytes) -> None:
    for language in ("ar", "fr"):
        sound = prompts / "current" / language / "apology-witness.alaw"
        sound.parent.mkdir(parents=True, exist_ok=True)
        sound.write_bytes(words)


def test_the_apology_of_every_language_is_kept_and_renewed(tmp_path: Path) -> None:
    for words in (b"old words", b"new"):
        spoken(tmp_path, words)
        keep(tmp_path, tmp_path / "kept")
    kept = {path.relative_to(tmp_path / "kept"): path.read_bytes() for path in (tmp_path / "kept").rglob("*.alaw")}
    assert kept == {Path("ar/apology-witness.alaw"): b"new", Path("fr/apology-witness.alaw"): b"new"}


def test_without_a_release_the_apologies_of_an_earlier_time_stay(tmp_path: Path) -> None:
    spoken(tmp_path, b"words")
    keep(tmp_path, tmp_path / "kept")
    shutil.rmtree(tmp_path / "current")
    keep(tmp_path, tmp_path / "kept")
    assert (tmp_path / "kept/fr/apology-witness.alaw").read_bytes() == b"words"


def test_an_apology_that_cannot_be_read_keeps_the_line_from_nothing(tmp_path: Path) -> None:
    spoken(tmp_path, b"words")
    broken = tmp_path / "current/ar/apology-witness.alaw"
    broken.unlink()
    os.mkfifo(broken)
    (tmp_path / "current/en").mkdir()
    (tmp_path / "current/en/apology-witness.alaw").symlink_to("nowhere")
    keep(tmp_path, tmp_path / "kept")
    assert [path.parent.name for path in (tmp_path / "kept").rglob("*.alaw")] == ["fr"]
