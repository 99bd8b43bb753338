"""What the call server knows of a report (language, urgency, the caller's choices), sealed into it."""

import json
import time
from pathlib import Path
from typing import Final

from ivr.reports import disk
from ivr.reports.folder import CARD, Report
from ivr.reports.keys import Seal
from ivr.reports.memory import Memory, part_of_note

_WAITS_FOR_A_RECORDING: Final = 60.0  # seconds; without one by then, the caller hung up before the tone
_SIZE: Final = 4096


def seal(note: Path, memory: Memory, reports: Path, key: Seal) -> bool:
    """Seal a note into its report and remove it from memory; tell whether it says that the report is urgent.

    A note that comes before the report's first slice waits for it. Raises DiskFull.
    """
    part = part_of_note(note.name)
    text = note.read_bytes()
    report = Report(reports / (part.report if part else ""))
    if part is None or not (report.path / CARD).exists():
        recorded = part is not None and (memory.recordings / f"{part}.sln").exists()
        if not recorded and time.time() - note.stat().st_mtime > _WAITS_FOR_A_RECORDING:
            note.unlink()
        return False
    name = part.file(f"note-{note.stem.rpartition('.')[2]}.json")
    if not (report.path / name).exists():
        disk.put(report.path / name, key.sound(text.ljust(-(-len(text) // _SIZE) * _SIZE)))
    report.list_files()
    note.unlink()
    return _urgent(text)


def _urgent(text: bytes) -> bool:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):  # the latter: brackets within brackets
        return False
    return isinstance(told, dict) and told.get("urgent") is True
