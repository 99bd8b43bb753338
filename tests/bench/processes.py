"""The processor time of a process with all that it started, from /proc."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(*roots: int) -> float:
    """Return the seconds that the processes `roots` and all below them have computed so far."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # gone by now
        pid = int(stat.parent.name)
        parents[pid] = int(told[1])
        seconds[pid] = (int(told[11]) + int(told[12])) / _TICKS
    return sum(spent for pid, spent in seconds.items() if _is_below(pid, roots, parents))


def _is_below(pid: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while pid not in roots and pid in parents:
        pid = parents[pid]
    return pid in roots
