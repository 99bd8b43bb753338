"""What strangers scan with, sipvicious, and what it is held against: another address, a registrar that is weak."""

import contextlib
import hashlib
import random
import re
import selectors
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.attack.stranger import LOOPBACK
from tests.phone.message import Message, parse

PROGRAMS = Path(sys.executable).parent
PATIENCE = 120  # seconds, for all scans at once on a busy machine
LOOK = 0.1  # seconds
ELSEWHERE = "127.0.0.9"
"""An address from which nobody may call."""


def scan(folder: Path, commands: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Run sipvicious' programs, all at once; return by name what each has printed."""
    started = {}
    for place, (name, (program, *words)) in enumerate(commands.items()):
        port = 20000 + random.randrange(100) * 100 + place * 10
        common = [PROGRAMS / f"sipvicious_{program}", "-b", LOOPBACK, "-x", LOOPBACK, "-P", str(port)]
        started[name] = subprocess.Popen(
            [*common, *words, LOOPBACK], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
        )
    try:
        return {name: process.communicate(timeout=PATIENCE)[0] for name, process in started.items()}
    finally:
        for process in started.values():
            process.kill()


def found(printed: str) -> set[str]:
    """Return the first column of the table that a program has printed."""
    return {row[1] for row in re.finditer(r"^\| (\S+) +\|", printed, re.MULTILINE)} - {"Extension", "SIP"}


@contextlib.contextmanager
def from_elsewhere(exchange: tuple[str, int]) -> Iterator[int]:
    """Carry packets to the exchange as they are, from an address that it does not know; yield the port for it."""
    with contextlib.ExitStack() as open_ones:
        near, far = (open_ones.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2))
        near.bind((LOOPBACK, 0))
        far.bind((ELSEWHERE, 0))
        over = threading.Event()

        def carry() -> None:
            callers: dict[str, tuple[str, int]] = {}
            with selectors.DefaultSelector() as waiting:
                waiting.register(near, selectors.EVENT_READ)
                waiting.register(far, selectors.EVENT_READ)
                while not over.is_set():
                    for key, _ in waiting.select(LOOK):
                        packet, caller = key.fileobj.recvfrom(65536)  # type: ignore[union-attr]
                        call = parse(packet)["call-id"]
                        if key.fileobj is near:
                            callers[call] = caller
                            far.sendto(packet, exchange)
                        elif call in callers:
                            near.sendto(packet, callers[call])

        carrying = threading.Thread(target=carry, daemon=True)
        carrying.start()
        yield near.getsockname()[1]
        over.set()
        carrying.join()


@contextlib.contextmanager
def weak_registrar(user: str, password: str) -> Iterator[int]:
    """Register whoever tells the password (RFC 2617), as the line never does; yield the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind((LOOPBACK, 0))
        door.settimeout(LOOK)
        over = threading.Event()

        def register() -> None:
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    packet, caller = door.recvfrom(65536)
                    door.sendto(_registered(parse(packet), user, password).packet(), caller)

        registering = threading.Thread(target=register, daemon=True)
        registering.start()
        yield door.getsockname()[1]
        over.set()
        registering.join()


def _registered(request: Message, user: str, password: str) -> Message:
    kept = [(name, request[name]) for name in ("via", "from", "to", "call-id", "cseq")]
    told = dict(re.findall(r'(\w+)="?([^",]*)', request["authorization"]))
    if not told:
        challenge = ("WWW-Authenticate", 'Digest realm="weak", nonce="n", algorithm=MD5')
        return Message("SIP/2.0 401 Unauthorized", (*kept, challenge))
    ours, asked = _md5(f"{user}:weak:{password}"), _md5(f"REGISTER:{told['uri']}")
    right = told["response"] == _md5(f"{ours}:n:{asked}")
    return Message("SIP/2.0 200 OK" if right else "SIP/2.0 403 Forbidden", tuple(kept))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
