"""Refuses to record where plain speech could reach a disk: outside memory, or with plain swap."""

from pathlib import Path

from ivr.problems import ToMend
from ivr.reports import kernel


class Unsafe(ToMend):
    """A recording could reach a disk unsealed here; the sentence says what to change."""


def check(
    memory: Path, *, accept: bool, swaps: Path = Path("/proc/swaps"), devices: Path = Path("/sys/block")
) -> list[str]:
    """Return warnings to print loudly; raises Unsafe unless `accept` takes the risk."""
    dangers = []
    if not kernel.in_memory(memory):
        dangers.append(
            f"{memory} lies on a disk, where recordings could be read later: "
            "set `memory` to a folder in a tmpfs, such as one below /dev/shm."
        )
    if not _never_swapped(memory):
        dangers += [
            f"The swap {device} is not encrypted, speech could reach it: `swapoff {device}`, or encrypt it."
            for device in plain_swaps(swaps, devices)
        ]
    if dangers and not accept:
        raise Unsafe("\n".join(dangers))
    return [f"RISK ACCEPTED BY A SETTING: {danger}" for danger in dangers]


def plain_swaps(swaps: Path, devices: Path) -> list[str]:
    """Return the swap devices and files that are neither encrypted (dm-crypt) nor in memory (zram)."""
    named = [line.split()[0] for line in swaps.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    return [name for name in named if not _harmless(Path(name).resolve().name, devices)]


def _harmless(device: str, devices: Path) -> bool:
    if device.startswith("zram"):
        backing = devices / device / "backing_dev"
        return not backing.exists() or backing.read_text(encoding="utf-8").strip() == "none"
    uuid = devices / device / "dm" / "uuid"
    return uuid.exists() and uuid.read_text(encoding="utf-8").startswith("CRYPT-")


def _never_swapped(memory: Path) -> bool:
    """Tell whether the tmpfs of `memory` is mounted `noswap` (Linux 6.4 and later)."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines())
    above = [(len(fields[1]), fields[3]) for fields in mounts if memory.resolve().is_relative_to(fields[1])]
    return bool(above) and "noswap" in max(above)[1].split(",")
