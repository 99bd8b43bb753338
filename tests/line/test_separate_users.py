"""The line as it is installed: each process is a user of its own, and reaches what its work needs and nothing else."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ivr.reports.answer import answer
from ivr.reports.folder import Report, all_reports
from ivr.reports.opening import open_report
from tests.installed import PYTHON, Machine, installed
from tests.line import witness
from tests.line.test_reports import nearest, spoken_answer
from tests.line.test_studio_recordings import NOTICE, says
from tests.line.witness import frames_missing
from tests.phone import Phone
from tests.phone.alaw import decoded
from tests.release import Published
from tests.reports.sealed_line import ALICE, BOB

pytestmark = pytest.mark.long(94)

READERS = f"# Alice <alice@example.org>\n{ALICE.to_public()}\n# Bob <bob@example.org>\n{BOB.to_public()}\n"
WORDS = witness.speech(6, 77)


@pytest.fixture(scope="module")
def machine(release: Published) -> Iterator[Machine]:
    with installed(release, READERS) as running:
        yield running


@pytest.fixture(scope="module")
def speaking(machine: Machine) -> Iterator[Phone]:
    """A witness who speaks while the tests of this module look around; a part of the report is sealed already."""
    with machine.phone() as phone:
        witness.to_the_tone(phone)
        witness.pause(phone, 1)
        phone.say(WORDS)
        machine.wait_for(lambda: "0001-0002.sln.age" in everything_in(machine, "reports"), "the second slice")
        yield phone


def everything_in(machine: Machine, folder: str) -> str:
    return machine.run("seal", "ls", "-R", f"/var/lib/calais-line/{folder}").stdout


MEMORY = "/run/calais-line"
STATE = "/var/lib/calais-line"
CLOSED = [
    # the call server learns nothing of what was said
    ("server", f"ls {MEMORY}/recordings"),
    ("server", f"cat {MEMORY}/recordings/RECORDING"),
    ("server", f"cat {MEMORY}/tallies/*"),
    ("server", f"ls {MEMORY}/answers"),
    ("server", f"ls {MEMORY}/receipts"),
    ("server", f"ls {STATE}/reports"),
    ("server", f"cat {STATE}/reports/REPORT/report.json"),
    ("server", f"cat {STATE}/receipts/salt"),
    ("server", f"ls {STATE}/mails"),
    ("server", "cat /etc/calais-line/readers.txt"),
    # Asterisk writes recordings, and knows nothing of what became of them
    ("asterisk", f"ls {MEMORY}/notes"),
    ("asterisk", f"ls {MEMORY}/kept"),
    ("asterisk", f"ls {MEMORY}/door"),
    ("asterisk", f"ls {MEMORY}/figures"),
    ("asterisk", f"ls {STATE}/figures"),
    ("asterisk", f"touch {MEMORY}/answers/x"),
    ("asterisk", f"ls {STATE}/reports"),
    ("asterisk", f"cat {STATE}/receipts/salt"),
    # the receipt process reads what is sealed, and changes none of it
    ("receipts", f"ls {MEMORY}/recordings"),
    ("receipts", f"ls {MEMORY}/notes"),
    ("receipts", f"ls {MEMORY}/spool"),
    ("receipts", f"touch {STATE}/reports/x"),
    ("receipts", f"touch {STATE}/reports/REPORT/x"),
    ("receipts", f"rm -f {STATE}/reports/REPORT/report.json"),
    ("receipts", f"sh -c 'echo > {STATE}/reports/REPORT/report.json'"),
    # the sealer makes no receipts; who sends mails reaches nothing that is not sealed
    ("seal", f"cat {STATE}/receipts/salt"),
    ("seal", f"ls {STATE}/asterisk"),
    ("rounds", f"ls {MEMORY}/recordings"),
    ("rounds", f"ls {MEMORY}/notes"),
    # the canary is a caller like any other
    ("canary", f"ls {MEMORY}/notes"),
    ("canary", f"ls {STATE}/reports"),
    ("canary", f"ls {STATE}/mails"),
    ("canary", f"ls {STATE}/figures"),
    # who fetches Asterisk needs no setting of this line
    ("asterisk-root", "cat /etc/calais-line/calais.yaml"),
    # who makes the clips reaches nothing of callers
    ("build", f"ls {MEMORY}/recordings"),
    ("build", f"ls {STATE}/reports"),
    # what volunteers record is none of the others' business, and the call server makes no clip of it
    ("seal", f"ls {MEMORY}/studio"),
    ("receipts", f"ls {MEMORY}/studio"),
    ("build", f"ls {MEMORY}/studio"),
    ("build", f"touch {STATE}/studio/good/x"),
    ("asterisk", f"touch {STATE}/studio/x"),
    ("server", f"touch {STATE}/takes/x"),
]
OPEN = [  # the same questions, where the work needs the answer
    ("seal", f"head -c 1 {MEMORY}/recordings/RECORDING"),
    ("seal", f"ls {MEMORY}/notes"),
    ("asterisk", f"ls {MEMORY}/recordings"),
    ("asterisk", f"ls {MEMORY}/answers"),
    ("server", f"ls {MEMORY}/notes"),
    ("server", f"cat {MEMORY}/kept/room.json"),
    (
        "server",
        f"sh -c 'echo > {STATE}/studio-mails/x.json && echo > {STATE}/notices/x && echo > {STATE}/volunteers/x'",
    ),
    ("server", f"sh -c 'echo > {MEMORY}/figures/x && echo > {STATE}/figures/x'"),
    ("rounds", f"sh -c 'cat {STATE}/studio-mails/x.json > /dev/null && rm {STATE}/studio-mails/x.json'"),
    ("canary", f"sh -c 'echo > {STATE}/canary/x && echo > {STATE}/canary-mails/x.json'"),
    ("rounds", f"sh -c 'cat {STATE}/canary-mails/x.json > /dev/null && rm {STATE}/canary-mails/x.json'"),
    ("server", f"sh -c 'echo > {MEMORY}/spool/.x && mv {MEMORY}/spool/.x {MEMORY}/spool/outgoing/.x'"),
    ("asterisk", f"sh -c 'cat {MEMORY}/spool/outgoing/.x && rm {MEMORY}/spool/outgoing/.x' > /dev/null"),
    *((who, "cat /etc/calais-line/calais.yaml > /dev/null") for who in ("rounds", "canary", "build")),
    ("receipts", f"wc -c {STATE}/receipts/salt"),
    ("receipts", f"cat {STATE}/reports/REPORT/report.json"),
    ("rounds", f"ls {STATE}/reports/REPORT"),
    ("asterisk", f"touch {MEMORY}/studio/x.sln"),
    ("server", f"sh -c 'cat {MEMORY}/studio/x.sln && rm {MEMORY}/studio/x.sln && mkdir {STATE}/studio/x'"),
    ("asterisk", f"ls {STATE}/studio/good"),
    ("build", f"sh -c 'ls {STATE}/studio/good && touch {STATE}/takes/x'"),
]


def asked(machine: Machine, who: str, command: str) -> tuple[int, str]:
    """Run a command as a process of the line would; return its exit code and what it complained of."""
    (recording,) = (machine.memory / "recordings").iterdir()
    (report,) = all_reports(machine.state / "reports")
    words = command.replace("RECORDING", recording.name).replace("REPORT", report.name)
    done = machine.run(who, "sh", "-c", words)
    return done.returncode, done.stderr


@pytest.mark.parametrize(("who", "command"), CLOSED)
def test_a_process_is_refused_what_its_work_does_not_need(
    machine: Machine, speaking: Phone, who: str, command: str
) -> None:
    code, complaint = asked(machine, who, command)
    assert code != 0
    assert "Permission denied" in complaint


@pytest.mark.parametrize(("who", "command"), OPEN)
def test_a_process_reaches_what_its_work_needs(machine: Machine, speaking: Phone, who: str, command: str) -> None:
    assert asked(machine, who, command) == (0, "")


def test_the_canary_hears_the_line_as_its_own_user(machine: Machine, speaking: Phone) -> None:
    told = machine.run("canary", *f"{PYTHON} -m ivr canary".split())
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("The line was heard")


def test_the_report_is_sealed_opened_and_answered_across_all_users(
    machine: Machine, speaking: Phone, tmp_path: Path
) -> None:
    speaking.press("#")
    speaking.hears("en/recorded-thanks")
    speaking.press("5")
    speaking.hears("en/receipt-again", timeout=40)
    digits = "".join(name[-1] for name in speaking.story() if name.startswith("en/digit."))
    speaking.hang_up()
    machine.wait_for(lambda: not list((machine.memory / "recordings").iterdir()), "the sealing")
    (report,) = all_reports(machine.state / "reports")
    opened = open_report(report, ALICE)
    assert not opened.doubts
    (part,) = opened.parts
    assert frames_missing(WORDS, [witness.frames(part.sound)]) <= 3  # a busy machine drops one now and then
    answer_of_a_reader(machine, report, tmp_path)
    assert nearest(heard_with(machine, digits), spoken(tmp_path)) < 200  # A-law's own steps
    machine.wait_for(lambda: not list((machine.memory / "answers").iterdir()), "the answer to be gone")
    assert (machine.root / "seal.log").read_text() == ""  # it could ask the kernel who still writes


def answer_of_a_reader(machine: Machine, report: Report, folder: Path) -> None:
    """Let the second place bring the report to a reader, and the reader's answer home."""
    second = "sealer/second"
    for _ in range(2):
        machine.run("rounds", "mkdir", "-p", f"{STATE}/{second}")
        done = machine.run("rounds", *f"{PYTHON} -m ivr reports sync --to {STATE}/{second}".split())
        assert done.returncode == 0, done.stderr
        there = machine.state / second / report.name
        if not list(there.glob("answer-*")):
            answer(Report(there), spoken_answer(folder)).chmod(0o644)


