"""The sealer: a process of its own that seals what Asterisk records while the witness still speaks.

It knows the folder in memory, the folder of reports and the public keys, and nothing of calls. Every
tenth of a second it looks at each recording: a full slice is sealed at once; when the kernel says that
nobody writes a recording any more (kernel.still_written), its end is sealed. What is on disk says how
far it is, so a sealer that was killed goes on where it stopped.
"""

import fcntl
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NoReturn

from ivr import heartbeat
from ivr.problems import ToMend
from ivr.reports import disk, guard, kernel, notes, outbox, receipt, space
from ivr.reports.folder import Report, all_reports
from ivr.reports.keys import Seal
from ivr.reports.memory import Memory, drop, part_of
from ivr.reports.part import Recording

LOOK_EVERY: Final = 0.1  # seconds
TOO_LATE: Final = 10.0  # seconds that a full slice may wait before the sealer raises an alarm
_TIDY_EVERY: Final = 5.0
_WORD_LIVES: Final = 600.0
_TRIES: Final = 10  # for the lock, a tenth of a second apart
MARKER: Final = ".the-line-runs-here"  # people.py refuses to use a secret key beside it


class SealRefused(ToMend):
    """The sealer must not run like this; the sentence says what to change."""


@dataclass(frozen=True)
class Places:
    """Where the sealer works: the folder in memory, the folder of reports, the outbox of mails."""

    memory: Path
    reports: Path
    mails: Path


def run(places: Places, recipients: Sequence[str], *, longest: float = 20 * 60, accept_risk: bool = False) -> NoReturn:
    """Seal what is recorded until the process is ended, by any signal at any moment.

    `recipients` are at least two public keys, `longest` the seconds that one recording may last.
    Raises KeysRefused, guard.Unsafe, SealRefused.
    """
    seal = Seal(recipients)
    os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kernel.expect_leases()
    Memory(places.memory).make()
    for warning in guard.check(places.memory, accept=accept_risk):
        _say(warning)
    places.reports.mkdir(mode=0o750, parents=True, exist_ok=True)
    with _alone(places.reports):
        sealer = Sealer(places, seal, longest)
        sealer.resume()
        heartbeat.ready()
        while True:
            heartbeat.beat()
            if not sealer.look():
                time.sleep(LOOK_EVERY)


