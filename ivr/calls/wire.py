"""Lines to and from Asterisk, over a FastAGI socket or a script's standard streams."""

import os
import re
import select
import time

LONGEST_LINE = 8192
LONGEST_COMMAND = 2046  # bytes: Asterisk reads 2048 with the line's end (AGI_BUF_LEN), the rest as another command
_BREAK = re.compile(r"[\r\n\0]")


class CallerHungUp(Exception):
    """The caller is gone: normal life, not an error."""


class WireBroken(Exception):
    """The other side does not speak AGI, or not in time; the connection is of no more use."""


class Wire:
    """Lines over two file descriptors; every read has a time-out, in seconds."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self._pending = b""
        self._poll = select.poll()
        self._poll.register(reads, select.POLLIN)

    def line(self, seconds: float) -> str:
        """Return the next line; raise `CallerHungUp` at the end, `WireBroken` when it is late or too long."""
        if b"\n" not in self._pending:
            self._wait_for_a_line(time.monotonic() + seconds)
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    def _wait_for_a_line(self, deadline: float) -> None:
        while b"\n" not in self._pending:
            if len(self._pending) > LONGEST_LINE:
                raise WireBroken("a line is longer than AGI's lines are.")
            self._more(deadline - time.monotonic())

    def _more(self, seconds: float) -> None:
        if seconds <= 0 or not self._poll.poll(seconds * 1000):
            raise WireBroken("no reply came in time.")
        try:
            data = os.read(self._reads, 65536)
        except ConnectionError:
            data = b""
        if not data:
            raise CallerHungUp
        self._pending += data

    def send(self, line: str) -> None:
        """Write one line; raise `ValueError` for one that Asterisk would read as two."""
        data = f"{line}\n".encode()
        if len(data) > LONGEST_COMMAND:
            raise ValueError("an AGI command must fit into Asterisk's memory for one: shorten its arguments.")
        try:
            while data:
                data = data[os.write(self._writes, data) :]
        except (BrokenPipeError, ConnectionError):
            raise CallerHungUp from None


def quoted(argument: str) -> str:
    """Return an argument in quotation marks; raise `ValueError` for what would begin another command."""
    if _BREAK.search(argument):
        raise ValueError("an AGI argument may hold no line break and no NUL.")
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