def spoken(folder: Path) -> np.ndarray:
    with wave.open(str(folder / "answer.wav")) as file:
        return np.frombuffer(file.readframes(16000), "<i2").astype(float)


def heard_with(machine: Machine, digits: str) -> np.ndarray:
    """Call again with a receipt, and return all that is heard."""
    with machine.phone() as phone:
        phone.call("line-en")
        phone.hears("en/main.1")
        phone.press("9")
        phone.hears("en/witness-welcome")
        phone.press("2")
        phone.hears("en/enter-receipt")
        phone.press(digits, timeout=20)
        phone.hears_whole("en/receipt-found", "en/answer-follows", timeout=20)
        phone.hears("en/hint-again", timeout=15)
        heard = np.frombuffer(decoded(phone.heard.sound), "<i2").astype(float)
        phone.hang_up()
    return heard


def test_a_volunteers_words_reach_callers_across_all_users(machine: Machine) -> None:
    with machine.phone() as phone:
        phone.call("studio")
        phone.press(new_pin(machine))
        phone.hears("en/studio-menu", timeout=20)
        phone.press("113")
        phone.hears("en/studio-words")
        phone.press("1")
        says(phone, NOTICE, "the notice")
        phone.press("1")
        phone.hears("en/studio-until")
        phone.press("1")
        phone.hears("the notice", "en/studio-last-day")
        phone.press("1")
        phone.hears("en/studio-published-words")
    assert list((machine.memory / "studio").iterdir()) == []
    with machine.phone() as phone:
        phone.clips["the notice"] = NOTICE
        phone.call("line-en")
        phone.press("1")
        phone.hears_whole("the notice")


def new_pin(machine: Machine) -> str:
    add = f"Volunteers(Path('{STATE}/volunteers')).add('alice', ['en'])"
    program = f"from pathlib import Path; from ivr.calls.volunteers import Volunteers; print({add})"
    return machine.run("server", PYTHON, "-c", program).stdout.strip()