class Sealer:
    """All recordings of the moment; `look` is one glance at them."""

    def __init__(self, places: Places, seal: Seal, longest: float) -> None:
        """Look at nothing yet; `resume` first."""
        self._memory = Memory(places.memory)
        self._reports = places.reports
        self._seal = seal
        self._mails = places.mails
        self._reserve = space.Reserve(places.reports / ".reserve", space.report_size(longest))
        self._recordings: dict[str, Recording] = {}
        self._tidied = float("-inf")
        self._alarmed = False
        self._said: dict[str, str] = {}
        try:
            self._software = f"calais-line {version('calais-line')}"
        except PackageNotFoundError:
            self._software = "calais-line"

    def resume(self) -> None:
        """Clear what a crash left half written, and list what it left unlisted."""
        (self._reports / MARKER).touch()
        for unfinished in self._reports.glob("*/.[0-9][0-9][0-9][0-9]-*"):
            unfinished.unlink(missing_ok=True)
        running = {str(part_of(path.stem)) for path in self._memory.recordings.glob("*.sln")}
        for tally in self._memory.tallies.iterdir():
            if tally.name not in running:
                tally.unlink()
        for report in all_reports(self._reports):
            heartbeat.beat()
            if report.sealed() != sorted(report.card().files):
                self._guarded(report.name, report.list_files)

    def look(self) -> bool:
        """Seal at most one slice of each recording, so that none waits for others; False if idle."""
        worked = False
        for path in _files(self._memory.recordings, ".sln"):
            if self._guarded(path.name, partial(self._step, path)):
                worked = True
                heartbeat.beat()
        for path in _files(self._memory.notes, ".json"):
            self._guarded(path.name, partial(self._note, path))
        for path in sorted(self._memory.receipts.glob("*.json")):
            self._guarded(path.name, partial(receipt.put, path, self._reports))
        self._watch_the_delay()
        if time.monotonic() - self._tidied > _TIDY_EVERY:
            self._tidied = time.monotonic()
            self._guarded("tidying", self._tidy)
        return worked

    def _step(self, path: Path) -> bool:
        recording = self._open(path)
        if recording.over:
            return self._finish(recording)
        sound = recording.next_slice(last=False)
        ended = False
        if not sound and recording.ended():
            ended = True
            sound = recording.next_slice(last=True)
        if not sound:
            recording.waiting_since = None
            return self._end(recording) if ended else False
        recording.waiting_since = recording.waiting_since or time.monotonic()
        try:
            recording.seal_slice(sound, self._seal)
        except disk.DiskFull:
            if not self._reserve.give():
                if ended or recording.ended():
                    recording.tell(complete=False)
                raise
            return True
        recording.waiting_since = None
        return True

    def _open(self, path: Path) -> Recording:
        if path.name not in self._recordings:
            part = part_of(path.stem)
            report = Report(self._reports / part.report)
            if report.ended(part) and not (self._memory.tallies / str(part)).exists():
                part = report.next_part()  # a second recording under the name of a part that ended: it adds
                path = path.rename(path.with_name(f"{part}.sln"))
            self._recordings[path.name] = Recording(path, part, report, self._memory)
        return self._recordings[path.name]

    def _end(self, recording: Recording) -> bool:
        """Seal the end of a part; a recording of nothing makes no report."""
        if recording.done:
            recording.seal_end(self._seal, self._software)
            return self._finish(recording)
        recording.tell(complete=True)
        recording.forget()
        self._recordings.pop(recording.path.name).close()
        return True

    def _finish(self, recording: Recording) -> bool:
        recording.tell(complete=True)
        recording.finish(self._seal)
        self._recordings.pop(recording.path.name).close()
        return True

    def _note(self, path: Path) -> bool:
        if notes.seal(path, self._memory, self._reports, self._seal):
            outbox.urgent(self._mails, path.stem)
        return False

    def _guarded(self, name: str, work: Callable[[], bool | None]) -> bool:
        """Let one recording's trouble never hold up another's; say each trouble once."""
        try:
            worked = work()
        except (OSError, ToMend, ValueError) as error:
            sentence = _without_names(error)
            if self._said.get(name) != sentence:
                self._said[name] = sentence
                _say(sentence)
            return False
        self._said.pop(name, None)
        return bool(worked)

    def _watch_the_delay(self) -> None:
        since = [recording.waiting_since for recording in self._recordings.values() if recording.waiting_since]
        late = bool(since) and time.monotonic() - min(since) > TOO_LATE
        if late and not self._alarmed:
            sentence = "ALARM: sealing is 10 seconds behind. Look at the disk's space and the machine's load."
            _say(sentence)
            self._guarded("alarm", partial(outbox.alarm, self._mails, sentence))
        self._alarmed = late

    def _tidy(self) -> None:
        """Refill the reserve, tell whether there is room, and remove words that nobody asked for."""
        self._reserve.fill()
        drop(self._memory.kept / "room.json", json.dumps({"room": self._reserve.has_room()}))
        for word in self._memory.kept.iterdir():
            if word.name != "room.json" and time.time() - word.stat().st_mtime > _WORD_LIVES:
                word.unlink(missing_ok=True)
        for name in set(self._recordings) - {path.name for path in self._memory.recordings.iterdir()}:
            self._recordings.pop(name).close()


def _files(folder: Path, ending: str) -> list[Path]:
    """Return the files of a folder in memory; this is asked ten times a second, so it costs as little as can be."""
    return [folder / name for name in sorted(os.listdir(folder)) if name.endswith(ending)]  # noqa: PTH208


@contextmanager
def _alone(reports: Path) -> Iterator[None]:
    handle = os.open(reports, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if not _locked(handle):
            raise SealRefused(f"Another sealer already works on {reports}: leave it running, or stop it first.")
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Take the lock if no other sealer has it; `ivr status`, which looks for one, may hold it for a moment."""
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(0.1)
    return False


def _without_names(error: Exception) -> str:
    """Say what happened without the name of a report: this goes to logs that know the time."""
    if isinstance(error, disk.DiskFull):
        return str(error)
    what = error.strerror if isinstance(error, OSError) else type(error).__name__
    return f"Sealing is held up ({what}): look at the disk and at the rights of the folders."


def _say(sentence: str) -> None:
    with suppress(OSError):  # where the words go may be the disk that is full: sealing goes on
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
