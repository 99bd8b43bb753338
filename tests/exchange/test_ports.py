"""Ports that other programs use, named before anything is started."""

import socket

import pytest

from ivr.exchange import ports
from tests.asterisk_fixture import free_port


def test_a_free_port_passes() -> None:
    ports.require_tcp("127.0.0.1", free_port(), "IVR_AGI_PORT")
    ports.require_udp("127.0.0.1", free_port(socket.SOCK_DGRAM), "IVR_SIP_PORT")


def test_a_taken_udp_port_is_named_with_the_setting_that_chooses_another() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=rf"UDP port {port} of 127.0.0.1 .* IVR_SIP_PORT"):
            ports.require_udp("127.0.0.1", port, "IVR_SIP_PORT")


def test_a_taken_tcp_port_is_named_with_the_setting_that_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ports.PortTaken, match=rf"TCP port {port} of 127.0.0.1 .* IVR_AGI_PORT"):
            ports.require_tcp("127.0.0.1", port, "IVR_AGI_PORT")
