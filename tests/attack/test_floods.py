"""SIPp floods of three kinds at once: a call goes on undisturbed, and the next caller is answered."""

import contextlib
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.stranger import LOOPBACK
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(8)

BOUND = 120  # seconds after which a flood ends by itself
A_SECOND = {"OPTIONS": 150, "REGISTER": 150, "INVITE": 15}
ANSWERS = {"OPTIONS": 200, "REGISTER": 501}
ALL_ANSWERED = 0  # SIPp's exit code where every message had the answer that its scenario expects
PATIENCE = 120  # seconds, on a busy machine

ONE_QUESTION = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="flood"><send retrans="500"><![CDATA[
{method} sip:line@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:flood@[local_ip]>;tag=[call_number]
To: <sip:line@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 {method}
Contact: <sip:flood@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send><recv response="{answer}"/></scenario>
"""


@contextlib.contextmanager
def flood(line: RunningLine, folder: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Let three SIPps pour questions, registrations, and calls that last a second, until the block ends."""
    started = {}
    host, port = line.asterisk.sip
    for method, rate in A_SECOND.items():
        if method in ANSWERS:
            scenario = folder / f"{method}.xml"
            scenario.write_text(ONE_QUESTION.format(method=method, answer=ANSWERS[method]))
            words = ["-sf", str(scenario)]
        else:
            media = str(random.randrange(20000, 29000, 4))
            words = ["-sn", "uac", "-s", "line-en", "-d", "1000", "-mi", LOOPBACK, "-mp", media]
        words += ["-r", str(rate), "-m", str(rate * BOUND), "-i", LOOPBACK, "-nostdin"]
        started[method] = subprocess.Popen(["sipp", f"{host}:{port}", *words], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield started
    finally:
        for process in started.values():
            process.kill()
            process.wait()


def test_in_a_flood_a_call_goes_on_and_the_next_is_answered(own_line: RunningLine, tmp_path: Path) -> None:
    with own_line.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        with flood(own_line, tmp_path) as flooding:
            own_line.asterisk.wait_for(lambda: own_line.asterisk.channels() > A_SECOND["INVITE"], 30, "the flood")
            phone.press("2")
            phone.hears("en/daily.1", timeout=20)
            for entry, clip in {"line-fr": "fr/main.1", "witness": "en/language-choice"}.items():
                with own_line.phone() as next_one:
                    next_one.call(entry, timeout=20)
                    next_one.hears(clip, timeout=20)
            phone.press("1")
            phone.hears("en/meals.evening", timeout=20)
            for process in flooding.values():
                process.send_signal(signal.SIGUSR1)  # SIPp's word for: begin nothing more, and end what you began
            ended = {method: process.wait(PATIENCE) for method, process in flooding.items()}
        assert phone.heard.lost == 0
    assert ended == dict.fromkeys(A_SECOND, ALL_ANSWERED)
    assert own_line.log("serve") == ""
