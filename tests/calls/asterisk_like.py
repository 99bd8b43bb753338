"""The other end of a FastAGI connection: a channel of Asterisk in a few lines."""

import contextlib
import socket
import struct
from types import TracebackType
from typing import Self

PATIENCE = 60.0  # seconds, for a server on a busy machine


class Channel:
    """One connection to a server; `entry` is what the dialplan calls, nothing for a stranger's connection."""

    def __init__(self, port: int, entry: str = "") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._lines = self.socket.makefile("rb")
        if entry:
            self.send(f"agi_network: yes\nagi_network_script: {entry}\n\n".encode())

    def send(self, data: bytes) -> None:
        """Send bytes, as many as the server still takes."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def command(self) -> str:
        """Wait for the server's next command; empty where it has closed the connection."""
        try:
            return self._lines.readline().decode().strip()
        except ConnectionResetError:
            return ""

    def answer(self, reply: str = "200 result=0 endpos=8000") -> str:
        """Answer the last command and return the next one."""
        self.send(f"{reply}\n".encode())
        return self.command()

    def hears(self, command: str) -> list[str]:
        """Answer commands until the last one is `command`, and return all of them."""
        asked = [self.command()]
        while asked[-1] and command not in asked[-1]:
            asked.append(self.answer())
        assert asked[-1], f"the call ended before {command!r}: {asked}"
        return asked

    def ends(self) -> list[str]:
        """Answer whatever is asked until the server closes the connection."""
        asked = [self.command()]
        while asked[-1]:
            asked.append(self.answer())
        return asked[:-1]

    def reset(self) -> None:
        """Close the connection as a machine does that crashed: with a reset, not an end."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._lines.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lines.close()
        self.socket.close()
