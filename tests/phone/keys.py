"""Keys as a telephone sends them: RFC 4733 events, the body of a SIP INFO, or two tones in the sound."""

import math
import struct
from collections.abc import Iterator

from .alaw import encode

KEYS = "0123456789*#ABCD"
ROWS = (697, 770, 852, 941)
COLUMNS = (1209, 1336, 1477, 1633)
PAD = ("123A", "456B", "789C", "*0#D")
TICKS = 160
"""Samples of 20 ms."""
END = 0x80
ENDS = 3
"""How often the end of a key is sent, in case one is lost (RFC 4733, section 2.5.1.4)."""


def events(key: str, milliseconds: int) -> Iterator[bytes]:
    """Yield the payload of each 20 ms packet of a key; the last three say that it was let go."""
    steps = max(1, milliseconds // 20)
    number = KEYS.index(key)
    for step in range(1, steps + 1):
        yield struct.pack("!BBH", number, 10, step * TICKS)
    for _ in range(ENDS):
        yield struct.pack("!BBH", number, END | 10, steps * TICKS)


def info(key: str, milliseconds: int) -> str:
    """Return the body of a SIP INFO (application/dtmf-relay)."""
    return f"Signal={key}\r\nDuration={milliseconds}\r\n"


def tones(key: str, milliseconds: int) -> bytes:
    """Return a key as A-law tones (ITU-T Q.23), both at -9 dB of full scale."""
    row = next(number for number, keys in enumerate(PAD) if key in keys)
    low, high = ROWS[row], COLUMNS[PAD[row].index(key)]
    turn = 2 * math.pi / 8000
    samples = (int(11600 * (math.sin(turn * low * n) + math.sin(turn * high * n))) for n in range(8 * milliseconds))
    return bytes(encode(sample) for sample in samples)
