"""What a process with all that it started takes: processor time, memory, threads, files; from /proc."""

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(*roots: int) -> float:
    """Return the seconds that the processes `roots` and all below them, also those gone by now, have computed."""
    return sum(sum(map(int, told[11:15])) for _, told in _below(roots)) / _TICKS


def memory(*roots: int) -> dict[int, float]:
    """Return the megabytes of each process of `roots` and below; what several share is divided among them."""
    found = {}
    for pid, _ in _below(roots):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue  # gone by now
        share = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
        found[pid] = round(share / 1024, 1)
    return found


def threads(*roots: int) -> dict[int, int]:
    """Return how many threads each process of `roots` and below has."""
    return {pid: int(told[17]) for pid, told in _below(roots)}


def open_files(*roots: int) -> dict[int, int]:
    """Return how many file descriptors each process of `roots` and below has open."""
    found = {}
    for pid, _ in _below(roots):
        with contextlib.suppress(OSError):  # gone by now
            found[pid] = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return found


def _below(roots: tuple[int, ...]) -> Iterator[tuple[int, list[str]]]:
    """Yield each process of `roots` and below, with the words of its `stat` after the name."""
    told: dict[int, list[str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # gone by now
        told[int(stat.parent.name)] = words
    parents = {pid: int(words[1]) for pid, words in told.items()}
    return ((pid, words) for pid, words in told.items() if _is_below(pid, roots, parents))


def _is_below(pid: int, roots: tuple[int, ...], parents: dict[int, int]) -> bool:
    while pid not in roots and pid in parents:
        pid = parents[pid]
    return pid in roots


def seconds_of_children() -> float:
    """Return the seconds that processes which have ended, started from here or below, have computed so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
