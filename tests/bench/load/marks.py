"""How the beginning of a prompt is recognized among thousands of calls: by a few bytes, already in the kernel."""

import ctypes
import socket
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.phone.heard import FRAME

LENGTH = 8
"""Bytes of a frame by which it is known; no other frame of the clips at hand begins with them."""
RTP = 12
TICK = 0.02
SO_ATTACH_FILTER, SO_TIMESTAMPNS = 26, 35
"""Of Linux, asm-generic/socket.h; Python has no names for them."""
UDP = 8
"""What a socket's filter sees before the RTP packet."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06


@dataclass(frozen=True)
class Mark:
    """The bytes that tell that a clip has begun, and how many seconds after its beginning they are due."""

    begins: bytes
    after: float


def marks(clips: Mapping[str, bytes], wanted: Iterable[str], among: Iterable[str]) -> list[Mark]:
    """Return a mark for each `wanted` clip, told apart from every frame of the clips `among` which it may follow."""
    known: dict[bytes, int] = {}
    for name in among:
        for frame in _frames(clips[name]):
            known[frame] = known.get(frame, 0) + 1
    return [_mark(clips[name], known) for name in wanted]


def _frames(clip: bytes) -> list[bytes]:
    return [clip[place : place + LENGTH] for place in range(0, len(clip) - FRAME + 1, FRAME)]


def _mark(clip: bytes, known: Mapping[bytes, int]) -> Mark:
    place, frame = next((place, frame) for place, frame in enumerate(_frames(clip)) if known.get(frame, 0) <= 1)
    return Mark(frame, place * TICK)


def let_through_only(listening: socket.socket, wanted: Sequence[Mark]) -> None:
    """Let the kernel throw away every packet that holds none of the marks: nobody could read all of them."""
    program: list[tuple[int, int, int, int]] = []
    for mark in {mark.begins: mark for mark in wanted}.values():
        first, second = struct.unpack("!II", mark.begins)
        program += [
            (_LOAD, 0, 0, UDP + RTP),
            (_EQUAL, 0, 3, first),
            (_LOAD, 0, 0, UDP + RTP + 4),
            (_EQUAL, 0, 1, second),
            (_RETURN, 0, 0, 0xFFFF),
        ]
    program.append((_RETURN, 0, 0, 0))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(program), ctypes.addressof(code)))


def stamped(listening: socket.socket) -> None:
    """Have the kernel note when each packet came, so that a busy listener measures nothing of its own."""
    listening.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def receive(listening: socket.socket) -> tuple[bytes, float, tuple[str, int]] | None:
    """Return the next packet, when it came (time.time) and from where; nothing where none waits."""
    try:
        packet, notes, _, address = listening.recvmsg(2048, 64)
    except BlockingIOError:
        return None
    seconds, nanoseconds = struct.unpack("qq", notes[0][2])
    return packet, seconds + nanoseconds / 1e9, address
