"""A stranger on the network: sends any SIP message, and listens where a call would arrive that the line made."""

import contextlib
import secrets
import socket
import time
from types import TracebackType
from typing import Self

from tests.phone import offer
from tests.phone.message import Message, address_in, parse

LOOPBACK = "127.0.0.1"
NUMBER, NAME = "0698765432", "Samira Q"  # what a stranger says about itself
PATIENCE = 60.0  # seconds, for an answer on a busy machine


class Stranger:
    """A UDP port of loopback from which messages are sent to `exchange`."""

    def __init__(self, exchange: tuple[str, int], address: str = LOOPBACK) -> None:
        self._exchange = exchange
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self.here = f"{address}:{self._socket.getsockname()[1]}"

    def request(
        self, method: str, target: str, *headers: tuple[str, str], body: str = "", drop: tuple[str, ...] = ()
    ) -> Message:
        """Return a request to the SIP address `target`; a header of its own replaces ours, `drop` leaves some out."""
        token = secrets.token_hex(8)
        ours = {
            "via": f"SIP/2.0/UDP {self.here};branch=z9hG4bK{token};rport",
            "max-forwards": "70",
            "from": f'"{NAME}" <sip:{NUMBER}@{self.here}>;tag={token}',
            "to": f"<{target}>",
            "call-id": token,
            "cseq": f"1 {method}",
            "contact": f"<sip:{NUMBER}@{self.here}>",
        }
        replaced = {name.lower() for name, _ in headers} | set(drop)
        kept = [(name, value) for name, value in ours.items() if name not in replaced]
        return Message(f"{method} {target} SIP/2.0", (*kept, *headers), body)

    def call(self, target: str, *headers: tuple[str, str]) -> Message:
        """Return an INVITE with an offer of sound."""
        sdp = offer.offer(LOOPBACK, 9, ("alaw",), events=True)
        return self.request("INVITE", target, ("content-type", "application/sdp"), *headers, body=sdp)

    def shout(self, packet: bytes) -> None:
        """Send any bytes."""
        self._socket.sendto(packet, self._exchange)

    def ask(self, request: Message) -> int:
        """Send a request, again and again, and return its final status; an INVITE that was refused is confirmed."""
        until, again = time.monotonic() + PATIENCE, 0.0
        while time.monotonic() < until:
            if time.monotonic() > again:
                self.shout(request.packet())
                again = time.monotonic() + 2
            answer = self._answer(0.2)
            if answer and answer["call-id"] == request["call-id"] and answer.status >= 200:
                self._confirm(request, answer)
                return answer.status
        raise AssertionError(f"nobody answered {request.first}")

    def visit(self, request: Message) -> None:
        """Call, and hang up as soon as the call is answered; it must be answered."""
        until = time.monotonic() + PATIENCE
        self.shout(request.packet())
        while time.monotonic() < until:
            answer = self._answer(0.5)
            if answer and answer["cseq"] == request["cseq"] and answer.status >= 200:
                assert answer.status == 200, answer.first
                kept = [(name, request[name]) for name in ("from", "call-id")]
                for method, number in (("ACK", 1), ("BYE", 2)):
                    ours = (*kept, ("to", answer["to"]), ("cseq", f"{number} {method}"))
                    self.shout(self.request(method, address_in(answer["contact"]), *ours).packet())
                return
        raise AssertionError(f"nobody answered {request.first}")

    def _answer(self, seconds: float) -> Message | None:
        self._socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            return parse(self._socket.recv(65536))
        return None

    def _confirm(self, request: Message, answer: Message) -> None:
        if answer.method == "INVITE":
            kept = {"via": request["via"], "from": request["from"], "to": answer["to"], "call-id": request["call-id"]}
            number = request["cseq"].split()[0]
            ack = self.request("ACK", request.first.split()[1], *kept.items(), ("cseq", f"{number} ACK"))
            self.shout(ack.packet())

    def heard(self) -> list[bytes]:
        """Return every packet that has come to this port."""
        found = []
        self._socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(self._socket.recv(65536))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()
