"""What the telephone can speak, as SDP, and what was chosen of it (RFC 4566, RFC 3264)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

NUMBERS = {"ulaw": 0, "alaw": 8, "g722": 9}
NAMES = {"ulaw": "PCMU/8000", "alaw": "PCMA/8000", "g722": "G722/8000"}
EVENTS = 101


@dataclass(frozen=True)
class Chosen:
    """Where the other side listens, the RTP number of its first codec, and that of key events (or None)."""

    address: tuple[str, int]
    codec: int
    events: int | None


def offer(address: str, port: int, codecs: Sequence[str], *, events: bool) -> str:
    """Return the SDP of a telephone that listens on `address` and `port`."""
    numbers = [NUMBERS[codec] for codec in codecs] + [EVENTS] * events
    lines = [
        "v=0",
        f"o=phone 1 1 IN IP4 {address}",
        "s=-",
        f"c=IN IP4 {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {' '.join(map(str, numbers))}",
        *(f"a=rtpmap:{NUMBERS[codec]} {NAMES[codec]}" for codec in codecs),
        *([f"a=rtpmap:{EVENTS} telephone-event/8000", f"a=fmtp:{EVENTS} 0-15"] * events),
        "a=ptime:20",
        "a=sendrecv",
        "",
    ]
    return "\r\n".join(lines)


NOTHING = Chosen(("", 0), 0, None)
"""Before the other side has said anything."""


def chosen(sdp: str) -> Chosen:
    """Read the other side's SDP; NOTHING where there is no sound in it."""
    media = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", sdp, re.MULTILINE)
    host = re.search(r"^c=IN IP4 (\S+)", sdp, re.MULTILINE)
    if media is None or host is None:
        return NOTHING
    events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", sdp, re.MULTILINE)
    return Chosen((host[1], int(media[1])), int(media[2].split()[0]), int(events[1]) if events else None)
