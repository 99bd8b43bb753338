"""A telephone in a few lines, for the line's own canary: calls on this machine, hears, presses keys, hangs up.

The caller's half of SIP over UDP (RFC 3261) and the listening half of RTP (RFC 3550): it knows no password, speaks no
word, and asks only for A-law. Keys go as SIP INFO, which Asterisk takes whatever the setting dtmf_mode says.
"""

import re
import secrets
import select
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

FRAME: Final = 160  # A-law bytes: 20 ms, what one packet carries
_HERE: Final = "127.0.0.1"
_AGAIN: Final = 0.5  # seconds until a request that nobody answered is sent again; doubles (RFC 3261, timer T1)
_HEADER: Final = 12  # bytes of RTP before the sound
_GOODBYE: Final = 2.0  # seconds for the answer to a BYE


class NotReached(Exception):
    """Nobody answered, or the call is over; `status` is SIP's number for why, 0 for silence."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(f"refused with {status}" if status else "no answer")
        self.status = status


class Telephone:
    """One call to `extension` of the exchange at `port` of 127.0.0.1; hung up at the end, whatever happens."""

    def __init__(self, port: int, extension: str) -> None:
        self.frames: set[bytes] = set()
        self._exchange = (_HERE, port)
        self._sip, self._rtp = _socket(), _socket()
        here = f"{_HERE}:{self._sip.getsockname()[1]}"
        self._target = f"sip:{extension}@{_HERE}:{port}"
        self._to = f"<{self._target}>"
        self._via = f"SIP/2.0/UDP {here};rport;branch=z9hG4bK"
        self._fixed = f"From: <sip:canary@{here}>;tag={_token()}\r\nCall-ID: {_token()}\r\nContact: <sip:canary@{here}>"
        self._number = 0
        self._invited = ""  # the branch of the INVITE: its ACK after a refusal, and its CANCEL, bear the same
        self._status: dict[int, int] = {}
        self._talking = False

    def call(self, seconds: float) -> None:
        """Return when the call is answered; raise NotReached."""
        self._invited = _token()
        sdp = f"v=0\r\no=- 1 1 IN IP4 {_HERE}\r\ns=-\r\nc=IN IP4 {_HERE}\r\nt=0 0\r\n"
        sdp += f"m=audio {self._rtp.getsockname()[1]} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n"
        self._ask("INVITE", "application/sdp", sdp, seconds, self._invited)
        self._talking = True

    def hears(self, told: Callable[[], bool], seconds: float) -> bool:
        """Listen until `told` is true, and say whether it came to that; raise NotReached where the other hung up."""
        until = time.monotonic() + seconds
        while not told():
            if time.monotonic() > until:
                return False
            self._listen(0.1)
            if not self._talking:
                raise NotReached
        return True

    def share(self, clip: frozenset[bytes]) -> float:
        """Return how much of a clip (its `frames`) has been heard, from 0 to 1."""
        return len(clip & self.frames) / len(clip)

    def press(self, key: str, seconds: float = 5.0) -> None:
        """Press a key; raise NotReached where that is not answered in time."""
        self._ask("INFO", "application/dtmf-relay", f"Signal={key}\r\nDuration=120\r\n", seconds)

    def _ask(self, method: str, kind: str, body: str, seconds: float, branch: str = "") -> None:
        """Send a request, again and again, until its answer is there."""
        self._number += 1
        number, until, wait = self._number, time.monotonic() + seconds, _AGAIN
        self._status[number] = 0
        branch = branch or _token()
        while (status := self._status[number]) < 200:  # noqa: PLR2004 - below, it is on its way (RFC 3261)
            if time.monotonic() > until:
                raise NotReached
            if not status:
                self._send(method, number, branch, kind, body)
            self._listen(wait, lambda: self._status[number] != status)
            wait *= 2
        if status >= 300:  # noqa: PLR2004 - refused (RFC 3261)
            raise NotReached(status)

    def _send(self, method: str, number: int, branch: str, kind: str = "", body: str = "") -> None:
        lines = [f"{method} {self._target} SIP/2.0", f"Via: {self._via}{branch}", "Max-Forwards: 70"]
        lines += [f"To: {self._to}", self._fixed, f"CSeq: {number} {method}"]
        lines += [f"Content-Type: {kind}"] if kind else []
        self._shout("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]))

    def _shout(self, packet: str) -> None:
        self._sip.sendto(packet.encode(), self._exchange)

    def _listen(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not enough():
            ready, _, _ = select.select([self._sip, self._rtp], [], [], left)
            if self._rtp in ready:
                self.frames.add(self._rtp.recv(65536)[_HEADER:])
            if self._sip in ready:
                self._take(self._sip.recv(65536).decode("utf-8", "replace"))

    def _take(self, message: str) -> None:
        first, _, rest = message.partition("\r\n")
        if not first.startswith("SIP/2.0 "):
            self._obey(first.partition(" ")[0], rest)
            return
        found = re.search(r"^CSeq:\s*(\d+)\s+(\w+)", rest, re.MULTILINE | re.IGNORECASE)
        status = int(first.split()[1])
        if found is None or found[2] == "CANCEL":
            return
        number = int(found[1])
        if found[2] == "INVITE" and status >= 200:  # noqa: PLR2004 - final (RFC 3261)
            self._to = _header(rest, "To") or self._to
            self._send("ACK", number, self._invited if status >= 300 else _token())  # noqa: PLR2004 - refused
        self._status[number] = max(status, self._status.get(number, 0))

    def _obey(self, method: str, rest: str) -> None:
        """Answer what the exchange asks; a BYE ends the call."""
        if method == "ACK":
            return
        kept = (line for line in rest.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line, re.IGNORECASE))
        self._shout("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]))
        if method == "BYE":
            self._talking = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if self._talking:
                self._ask("BYE", "", "", _GOODBYE)
            elif self._status.get(self._number, 0) < 200 and self._invited:  # noqa: PLR2004 - not answered (RFC 3261)
                self._send("CANCEL", self._number, self._invited)
                self._listen(_GOODBYE, lambda: self._status[self._number] >= 200)  # noqa: PLR2004 - final (RFC 3261)
        except (NotReached, OSError):
            pass  # it ends by itself: a call without sound is hung up by Asterisk
        finally:
            self._sip.close()
            self._rtp.close()


def frames(clip: bytes) -> frozenset[bytes]:
    """Return what a clip's packets carry; those of one value throughout, silence, are left out."""
    cut = (clip[start : start + FRAME] for start in range(0, len(clip) - FRAME + 1, FRAME))
    return frozenset(frame for frame in cut if len(set(frame)) > 1)


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((_HERE, 0))
    return made


def _token() -> str:
    return secrets.token_hex(8)


def _header(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.*?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""
