"""Whether the ports that the line needs are free, said before anything is started."""

import socket

from ivr.problems import ToMend


class PortTaken(ToMend):
    """Another program uses a port; the sentence names it and what to do."""


def require_udp(address: str, port: int, setting: str) -> None:
    """Raise PortTaken unless the UDP port is free; `setting` is the variable that chooses another."""
    _require(socket.SOCK_DGRAM, "UDP", address, port, setting)


def require_tcp(address: str, port: int, setting: str) -> None:
    """Raise PortTaken unless the TCP port is free; `setting` is the variable that chooses another."""
    _require(socket.SOCK_STREAM, "TCP", address, port, setting)


def _require(kind: socket.SocketKind, name: str, address: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:  # connections that are just closing do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise PortTaken(
                f"{name} port {port} of {address} cannot be used ({error.strerror}): "
                f"stop the program that uses it, or choose another port with {setting}."
            ) from None
