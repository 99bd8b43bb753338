"""scripts/install, below a folder: what it makes is read by the programs that will read it on a real machine."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk_fixture import CHECKOUT
from tests.installed import RIGHTS, install, put

SERVICES = sorted(
    path.name for path in (CHECKOUT / "scripts/installed/etc/systemd/system").iterdir() if path.suffix == ".service"
)


@pytest.fixture(scope="module")
def staged() -> Iterator[Path]:
    yield from _staged()


@pytest.fixture
def own() -> Iterator[Path]:
    """A machine of this test's own."""
    yield from _staged()


def _staged() -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix="calais-staged-"))
    root.chmod(0o755)
    try:
        install(root)
        yield root
    finally:
        subprocess.run([*RIGHTS, "rm", "-rf", root], check=True)


def printed(*command: object) -> str:
    """Run a program as root, which must succeed; return all that it printed."""
    done = subprocess.run([*RIGHTS, *map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_systemd_counts_every_service_as_well_walled_in(staged: Path, service: str) -> None:
    told = printed("systemd-analyze", "security", "--offline=true", f"--root={staged}", service)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told)
    assert found
    assert float(found[1]) <= 3.0


def test_systemd_finds_no_mistake_in_any_unit(staged: Path, tmp_path: Path) -> None:
    """The units are read on a machine that also has the system's own, and the programs that they start."""
    for name in ("usr/bin", "usr/sbin", "opt/calais-line/current/.venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    for program in ("usr/bin/systemctl", "usr/sbin/nft", "opt/calais-line/current/.venv/bin/python"):
        shutil.copy("/bin/true", tmp_path / program)
    (tmp_path / "opt/calais-line/current/scripts").mkdir()
    shutil.copy(CHECKOUT / "scripts/asterisk-root", tmp_path / "opt/calais-line/current/scripts")
    (tmp_path / "opt/calais-line/current/README.md").touch()
    shutil.copytree(staged / "etc/systemd", tmp_path / "etc/systemd")
    shutil.copytree("/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    ours = [path.name for path in (staged / "etc/systemd/system").iterdir() if path.suffix != ".d"]
    told = printed("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={tmp_path}", *ours)
    assert [line for line in told.splitlines() if "calais" in line] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_leaves_its_memory_on_a_disk(staged: Path, service: str) -> None:
    units = staged / "etc/systemd/system"
    walls = (units / "calais-line-.service.d/walls.conf").read_text().splitlines()
    assert {"LimitCORE=0", "MemorySwapMax=0"} <= set(walls)
    assert not re.search(r"LimitCORE|MemorySwapMax", (units / service).read_text())


@pytest.mark.parametrize("name", ["seal", "receipts", "server"])
def test_a_frozen_process_is_ended_by_systemd(staged: Path, name: str) -> None:
    told = (staged / f"etc/systemd/system/calais-line-{name}.service").read_text()
    assert re.search(r"^Type=notify$", told, re.MULTILINE)
    assert re.search(r"^WatchdogSec=(3|10)$", told, re.MULTILINE)
    assert re.search(r"^Restart=always$", told, re.MULTILINE)


def test_what_the_installation_brings_is_there_and_nobody_changed_it(staged: Path) -> None:
    brought = CHECKOUT / "scripts/installed/etc/calais-line"
    for file in brought.iterdir():
        assert printed("cat", staged / "etc/calais-line" / file.name) == file.read_text()
    assert list(staged.rglob("*.new")) == []


def test_installing_again_makes_no_user_twice(own: Path) -> None:
    before = (own / "etc/passwd").read_text()
    install(own)
    assert (own / "etc/passwd").read_text() == before
    assert len(re.findall("^calais-", before, re.MULTILINE)) == 7


def test_the_firewall_is_understood_and_lets_the_provider_alone_call(staged: Path) -> None:
    rules = staged / "etc/calais-line/firewall.nft"
    printed("nft", "-c", "-f", rules)
    inside = f"nft -f {rules} && nft -f {rules} && nft list table inet calais_line"
    told = printed("unshare", "--net", "sh", "-c", inside)
    assert "ip saddr @provider accept" in told
    assert re.search(r"udp dport \{ 5060, 5061 \} drop", told)
    assert re.search(r"udp dport 10000-12999 drop", told)


def test_logs_are_rotated(staged: Path, tmp_path: Path) -> None:
    """Read by logrotate itself, with a user of this machine in the place of Asterisk's."""
    rules = (staged / "etc/logrotate.d/calais-line").read_text()
    log = staged / "var/lib/calais-line/asterisk/log"
    printed("mkdir", "-p", log)
    put(log / "messages.log", "a warning\n")
    mine = rules.replace("/var/lib", f"{staged}/var/lib").replace("su calais-asterisk calais-asterisk", "su root root")
    put(tmp_path / "rules", mine)
    printed("chown", "root", tmp_path / "rules")
    told = printed("logrotate", "-d", "--force", "-s", tmp_path / "state", tmp_path / "rules")
    assert "error" not in told
    assert "copying" in told
    assert "messages.log" in told


def test_every_folder_in_memory_is_made(staged: Path) -> None:
    """What the code wants below its folder in memory, the installation makes, with owners (ivr/reports/memory.py)."""
    from ivr.reports.memory import Memory

    with tempfile.TemporaryDirectory() as folder:
        Memory(Path(folder)).make()
        wanted = sorted(path.name for path in Path(folder).iterdir())
    assert sorted(path.name for path in (staged / "run/calais-line").iterdir()) == wanted


@pytest.mark.parametrize(
    ("name", "rights"),
    [
        ("trunk.conf", "640 root calais-asterisk"),
        ("readers.txt", "640 root calais-sealer"),
        ("rota.yaml", "440 calais-server calais-asterisk"),
        ("mail.env", "600 root root"),
        ("calais.yaml", "640 root calais-settings"),
    ],
)
def test_a_secret_setting_is_private_from_its_first_word(staged: Path, name: str, rights: str) -> None:
    """Nobody has to call systemd-tmpfiles for it, whatever new files are readable for (umask)."""
    secret = staged / "etc/calais-line" / name
    printed("sh", "-c", f"umask 022; echo secret > {secret}")
    mode, user, group = rights.split()
    assert (
        printed("stat", "-c", "%a %u %g", secret).strip()
        == f"{mode} {number(staged, 'passwd', user)} {number(staged, 'group', group)}"
    )
    printed("systemd-tmpfiles", f"--root={staged}", "--create", "calais-line.conf")  # as when it is installed again
    assert printed("cat", secret) == "secret\n"


def number(root: Path, file: str, name: str) -> str:
    """Return the number of a user or group of a machine; root need not stand there."""
    listed = dict(line.split(":")[:3:2] for line in (root / "etc" / file).read_text().splitlines())
    return listed.get(name, "0")


def changed(root: Path) -> dict[Path, str]:
    """Change and add what people change and add, and return it."""
    files = {
        "srv/calais-line/content/facts.yaml": "changed: here\n",
        "srv/calais-line/content/services/ours.yaml": "ours: yes\n",
        "srv/calais-line/prompts/recorded/ps/meals.wav": "a take",
        "etc/calais-line/calais.yaml": "sip_port: 5070\n",
        "etc/calais-line/trunk.conf": "a trunk",
        "var/lib/calais-line/reports/aaaaaaaa/0001-0001.sln.age": "a report",
        "var/lib/calais-line/receipts/salt": "the salt",
    }
    for name, text in files.items():
        subprocess.run([*RIGHTS, "mkdir", "-p", (root / name).parent], check=True)
        put(root / name, text)
    return {root / name: text for name, text in files.items()}


def kept(files: dict[Path, str]) -> dict[Path, str]:
    return {path: printed("cat", path) for path in files}


def test_an_upgrade_keeps_what_people_changed_and_renews_the_rest(own: Path) -> None:
    ours = changed(own)
    shipped = own / "var/lib/calais-line/shipped/content"
    for place in (shipped, own / "srv/calais-line/content"):  # what the version before shipped, and nobody changed
        put(place / "budgets.yaml", "of the version before\n")
        put(place / "gone.yaml", "of the version before\n")
    put(shipped / "facts.yaml", "of the version before\n")
    said = install(own)
    assert kept(ours) == ours
    content = own / "srv/calais-line/content"
    assert (content / "budgets.yaml").read_bytes() == (CHECKOUT / "content/budgets.yaml").read_bytes()
    assert not (content / "gone.yaml").exists()
    assert (content / "facts.yaml.new").read_bytes() == (CHECKOUT / "content/facts.yaml").read_bytes()
    assert f"{content}/facts.yaml was changed here" in said
    assert len(list((own / "opt/calais-line/versions").iterdir())) == 2


def test_what_people_deleted_stays_deleted(own: Path) -> None:
    away = own / "srv/calais-line/content/budgets.yaml"
    printed("rm", away)
    install(own)
    assert not away.exists()


def test_uninstalling_keeps_content_settings_state_and_reports(own: Path) -> None:
    ours = changed(own)
    said = install(own, "--uninstall")
    assert kept(ours) == ours
    assert (own / "srv/calais-line/content/menus").is_dir()
    left = [path for path in own.rglob("*calais-line*") if path.relative_to(own).parts[0] not in {"srv", "run"}]
    assert sorted(str(path.relative_to(own)) for path in left) == ["etc/calais-line", "var/lib/calais-line"]
    assert not (own / "usr/local/bin/ivr").exists()
    assert "What stays" in said


def test_after_uninstalling_it_can_be_installed_again(own: Path) -> None:
    ours = changed(own)
    install(own, "--uninstall")
    install(own)
    assert kept(ours) == ours
    assert (own / "usr/local/bin/ivr").exists()
