"""Sealing a report anew for other readers: done by one of the present readers, with a secret key."""

import json
import secrets
import shutil
from dataclasses import replace

import pyrage

from ivr.problems import ToMend
from ivr.reports import disk
from ivr.reports.folder import SEALED, Report, digest
from ivr.reports.keys import Seal
from ivr.reports.opening import open_file


class CannotRekey(ToMend):
    """The report was left as it is; the sentence says why."""


def rekey(report: Report, identity: pyrage.x25519.Identity, seal: Seal) -> None:
    """Replace every sealed file by one sealed to `seal`'s readers, whole or not at all.

    The card's generation grows, so that `sync` takes the new ones home. Raises CannotRekey, DiskFull.
    """
    fresh = Report(report.path.with_name(f".rekey-{secrets.token_hex(4)}"))
    shutil.copytree(
        report.path, fresh.path, ignore=lambda _folder, names: [name for name in names if SEALED.match(name)]
    )
    try:
        for name in report.sealed():
            plain = open_file(report.path / name, identity)
            if plain is None:
                raise CannotRekey(f"{report.name}: {name} does not open with this key; nothing was changed.")
            disk.put(fresh.path / name, seal.sound(_readers_renewed(name, plain, seal)))
        card = report.card()
        files = {name: digest(fresh.path / name) for name in fresh.sealed()}
        fresh.write_card(replace(card, generation=card.generation + 1, files=files))
        swap(report, fresh)
    finally:
        shutil.rmtree(fresh.path, ignore_errors=True)


def swap(report: Report, fresh: Report) -> None:
    """Put `fresh` in a report's place; afterwards `fresh.path` holds the old one, or nothing."""
    old = report.path.with_name(f".old-{secrets.token_hex(4)}")
    report.path.rename(old)
    fresh.path.rename(report.path)
    disk.settle(report.path.parent)
    old.rename(fresh.path)


def _readers_renewed(name: str, plain: bytes, seal: Seal) -> bytes:
    """Name the new readers in a part's sealed end; everything else stays byte for byte."""
    if not name.endswith("-end.json.age"):
        return plain
    facts = json.loads(plain)
    return json.dumps({**facts, "readers": seal.keys}, ensure_ascii=False, indent=1).encode().ljust(len(plain))
