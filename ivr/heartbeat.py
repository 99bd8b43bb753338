"""A sign of life to whoever started this process: systemd's sd_notify protocol, also spoken by `ivr run`."""

import contextlib
import os
import socket
from typing import Final

_PATIENCE: Final = 10.0  # seconds


def ready() -> None:
    """Say that this process does its work from now on.

    Waits while the listener's queue is full of beats: a word that is said once must not get lost.
    """
    _say("READY=1", patience=_PATIENCE)


def beat() -> None:
    """Say that this process is alive; say it every `interval` seconds."""
    _say("WATCHDOG=1")


def interval() -> float:
    """Return the seconds to leave between two beats: a third of what the watcher allows, else 1."""
    try:
        return int(os.environ["WATCHDOG_USEC"]) / 3_000_000
    except (KeyError, ValueError):
        return 1.0


def _say(word: str, patience: float = 0) -> None:
    """Send one datagram (sd_notify(3)); nobody listening is no error, and no beat holds up a call."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.settimeout(patience)
        wire.connect(address)
        wire.send(word.encode())
