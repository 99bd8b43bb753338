"""A telephone beyond a provider's trunk: the line calls it, it rings, picks up, listens and hangs up."""

import socket
import threading
import time
from types import TracebackType
from typing import Self

from tests.phone import offer
from tests.phone.message import Message, address_in, parse

HERE = "127.0.0.7"


class Callee:
    """Picks up when `number` is called, after it rang for so many seconds; every other number is busy.

    `calls` are the INVITEs as they came, each when it is picked up or refused.
    """

    def __init__(self, number: str, rings: float = 0) -> None:
        self.number = number
        self._rings = rings
        self.calls: list[bytes] = []
        self.heard = bytearray()
        self._sip, self._rtp = _socket(), _socket()
        self.port: int = self._sip.getsockname()[1]
        self._came: tuple[Message, tuple[str, int]] | None = None
        self._closing = False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._live, self._listen)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing = True
        for thread in self._threads:
            thread.join()
        self._sip.close()
        self._rtp.close()

    def hears(self, sound: bytes, timeout: float = 20) -> bool:
        until = time.monotonic() + timeout
        while sound not in self.heard:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def hang_up(self) -> None:
        assert self._came
        invite, exchange = self._came
        target = address_in(invite["contact"])
        headers = [
            ("via", f"SIP/2.0/UDP {HERE}:{self.port};branch=z9hG4bKbye;rport"),
            ("max-forwards", "70"),
            ("from", f"{invite['to']};tag=callee"),
            ("to", invite["from"]),
            ("call-id", invite["call-id"]),
            ("cseq", "1 BYE"),
        ]
        self._sip.sendto(Message(f"BYE {target} SIP/2.0", tuple(headers)).packet(), exchange)

    def _live(self) -> None:
        while not self._closing:
            try:
                packet, exchange = self._sip.recvfrom(65536)
            except TimeoutError:
                continue
            message = parse(packet)
            if message.status or message.method == "ACK":
                continue
            user = address_in(message.first.split()[1]).removeprefix("sip:").partition("@")[0]
            busy = message.method == "INVITE" and user != self.number
            if message.method == "INVITE":
                if self._rings and not busy:
                    self._answer(message, exchange, "180 Ringing")
                    time.sleep(self._rings)
                self.calls.append(packet)
                self._came = message, exchange
            self._answer(message, exchange, "486 Busy Here" if busy else "200 OK")

    def _answer(self, request: Message, exchange: tuple[str, int], status: str) -> None:
        names = ("via", "from", "call-id", "cseq")
        headers = [(name, value) for name, value in request.headers if name in names]
        tag = "" if ";tag=" in request["to"] else ";tag=callee"
        headers += [("to", request["to"] + tag), ("contact", f"<sip:{self.number}@{HERE}:{self.port}>")]
        body = ""
        if request.method == "INVITE" and status.startswith("200"):
            headers.append(("content-type", "application/sdp"))
            body = offer.offer(HERE, self._rtp.getsockname()[1], ("alaw",), events=True)
        self._sip.sendto(Message(f"SIP/2.0 {status}", tuple(headers), body).packet(), exchange)

    def _listen(self) -> None:
        while not self._closing:
            try:
                self.heard += self._rtp.recv(65536)[12:]
            except TimeoutError:
                continue


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((HERE, 0))
    made.settimeout(0.1)
    return made
