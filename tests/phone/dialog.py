"""The SIP side of one call: what to send next and what an answer means (RFC 3261, the caller's half)."""

import contextlib
import random
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from .message import Message, address_in, parse

AGAIN = 0.5
"""Seconds until a request without any answer is sent again; doubles (timer T1)."""


class State(Enum):
    """Where the call is."""

    NEW = "new"
    CALLING = "calling"
    RINGING = "ringing"
    ANSWERED = "answered"
    REFUSED = "refused"
    WE_HUNG_UP = "we hung up"
    THEY_HUNG_UP = "they hung up"
    VANISHED = "vanished"


@dataclass(frozen=True)
class Caller:
    """What a telephone says about itself, and the address of this machine that it calls from."""

    number: str
    name: str
    address: str


@dataclass
class Pending:
    """A request that waits for its answer."""

    message: Message
    again_at: float
    wait: float = AGAIN


class Dialog:
    """One call; `receive` and `tick` are called by the telephone's thread."""

    def __init__(self, exchange: tuple[str, int], caller: Caller, on_sdp: Callable[[str], None]) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((caller.address, 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.state = State.NEW
        self.changed_at: dict[State, float] = {}
        self.response: Message | None = None
        self._exchange = exchange
        self._on_sdp = on_sdp
        self._here = f"{caller.address}:{self.port}"
        self._caller = caller
        self._contact = f"<sip:{caller.number}@{self._here}>"
        self._from = f'"{caller.name}" {self._contact};tag={_token()}'
        self._call_id = _token()
        self._to = ""
        self._target = ""
        self._count = 0
        self._invite: Message | None = None
        self._ack: Message | None = None
        self._pending: dict[int, Pending] = {}
        self._status: dict[int, int] = {}

    def invite(self, extension: str, sdp: str) -> None:
        """Begin the call."""
        self._target = f"sip:{extension}@{self._exchange[0]}:{self._exchange[1]}"
        self._to = f"<{self._target}>"
        self._invite = self._ask("INVITE", "application/sdp", sdp)
        self._now(State.CALLING)

    def bye(self) -> None:
        """End an answered call."""
        self._ask("BYE")
        self._now(State.WE_HUNG_UP)

    def cancel(self) -> None:
        """End a call that was not answered yet."""
        assert self._invite
        via = self._invite["via"]
        number = int(self._invite["cseq"].split()[0])
        self._send(self._request("CANCEL", via, number, to=self._invite["to"]))
        self._now(State.WE_HUNG_UP)

    def info(self, body: str) -> None:
        """Send a key in the dialog (application/dtmf-relay)."""
        self._ask("INFO", "application/dtmf-relay", body)

    def ask(self, method: str, *headers: tuple[str, str]) -> int:
        """Send any request of the dialog but an INVITE, once; return its number, under which `status` is known."""
        self._count += 1
        message = self._request(method, self._via(), self._count)
        self._send(replace(message, headers=(*message.headers, *headers)))
        return self._count

    def status(self, number: int) -> int:
        """Return how a request was answered; 0 while it was not."""
        return self._status.get(number, 0)

    @property
    def waiting(self) -> bool:
        """Whether a request is still unanswered."""
        return bool(self._pending)

    def tick(self, now: float) -> None:
        """Send again what nobody answered."""
        for pending in list(self._pending.values()):
            if now >= pending.again_at:
                pending.wait *= 2
                pending.again_at = now + pending.wait
                self._send(pending.message)

    def receive(self) -> None:
        """Act on every packet that has come."""
        while True:
            try:
                packet = self.socket.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                continue
            message = parse(packet)
            if message["call-id"] == self._call_id:
                self._answer(message) if message.status else self._obey(message)

    def _answer(self, response: Message) -> None:
        number = int(response["cseq"].split()[0])
        if response.method == "INVITE":
            self._answer_to_invite(response)
        elif response.status >= 200 and response.method != "CANCEL":
            self._pending.pop(number, None)
            self._status[number] = response.status

    def _answer_to_invite(self, response: Message) -> None:
        assert self._invite
        number = int(self._invite["cseq"].split()[0])
        self._pending.pop(number, None)
        if response.body and response.status < 300:
            self._on_sdp(response.body)
        if response.status < 200:
            if response.status > 100 and self.state is State.CALLING:
                self._now(State.RINGING)
            return
        self.response = response
        self._to = response["to"]
        if response.status >= 300:
            self._send(self._request("ACK", self._invite["via"], number))
            self._now(State.WE_HUNG_UP if self.state is State.WE_HUNG_UP else State.REFUSED)
            return
        self._target = address_in(response["contact"])
        self._send(self._request("ACK", self._via(), number))
        if self.state is State.WE_HUNG_UP:  # the answer crossed our CANCEL
            self._ask("BYE")
        elif self.state is not State.ANSWERED:
            self._now(State.ANSWERED)

    def _obey(self, request: Message) -> None:
        if request.method == "ACK":
            return
        known = request.method in {"BYE", "OPTIONS", "INFO", "UPDATE"}
        self._send(_response(request, "200 OK" if known else "488 Not Acceptable Here"))
        if request.method == "BYE" and self.state is State.ANSWERED:
            self._now(State.THEY_HUNG_UP)

    def _now(self, state: State) -> None:
        if self.state is not state:
            self.changed_at[state] = time.monotonic()
        self.state = state

    def _via(self) -> str:
        return f"SIP/2.0/UDP {self._here};branch=z9hG4bK{_token()};rport"

    def _ask(self, method: str, kind: str = "", body: str = "") -> Message:
        self._count += 1
        message = self._request(method, self._via(), self._count, kind=kind, body=body)
        self._pending[self._count] = Pending(message, time.monotonic() + AGAIN)
        self._send(message)
        return message

    def _request(self, method: str, via: str, number: int, *, to: str = "", kind: str = "", body: str = "") -> Message:
        headers = [
            ("via", via),
            ("max-forwards", "70"),
            ("from", self._from),
            ("to", to or self._to),
            ("call-id", self._call_id),
            ("cseq", f"{number} {method}"),
            ("contact", self._contact),
            *([("content-type", kind)] if kind else []),
            *(self._told_by_networks() if method == "INVITE" else ()),
        ]
        return Message(f"{method} {self._target} SIP/2.0", tuple(headers), body)

    def _told_by_networks(self) -> list[tuple[str, str]]:
        """Return what a provider's exchanges add to a call: who calls, once more in each (RFC 3325, 5806, 7044)."""
        names = ("p-asserted-identity", "p-preferred-identity", "remote-party-id", "diversion", "history-info")
        return [(name, f'"{self._caller.name}" <sip:{self._caller.number}@{self._here}>') for name in names]

    def _send(self, message: Message) -> None:
        self.shout(message.packet())

    def shout(self, packet: bytes) -> None:
        """Send any bytes to the exchange."""
        with contextlib.suppress(OSError):  # the exchange may be gone: a request is sent again
            self.socket.sendto(packet, self._exchange)


def _response(request: Message, status: str) -> Message:
    names = ("via", "from", "to", "call-id", "cseq")
    return Message(f"SIP/2.0 {status}", tuple((name, value) for name, value in request.headers if name in names))


def _token() -> str:
    return f"{random.getrandbits(64):016x}"
