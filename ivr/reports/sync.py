"""A second place for sealed reports: all is copied and verified, answers come back, nothing is deleted."""

import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ivr.problems import ToMend
from ivr.reports import answers, disk
from ivr.reports.folder import CARD, Report, all_reports, digest
from ivr.reports.receipt import RECEIPT
from ivr.reports.shelf import deleted

_LARGEST_ANSWER: Final = 4 << 20  # bytes; what comes back from another machine is not taken on trust
_HIDDEN: Final = "/.*"  # the reserve, the marker, what is half written


class CannotSync(ToMend):
    """The second place could not be reached or is not whole; the sentence says what to do."""


@dataclass
class Synced:
    """What one round did; `doubts` are sentences about what does not verify over there."""

    copied: int = 0
    brought_home: int = 0
    deleted: int = 0
    doubts: list[str] = field(default_factory=list)


def sync(shelf: Path, second: Path, *, deletions: bool = False) -> Synced:
    """Copy sealed reports into the folder `second` and bring answers and rekeyed reports home.

    `deletions` also deletes over there what was deleted here on purpose. Raises CannotSync, DiskFull.
    """
    if not second.is_dir():
        raise CannotSync(f"The second place {second} is not there: mount it, or make the folder once by hand.")
    done = Synced()
    for report in all_reports(shelf):
        there = Report(second / report.name)
        try:
            done.brought_home += _bring_home(report, there)
        except CannotSync as doubt:
            done.doubts.append(str(doubt))
        done.copied += _copy(report, there)
        done.doubts += there.verify()
    if deletions:
        done.deleted = _delete(second, deleted(shelf))
    return done


def rsync(shelf: Path, target: str) -> Synced:
    """Do the same over rsync, for a `target` such as `host:folder`; rekeyed reports need a mounted folder.

    Both ways compare contents, not times (which are blurred). Raises CannotSync.
    """
    if target.startswith("-"):
        raise CannotSync(f"{target!r} is an option of rsync, not a second place: write host:folder.")
    _run(["rsync", "-rt", "--checksum", "--exclude", _HIDDEN, "--exclude", "/*/.*", f"{shelf}/", target])
    wrong = _run(["rsync", "-rtni", "--checksum", "--exclude", _HIDDEN, "--exclude", "/*/.*", f"{shelf}/", target])
    only_answers = ["--include", "/*/", "--include", f"/*/{answers.PATTERN}", "--exclude", "*"]
    limits = ["--ignore-existing", f"--max-size={_LARGEST_ANSWER}"]
    _run(["rsync", "-r", *limits, *only_answers, f"{target.rstrip('/')}/", f"{shelf}/"])
    changed = [line for line in wrong.splitlines() if line[1:2] == "f"]
    return Synced(doubts=[f"{target}: {line} still differs after copying." for line in changed])


def _copy(report: Report, there: Report) -> int:
    """Copy what is listed on the card and not yet there, the card last; return how many sealed files."""
    card = report.card()
    there.path.mkdir(mode=0o750, exist_ok=True)
    missing = [name for name, told in sorted(card.files.items()) if not _same(there.path / name, told)]
    loose = [path.name for path in (report.path / RECEIPT, *report.path.glob(answers.PATTERN)) if path.exists()]
    for name in [*missing, *(name for name in loose if not (there.path / name).exists())]:
        disk.put(there.path / name, (report.path / name).read_bytes())
    if not (there.path / CARD).exists() or there.card() != card:
        there.write_card(card)
    return len(missing)


def _same(path: Path, told: str) -> bool:
    return path.exists() and digest(path) == told


def _bring_home(report: Report, there: Report) -> int:
    """Take the answers that a reader left over there, and a report that was sealed anew and is whole."""
    if not (there.path / CARD).exists():
        return 0
    if there.card().generation > report.card().generation:
        return _replace(report, there)
    found = [path for path in there.path.glob(answers.PATTERN) if not (report.path / path.name).exists()]
    fitting = [path for path in found if path.stat().st_size <= _LARGEST_ANSWER]
    for path in fitting:
        disk.put(report.path / path.name, path.read_bytes())
    return len(fitting)


def _replace(report: Report, there: Report) -> int:
    """Take every file of a rekeyed report that verifies, one by one, so that a part being spoken goes on.

    A crash on the way leaves our card as it was, and the next round takes them again.
    """
    card = there.card()
    if there.verify():
        raise CannotSync(f"{there.path} was sealed anew and is not whole: rekey it again. Ours stays as it is.")
    with report.alone():
        for name in card.files:
            disk.put(report.path / name, (there.path / name).read_bytes())
        ours = report.card()
        report.write_card(replace(ours, generation=card.generation, files={**ours.files, **card.files}))
    return 1


def _delete(second: Path, names: set[str]) -> int:
    gone = [report for report in all_reports(second) if report.name in names]
    for report in gone:
        shutil.rmtree(report.path)
    return len(gone)


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise CannotSync("Syncing to another machine needs rsync: `apt install rsync`.") from error
    if done.returncode:
        raise CannotSync(f"rsync did not reach the second place ({done.stderr.strip()}): try it by hand.")
    return done.stdout
