"""Opening a report with a reader's secret key, in memory alone, and checking all that can be checked."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyrage

from ivr.problems import ToMend
from ivr.reports.folder import Report
from ivr.reports.memory import BYTES_A_SECOND, SLICE, Part
from ivr.reports.part import sha256

_READER: Final = re.compile(rb"^-> X25519 ", re.MULTILINE)
_BODY: Final = re.compile(rb"^--- ", re.MULTILINE)
_KEY: Final = re.compile("age1[a-z0-9]{1,100}")
MOST_SLICES: Final = 9999  # as many as have names


class CannotOpen(ToMend):
    """Your key opens nothing of this report: it was sealed to other readers (ask one of them to `rekey`)."""


@dataclass(frozen=True)
class OpenedPart:
    """A part in plain: `sound` is 8000 Hertz, 16 bit, mono, cut to its length; `end` its sealed facts."""

    number: int
    sound: bytes
    end: dict[str, Any]
    notes: tuple[dict[str, Any], ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.sound) / BYTES_A_SECOND


@dataclass(frozen=True)
class Opened:
    """A report in plain, and every doubt about it in sentences."""

    name: str
    day: str
    parts: tuple[OpenedPart, ...]
    doubts: tuple[str, ...]


def open_report(report: Report, identity: pyrage.x25519.Identity, pinned: Sequence[str] = ()) -> Opened:
    """Open a report; `pinned` are the public keys that this reader trusts. Raises CannotOpen."""
    if not any(open_file(report.path / name, identity) is not None for name in report.sealed()):
        raise CannotOpen(CannotOpen.__doc__)
    doubts = report.verify()
    parts = []
    for part in report.parts():
        opened, found = _part(report, part, identity)
        parts.append(opened)
        doubts += found
    doubts += strangers(report, parts, pinned)
    return Opened(report.name, report.card().day, tuple(parts), tuple(doubts))


def strangers(report: Report, parts: Sequence[OpenedPart], pinned: Sequence[str]) -> list[str]:
    """Return what differs between those a report is sealed to and those that the reader pinned.

    A sealed file shows how many can open it, not who; who is what the line sealed into the part's end.
    """
    if not pinned:
        return []
    doubts = set()
    for name in report.sealed():
        count = readers_of(report.path / name)
        if count != len(pinned):
            doubts.add(f"{report.name}: sealed to {count} readers, your list has {len(pinned)}. Ask the others why.")
    for part in parts:
        for key in sorted(set(part.end.get("readers", pinned)) ^ set(pinned)):
            side = "not on your list" if key not in pinned else "on your list and not among its readers"
            doubts.add(f"{report.name}: {key} is {side}. Ask the others why.")
    return sorted(doubts)


def readers_of(path: Path) -> int:
    """Count the readers that an age file is sealed to, from its header."""
    head = path.read_bytes()
    end = _BODY.search(head)
    return len(_READER.findall(head[: end.start() if end else 0]))


def open_file(path: Path, identity: pyrage.x25519.Identity) -> bytes | None:
    """Open one sealed file; None when it is missing, damaged, or sealed to others."""
    try:
        return bytes(pyrage.decrypt(path.read_bytes(), [identity]))
    except (FileNotFoundError, pyrage.DecryptError):
        return None


def _part(report: Report, part: Part, identity: pyrage.x25519.Identity) -> tuple[OpenedPart, list[str]]:
    doubts: list[str] = []
    end = _facts(report.path / part.file("end.json"), identity)
    if not _fits(end):
        doubts.append(f"{report.name}: the end of part {part.number} is none that the line seals: it is passed over.")
        end = {}
    elif not end:
        doubts.append(f"{report.name}: part {part.number} broke off; what was sealed until then is here.")
    sounds = []
    for count, told in enumerate(_told(report, part, end), 1):
        sound, doubt = _slice(report.path / part.file(f"{count:04d}.sln"), told, identity)
        sounds.append(sound)
        doubts += [f"{report.name}: {doubt}"] if doubt else []
    notes = tuple(_facts(path, identity) for path in sorted(report.path.glob(part.file("note-*.json"))))
    return OpenedPart(part.number, b"".join(sounds), end, notes), doubts


def _fits(end: dict[str, Any]) -> bool:
    """Tell whether the sealed end of a part is of its kind: whoever knows the public keys can seal another."""
    slices, readers = end.get("slices", []), end.get("readers", [])
    return (
        isinstance(slices, list)
        and len(slices) <= MOST_SLICES
        and all(isinstance(one, dict) and _fits_slice(one) for one in slices)
        and isinstance(readers, list)
        and all(isinstance(key, str) and _KEY.fullmatch(key) for key in readers)
    )


def _fits_slice(told: dict[str, Any]) -> bool:
    length = told.get("length", SLICE)
    return isinstance(length, int) and 0 <= length <= SLICE and isinstance(told.get("sound", ""), str)


def _told(report: Report, part: Part, end: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the sealed end says of each slice; without an end, nothing for each slice there is."""
    last = max((name for name in report.sealed() if name.startswith(f"{part.number:04d}-0")), default="")
    told: list[dict[str, Any]] = end.get("slices", [{}] * int(last[5:9] or 0))
    return told


def _slice(path: Path, told: dict[str, Any], identity: pyrage.x25519.Identity) -> tuple[bytes, str]:
    """Return a slice's sound and a doubt, if any; silence stands for what cannot be opened."""
    length = int(told.get("length", SLICE))
    sealed = open_file(path, identity)
    if sealed is None:
        return bytes(length), f"{path.name} is missing or damaged; silence stands in its place."
    sound = sealed[:length]
    if told.get("sound", "unknown") not in {"unknown", sha256(sound)}:
        return sound, f"{path.name} does not hold what was sealed when it was spoken."
    return sound, ""


def _facts(path: Path, identity: pyrage.x25519.Identity) -> dict[str, Any]:
    try:
        told = json.loads(open_file(path, identity) or b"{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
