"""Sealing one part, slice after slice while it is spoken, and its end; what is on disk says how far it is."""

import contextlib
import hashlib
import json
import logging
import os
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, Final

from ivr.reports import disk, kernel
from ivr.reports.folder import Report, digest
from ivr.reports.keys import Seal
from ivr.reports.memory import BYTES_A_SECOND, RATE, SLICE, Memory, Part, drop
from ivr.reports.voice import ENOUGH, speech_frames

SHORTEST: Final = 2.0  # seconds; a shorter part without speech is kept and marked as a fragment
_QUIET_BEFORE_ENDED: Final = 35.0  # seconds; Asterisk hangs up a phone that sent nothing for 30 (rtp_timeout)


@dataclass(frozen=True)
class Tally:
    """What is remembered of a slice: digests of its plain sound and its file, bytes, frames of speech."""

    sound: str
    sealed: str
    length: int
    speech: int


def padded(slices: int) -> int:
    """Return how many files a part of so many slices fills up to: 1, 2, 4, 8, then multiples of 16."""
    return -(-slices // 16) * 16 if slices > 8 else 1 << max(0, slices - 1).bit_length()  # noqa: PLR2004 - as it says


class Recording:
    """A recording that Asterisk writes or wrote, and the part of a report that it becomes."""

    def __init__(self, path: Path, part: Part, report: Report, memory: Memory) -> None:
        """Resume where the files on disk end."""
        self.path = path
        self.part = part
        self.report = report
        self._memory = memory
        self._tally_file = memory.tallies / str(part)
        self._reading = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.done = len(report.slices(part))
        self.over = report.ended(part)
        """Whether the end of this part is sealed already (by a sealer that died before it could clean up)."""
        self._tallies = self._read_tallies()
        self._grew = (os.fstat(self._reading).st_size, monotonic())
        self.waiting_since: float | None = None
        if self.done and not self.over:
            self._free()

    def close(self) -> None:
        """Let go of the recording."""
        os.close(self._reading)

    def ended(self) -> bool:
        """Tell whether nobody writes the recording any more."""
        try:
            return not kernel.still_written(self._reading)
        except kernel.LeaseRefused as refused:
            _say_once(str(refused))
            size = os.fstat(self._reading).st_size
            if size != self._grew[0]:
                self._grew = (size, monotonic())
            return monotonic() - self._grew[1] > _QUIET_BEFORE_ENDED

    def next_slice(self, *, last: bool) -> bytes:
        """Return the next slice, whole samples; empty when nothing is ready. `last`: a short one as well."""
        if not last and os.fstat(self._reading).st_size < (self.done + 1) * SLICE:
            return b""
        sound = os.pread(self._reading, SLICE, self.done * SLICE)
        sound = sound[: len(sound) // 2 * 2]
        return sound if len(sound) == SLICE or last else b""

    def seal_slice(self, sound: bytes, seal: Seal) -> None:
        """Seal one slice, durably, then free its memory. Raises DiskFull.

        The tally comes first: a crash between the two leaves a tally too many, which is dropped, and
        never a slice whose plain sound can no longer be counted.
        """
        self.report.begin()
        sealed = seal.sound(sound.ljust(SLICE, b"\0"))
        self._remember(Tally(sha256(sound), sha256(sealed), len(sound), speech_frames(sound)))
        try:
            disk.put(self.report.path / self.part.file(f"{self.done + 1:04d}.sln"), sealed)
        except disk.DiskFull:
            self._tallies.pop()
            raise
        self.done += 1
        self._free()

    def seal_end(self, seal: Seal, software: str) -> None:
        """Seal the exact length and the digests: from now on the part is complete. Raises DiskFull."""
        facts: dict[str, Any] = {
            "part": self.part.number,
            "day": self.report.card().day,
            "rate": RATE,
            "bytes": self.length,
            "seconds": self.seconds,
            "voice": self.voice,
            "fragment": self.seconds < SHORTEST and not self.voice,
            "readers": seal.keys,
            "software": software,
            "slices": [asdict(tally) for tally in self._tallies],
        }
        # room for every line that the padding could mean, so that the size does not tell what padding hides
        self.report.begin()
        disk.put(
            self.report.path / self.part.file("end.json"),
            seal.facts(facts, 4096 + 256 * padded(len(self._tallies))),
        )
        self.over = True

    def tell(self, *, complete: bool) -> None:
        """Tell the call server what is kept of this part."""
        word = {"seconds": self.seconds, "voice": self.voice, "complete": complete}
        drop(self._memory.kept / f"{self.part}.json", json.dumps(word))

    def finish(self, seal: Seal) -> None:
        """Pad a part whose end is sealed, list its files, and remove the recording from memory.

        The padding need not last through a power cut, so nothing waits for the disk.
        """
        for count in range(self.done + 1, padded(self.done) + 1):
            name = self.part.file(f"{count:04d}.sln")
            with contextlib.suppress(disk.DiskFull):  # padding hides a length; the report itself is whole
                disk.put(self.report.path / name, seal.sound(bytes(SLICE)), lasting=False)
        self.report.list_files()
        self.forget()

    def forget(self) -> None:
        """Remove the recording and its tally from memory."""
        self.path.unlink(missing_ok=True)
        self._tally_file.unlink(missing_ok=True)

    @property
    def length(self) -> int:
        """Bytes of sound that are sealed."""
        return sum(tally.length for tally in self._tallies)

    @property
    def seconds(self) -> float:
        """Seconds of sound that are sealed."""
        return round(self.length / BYTES_A_SECOND, 3)

    @property
    def voice(self) -> bool:
        """Whether speech was heard in what is sealed."""
        return sum(tally.speech for tally in self._tallies) >= ENOUGH

    def _free(self) -> None:
        kernel.give_back(self.path, self.done * SLICE)

    def _remember(self, tally: Tally) -> None:
        self._tallies.append(tally)
        mode = "w" if self.done == 0 else "a"
        # memory may be full, and only sealing frees it: then the tally lives in this process alone
        with contextlib.suppress(OSError), self._tally_file.open(mode, encoding="utf-8") as file:
            file.write("\n" + json.dumps([self.done, asdict(tally)]))  # a torn line before it stays alone

    def _read_tallies(self) -> list[Tally]:
        lines = self._tally_file.read_text(encoding="utf-8").splitlines() if self._tally_file.exists() else []
        told: dict[int, Tally] = {}
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):  # the last line may be torn
                place, tally = json.loads(line)
                told[place] = Tally(**tally)
        spoken = self.done if not self.over else max(told, default=-1) + 1  # padding has no tally
        return [told.get(place) or self._from_disk(place) for place in range(spoken)]

    def _from_disk(self, place: int) -> Tally:
        """Stand in for a tally that is lost: the slice is on disk, what it says is for those with a key."""
        sealed = digest(self.report.path / self.part.file(f"{place + 1:04d}.sln"))
        return Tally("unknown", sealed, SLICE, 0)


@cache
def _say_once(sentence: str) -> None:
    logging.getLogger(__name__).warning("%s Until then a recording counts as ended after 35 s.", sentence)


def sha256(content: bytes) -> str:
    """Return a SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
