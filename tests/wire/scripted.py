"""Asterisk's side of the AGI wire, written down beforehand: the wire is half-duplex, so its lines can lie ready."""

import socket
from types import TracebackType
from typing import Self

from ivr.calls.agi import Agi, Wire

ENVIRONMENT = b"agi_network: yes\nagi_network_script: line\nagi_callerid: anonymous\nagi_arg_1:\n\n"


class Scripted:
    """A connection on which `lines` lie ready; `closes` where Asterisk has closed it after them."""

    def __init__(self, lines: bytes, *, environment: bytes = ENVIRONMENT, closes: bool = False) -> None:
        self.asterisk, self._ours = socket.socketpair()
        self.asterisk.sendall(environment + lines)
        if closes:
            self.asterisk.shutdown(socket.SHUT_WR)
        self.wire = Wire(self._ours.fileno(), self._ours.fileno())

    def agi(self) -> Agi:
        return Agi(self.wire)

    def sent(self) -> list[str]:
        """The commands that were sent so far."""
        self.asterisk.setblocking(False)
        try:
            return self.asterisk.recv(1 << 20).decode().splitlines()
        except BlockingIOError:
            return []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.asterisk.close()
        self._ours.close()
