"""What Asterisk must not know, keep or do: numbers of callers, open doors, calls to the outside."""

from pathlib import Path

from tests.asterisk_fixture import CHECKOUT, RunningAsterisk, free_port, running_asterisk
from tests.phone import Phone

from .agi_server import AgiCall, AgiServer

NUMBER = "33698765432"
NAME = "Samira"
WITHOUT_TO = f"""INVITE sip:line@127.0.0.1 SIP/2.0\r
From: <sip:{NUMBER}@127.0.0.1>;tag=1\r
Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r
Call-ID: 1\r
CSeq: 1 INVITE\r
\r
"""


def test_neither_the_server_nor_any_file_learns_who_calls(
    asterisk: RunningAsterisk, server: AgiServer, prompts: Path
) -> None:
    def script(call: AgiCall) -> None:
        server.notes.put(str(call.environment))
        server.notes.put(call.send("GET FULL VARIABLE ${CALLERID(all)}"))
        call.send(f'STREAM FILE {prompts}/current/en/meals ""')

    server.script = script
    with Phone(asterisk.sip, number=NUMBER, name=NAME) as phone:
        phone.call("witness")
        told = server.note() + server.note()
        asterisk.wait_for(lambda: bool(asterisk.recordings()), what="a recording")
    with Phone(asterisk.sip, number=NUMBER, name=NAME, address="127.0.0.3") as refused:
        refused.dial("line")
        refused.wait_for(lambda: refused.ended)
    files = [file for folder in (asterisk.exchange.state, asterisk.memory) for file in folder.rglob("*")]
    kept = b"".join(file.read_bytes() + str(file).encode() for file in files if file.is_file())
    for secret in (NUMBER, NAME):
        assert secret not in told
        assert secret.encode() not in kept


def test_a_malformed_packet_leaves_no_number_in_the_log(asterisk: RunningAsterisk, server: AgiServer) -> None:
    server.script = AgiCall.last_word
    with Phone(asterisk.sip, number=NUMBER) as phone:
        phone.shout(WITHOUT_TO.encode())
        phone.call("line")
        phone.wait_for(lambda: phone.ended)
    assert NUMBER not in asterisk.log()


def test_nothing_that_is_loaded_can_call_somebody_or_run_a_program(asterisk: RunningAsterisk) -> None:
    applications = {line.split(":")[0].strip() for line in asterisk.rx("core show applications").splitlines()}
    assert "AGI" in applications
    assert not applications & {"Dial", "Originate", "System", "TrySystem", "Queue", "Page", "FollowMe", "Transfer"}


def test_nobody_can_drive_asterisk_from_outside(asterisk: RunningAsterisk) -> None:
    assert "No such command 'http show status'" in asterisk.rx("http show status") or "Disabled" in asterisk.rx(
        "http show status"
    )
    assert "Manager (AMI):             No" in asterisk.rx("manager show settings")


def test_calls_leave_no_records(asterisk: RunningAsterisk) -> None:
    assert "Logging:                    Disabled" in asterisk.rx("cdr show status")
    assert "CEL Logging: Disabled" in asterisk.rx("cel show status")


def test_everything_that_asterisk_writes_is_closed_to_others(asterisk: RunningAsterisk) -> None:
    assert asterisk.exchange.state.stat().st_mode & 0o077 == 0
    assert (asterisk.memory / "recordings").stat().st_mode & 0o077 == 0


def test_the_example_of_a_trunk_is_understood(prompts: Path) -> None:
    text = (CHECKOUT / "asterisk-conf/trunk.conf.example").read_text(encoding="utf-8")
    here = text.replace("0.0.0.0:5061", f"127.0.0.1:{free_port()}").replace("SIP.PROVIDER.EXAMPLE", "127.0.0.1:9")
    with running_asterisk(agi_port=1, prompts=prompts, trunk=here) as asterisk:
        assert "127.0.0.1:9" in asterisk.rx("pjsip show registrations")
        endpoint = asterisk.rx("pjsip show endpoint provider")
        assert "media_encryption                   : sdes" in endpoint
        assert "192.0.2.11/32" in endpoint
        assert "res_pjsip_config_wizard" not in asterisk.log()
        assert "provider" not in asterisk.log()
