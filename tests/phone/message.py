"""SIP messages as text: reading one from a packet, writing one for the wire (RFC 3261)."""

import re
from dataclasses import dataclass, field

SHORT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}


@dataclass(frozen=True)
class Message:
    """A request or a response: its first line, its headers in order (names in lower case), its body."""

    first: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = field(default="")

    @property
    def status(self) -> int:
        """The number of a response; 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """What a request asks for, or what a response answers to."""
        return self["cseq"].split()[1] if self.status else self.first.split()[0]

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of a header that may come more than once."""
        return [value for key, value in self.headers if key == name]

    def packet(self) -> bytes:
        """Return what goes on the wire; a surrogate stands for a byte that is no UTF-8."""
        lines = [self.first, *(f"{name}: {value}" for name, value in self.headers)]
        lines += [f"content-length: {len(self.body.encode())}", "", self.body]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def parse(packet: bytes) -> Message:
    """Read a SIP packet; headers keep their order, `content-length` is dropped."""
    head, _, body = packet.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = []
    for line in lines:
        name, _, value = line.partition(":")
        name = name.strip().lower()
        headers.append((SHORT.get(name, name), value.strip()))
    return Message(first, tuple((n, v) for n, v in headers if n != "content-length"), body)


def address_in(header: str) -> str:
    """Return the bare `sip:…` of a Contact or To header."""
    match = re.search(r"<([^>]+)>", header)
    return match[1] if match else header.partition(";")[0]
