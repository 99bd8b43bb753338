"""Which Asterisk is chosen, and the box it runs in."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.exchange import asterisk, box, instance
from ivr.exchange.instance import Exchange
from tests.asterisk_fixture import CACHE, running_asterisk
from tests.phone import Phone

from .agi_server import AgiServer


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only program is the Asterisk that a test puts there."""
    folder = tmp_path / "host"
    for name in ("bin", "lib/x/asterisk/modules", "share/asterisk"):
        (folder / name).mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{folder}/bin")
    return folder


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """What scripts/setup makes where the host has no Asterisk."""
    root = tmp_path / "root"
    (root / "usr/lib/x/asterisk/modules").mkdir(parents=True)
    (root / "usr/lib/x/ld-linux-x.so.2").touch()
    return root


def install(host: Path, words: str) -> None:
    program = host / "bin/asterisk"
    program.write_text(f"#!/bin/sh\necho '{words}'\n")
    program.chmod(0o755)


@pytest.mark.parametrize("words", ["Asterisk 18.10.0~dfsg", "Asterisk 22.5.1", "Asterisk certified/20.7-cert1"])
def test_an_asterisk_of_the_host_that_is_new_enough_wins(host: Path, private: Path, words: str) -> None:
    install(host, words)
    found = asterisk.find(private)
    assert found == asterisk.Asterisk(
        (f"{host}/bin/asterisk",), host / "lib/x/asterisk/modules", host / "share/asterisk"
    )


@pytest.mark.parametrize("words", ["Asterisk 16.28.0~dfsg", "who are you?"])
def test_an_asterisk_of_the_host_that_is_too_old_is_passed_over(host: Path, private: Path, words: str) -> None:
    install(host, words)
    assert asterisk.find(private).modules == private / "usr/lib/x/asterisk/modules"


def test_the_private_asterisk_runs_with_its_own_loader_and_libraries(host: Path, private: Path) -> None:
    del host
    libraries = private / "usr/lib/x"
    program = (f"{libraries}/ld-linux-x.so.2", "--library-path", str(libraries), f"{private}/usr/sbin/asterisk")
    assert asterisk.find(private).program == program


def test_without_any_asterisk_a_sentence_says_what_to_do(host: Path, tmp_path: Path) -> None:
    del host
    with pytest.raises(asterisk.AsteriskFailed, match=r"There is no Asterisk 18 or newer .* run scripts/setup"):
        asterisk.find(tmp_path / "nothing")


def test_a_private_asterisk_that_is_not_whole_is_named(host: Path, private: Path) -> None:
    del host
    (private / "usr/lib/x/ld-linux-x.so.2").unlink()
    with pytest.raises(asterisk.AsteriskFailed, match="is not whole: remove that folder"):
        asterisk.find(private)


@pytest.fixture
def fresh_look() -> Iterator[None]:
    """Let a test ask again whether boxes are possible here."""
    box.possible.cache_clear()
    yield
    box.possible.cache_clear()


@pytest.mark.usefixtures("fresh_look")
def test_without_bubblewrap_there_is_no_box(host: Path) -> None:
    assert box.box([host], host / "hosts") == ()


@pytest.mark.usefixtures("fresh_look")
def test_where_boxes_are_forbidden_there_is_none(host: Path) -> None:
    program = host / "bin/bwrap"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert box.box([host], host / "hosts") == ()


def test_in_its_box_asterisk_cannot_write_outside_its_folders(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    hosts = inside / "hosts"
    hosts.write_text("127.0.0.1 nowhere-else\n")
    line = [*box.box([inside], hosts), "sh", "-c", f"cat /etc/hosts; touch {inside}/a; touch {outside}"]
    answer = subprocess.run(line, capture_output=True, text=True, check=False)
    assert answer.stdout == "127.0.0.1 nowhere-else\n"
    assert (inside / "a").exists()
    assert not outside.exists()


def test_in_its_box_asterisk_asks_the_name_servers_that_it_is_given(tmp_path: Path) -> None:
    given = tmp_path / "resolv.conf"
    given.write_text("# nobody\n")
    line = [*box.box([tmp_path], Path("/etc/hosts"), given), "cat", "/etc/resolv.conf"]
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout == "# nobody\n"


@pytest.mark.parametrize(
    ("trunk", "asks"),
    [
        ("", False),
        ("match = 192.0.2.10\nca_list_path = /etc/ssl/certs\ncert_file=/etc/ssl/our-name.pem\n", False),
        (";server_uri = sip:sip.provider.example\n", False),
        ("server_uri = sip:sip.provider.example\\;transport=tls\n", True),
        ("match=sip.provider.example\n", True),
    ],
)
def test_asterisk_asks_for_names_only_where_the_trunk_has_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trunk: str, asks: bool
) -> None:
    (tmp_path / "resolv.conf").write_text("search x\nnameserver 192.0.2.53\n")
    monkeypatch.setattr(box, "RESOLVER", tmp_path / "resolv.conf")
    (tmp_path / "trunk.conf").write_text(trunk)
    told = instance.resolver(tmp_path / "trunk.conf")
    assert (told == "nameserver 192.0.2.53\noptions timeout:1 attempts:1\n") is asks
    assert ("nameserver" in told) is asks


def test_a_call_comes_through_without_a_box_too(
    server: AgiServer, prompts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "possible", lambda: False)
    with running_asterisk(agi_port=server.port, prompts=prompts) as running, Phone(running.sip) as phone:
        assert running.exchange.command()[0] != "bwrap"
        phone.call("line")
        phone.wait_hung_up()


def test_an_asterisk_that_does_not_run_is_told(tmp_path: Path) -> None:
    nobody = Exchange(asterisk.find(CACHE / "asterisk-root"), tmp_path, tmp_path)
    with pytest.raises(asterisk.AsteriskFailed, match="does not run here"):
        nobody.tell("core show uptime")
    with pytest.raises(asterisk.AsteriskFailed, match="does not run here"):
        nobody.leave()
    assert not nobody.ready()
