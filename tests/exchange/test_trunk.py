"""`trunk.conf.example` as a provider's trunk: TLS and SRTP, by address and by registration."""

import contextlib
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.asterisk_fixture import CHECKOUT, LOOPBACK, free_port, running_asterisk
from tests.exchange.softphone import Softphone
from tests.phone.alaw import decoded
from tests.phone.message import Message, parse

from .agi_server import AgiCall, AgiServer

pytestmark = pytest.mark.long(13)

EXAMPLE = (CHECKOUT / "asterisk-conf/trunk.conf.example").read_text(encoding="utf-8")
PROVIDER = "127.0.0.3"


@dataclass(frozen=True)
class Certificates:
    """An authority, and a certificate of 127.0.0.1 that it signed, with its key."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificates":
        new = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:127.0.0.1"]
        files = ["-days", "2", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
        subprocess.run([*new, *subject, *files], check=True, capture_output=True)
        (folder / "authorities").mkdir()
        (folder / "authorities/ours.pem").write_bytes((folder / "certificate.pem").read_bytes())
        subprocess.run(["openssl", "rehash", f"{folder}/authorities"], check=True, capture_output=True)
        return cls(folder)

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.make(tmp_path_factory.mktemp("certificates"))


def filled_in(certificates: Certificates, port: int, changes: dict[str, str]) -> str:
    """Fill in the example as a person does; every change must find what it changes."""
    text = EXAMPLE
    ours = {
        "bind = 0.0.0.0:5061": f"bind = 127.0.0.1:{port}",
        "ca_list_path = /etc/ssl/certs": f"ca_list_path = {certificates.folder}/authorities",
        ";cert_file = /etc/ssl/OUR-NAME.pem": f"cert_file = {certificates.certificate}",
        ";priv_key_file = /etc/ssl/private/OUR-NAME.key": f"priv_key_file = {certificates.key}",
        "match = 192.0.2.10": f"match = {PROVIDER}",
        "match = 192.0.2.11\n": "",
        **changes,
    }
    for old, new in ours.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def by_address(certificates: Certificates, port: int) -> str:
    """Leave out the sections `registration` and `auth`, as the example says."""
    text = filled_in(certificates, port, {})
    for kind in ("registration", "auth"):
        text = re.sub(rf"\[provider\]\ntype = {kind}\n(?:.+\n)*", "", text)
    return text


@contextlib.contextmanager
def from_the_provider(port: int) -> Iterator[int]:
    """Carry TLS connections to `port` as they are, from the provider's address; yield where to connect."""

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def take(door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection((LOOPBACK, port), source_address=(PROVIDER, 0))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    with socket.create_server((LOOPBACK, 0)) as door:
        threading.Thread(target=take, args=(door,), daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def test_a_call_over_tls_and_srtp_is_heard_and_led_by_its_number(
    server: AgiServer, prompts: Path, clips: dict[str, bytes], certificates: Certificates, tmp_path: Path
) -> None:
    def script(call: AgiCall) -> None:
        server.notes.put(call.environment["agi_network_script"])
        call.send(f'STREAM FILE {prompts}/current/en/meals ""')
        call.last_word()

    server.script = script
    port = free_port()
    with (
        running_asterisk(agi_port=server.port, prompts=prompts, trunk=by_address(certificates, port)) as asterisk,
        from_the_provider(port) as door,
    ):
        phone = Softphone(tmp_path / "phone", certificates.certificate)
        told = phone.call(f"sip:33300000002@127.0.0.1:{door};transport=tls", 6)
        assert server.note() == "line-ar", told
        asterisk.wait_channels(0)
    middle = decoded(clips["en/meals"][2000:10000])
    assert middle in phone.samples().tobytes()


def test_a_call_without_srtp_is_refused(
    server: AgiServer, prompts: Path, certificates: Certificates, tmp_path: Path
) -> None:
    port = free_port()
    with (
        running_asterisk(agi_port=server.port, prompts=prompts, trunk=by_address(certificates, port)) as asterisk,
        from_the_provider(port) as door,
    ):
        phone = Softphone(tmp_path / "phone", certificates.certificate, encrypted=False)
        assert "488 Not Acceptable Here" in phone.call(f"sip:33300000001@127.0.0.1:{door};transport=tls", 4)
        assert asterisk.channels() == 0


def test_the_line_registers_over_tls_and_gives_its_entry(
    server: AgiServer, prompts: Path, certificates: Certificates
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    with socket.create_server((LOOPBACK, 0)) as door:
        address = f"127.0.0.1:{door.getsockname()[1]}"
        changes = {"SIP.PROVIDER.EXAMPLE": address, "USER": "calais", "PASSWORD": "secret"}
        trunk = filled_in(certificates, free_port(), changes)
        with running_asterisk(agi_port=server.port, prompts=prompts, trunk=trunk):
            door.settimeout(20)
            with context.wrap_socket(door.accept()[0], server_side=True) as wire:
                first = asked(wire)
                wire.sendall(answered(first, "401 Unauthorized", 'WWW-Authenticate: Digest realm="p", nonce="n"'))
                second = asked(wire)
                wire.sendall(answered(second, "200 OK", f"Contact: {second['contact']};expires=600"))
    assert first.first.startswith("REGISTER ")
    assert "sip:line@" in second["contact"]
    assert 'username="calais"' in second["authorization"]
    assert "secret" not in second["authorization"]


def asked(wire: ssl.SSLSocket) -> Message:
    wire.settimeout(20)
    text = b""
    while b"\r\n\r\n" not in text:
        text += wire.recv(65536)
    return parse(text)


def answered(request: Message, status: str, header: str) -> bytes:
    kept = (f"{name}: {request[name.lower()]}" for name in ("Via", "From", "To", "Call-ID", "CSeq"))
    return "\r\n".join((f"SIP/2.0 {status}", *kept, header, "Content-Length: 0", "", "")).encode()
