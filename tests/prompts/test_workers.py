"""The workers: an engine takes one clip along at most, and nothing of theirs outlives whoever started them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.prompts.manifest import Wanted
from ivr.prompts.workers import Crew, Forge, Worker
from tests.prompts import spoken

CLIP = Wanted(spoken.LINE[1], "d1", voice=spoken.VOICES[0])
FAILS = {"crashes": "os.kill(os.getpid(), 11)", "hangs": "signal.pause()", "has a fault": "1 / 0"}
LONGEST = 1.0
CREW = """
import signal, sys
from pathlib import Path
from ivr.prompts.workers import Crew
from tests.prompts.test_workers import MANY
crew = Crew(Path(sys.argv[1]), 2)
crew.start()
"""
INTERRUPTED = """
import os, socket, sys, time
from contextlib import suppress
from pathlib import Path
from ivr.prompts.workers import Crew
hand_over = socket.send_fds
def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
def interrupted(*handed):
    hand_over(*handed)
    while not any(map(children, children(os.getpid()))):
        time.sleep(0.02)
    raise KeyboardInterrupt
socket.send_fds = interrupted
with suppress(KeyboardInterrupt), Crew(Path(sys.argv[1]), 2) as crew:
    crew.start()
"""
MANY = [Wanted(spoken.LINE[1], f"d{number}", voice=spoken.VOICES[0]) for number in range(300)]


def clip(digest: str) -> Wanted:
    return replace(CLIP, digest=digest)


@contextmanager
def working(program: str, size: int = 1) -> Iterator[list[Worker]]:
    """Start workers of a program of the test's own."""
    forge = Forge([sys.executable, "-c", f"import os, signal, sys, time; {program}"])
    workers = [Worker(forge) for _ in range(size)]
    for worker in workers:
        worker.start()
    yield workers
    for worker in workers:
        worker.stop()
    forge.stop()


def engine(**does: str) -> str:
    """Return the program that makes clips, with an engine that does what is told at a digest, and else makes clips."""
    told = ", ".join(f"{digest!r}: lambda: {what}" for digest, what in does.items())
    why_not = f"lambda wanted, _: {{{told}}}.get(wanted.digest, lambda: None)()"
    return f"from ivr.prompts import worker; worker.LONGEST = {LONGEST}; worker._why_not = {why_not}; worker.main('')"


@pytest.fixture(scope="module")
def two() -> Iterator[list[Worker]]:
    ignored = "signal.signal(signal.SIGALRM, signal.SIG_IGN)"  # whoever starts a build may do so
    with working(f"{ignored}; {engine(**FAILS)}", size=2) as workers:
        yield workers


@pytest.mark.parametrize("fails", FAILS)
def test_an_engine_that_fails_takes_one_clip_along_and_its_worker_starts_anew(fails, two):
    failing, other = two
    assert other.why_not(CLIP) is None
    assert "crashed or hung" in failing.why_not(clip(fails))
    assert failing.why_not(CLIP) is None
    assert other.why_not(CLIP) is None


@pytest.mark.parametrize("program", ["pass", "os.close(0); time.sleep(0.2)"], ids=["ends at once", "does not listen"])
def test_a_program_that_forks_no_workers_fails_each_clip_and_says_so(program):
    with working(program) as (worker,):
        assert "crashed or hung" in worker.why_not(CLIP)
        assert "crashed or hung" in worker.why_not(CLIP)  # a new process, and a sentence again


def test_a_program_that_was_killed_starts_anew_with_the_next_worker(two):
    failing, other = two
    assert [worker.why_not(CLIP) for worker in two] == [None, None]
    forge = other._forge._process
    forge.kill()
    forge.wait()
    assert other.why_not(CLIP) is None  # the worker that is there goes on
    assert "crashed or hung" in failing.why_not(clip("crashes"))
    assert failing.why_not(CLIP) is None
    assert other._forge._process != forge


def test_ctrl_c_which_every_process_of_a_terminal_gets_is_left_to_whoever_started_them(two):
    assert [worker.why_not(CLIP) for worker in two] == [None, None]
    forge = two[0]._forge._process
    children = Path(f"/proc/{forge.pid}/task/{forge.pid}/children").read_text().split()
    for pid in (forge.pid, *children):
        os.kill(int(pid), signal.SIGINT)
    assert [worker.why_not(CLIP) for worker in two] == [None, None]
    assert "crashed or hung" in two[0].why_not(clip("crashes"))
    assert two[0].why_not(CLIP) is None
    assert two[0]._forge._process is forge


def test_what_a_library_prints_is_no_answer_and_not_said_by_the_build(capfd):
    with working(engine(d1="os.system('echo noise') or None")) as (printing,):
        assert printing.why_not(CLIP) is None
    assert capfd.readouterr() == ("", "noise\n")


def test_a_worker_that_may_not_be_nicer_makes_clips_all_the_same():
    refused = "os.nice = lambda _: (_ for _ in ()).throw(PermissionError())"
    with working(f"{refused}; {engine()}") as (humble,):
        assert humble.why_not(CLIP) is None


def test_a_crew_makes_every_clip_and_leaves_no_process(tmp_path):
    clips = [Wanted(said, f"d{number}", voice=spoken.VOICES[number // 2]) for number, said in enumerate(spoken.LINE)]
    with Crew(tmp_path, 2) as crew:
        made = dict(crew.make(clips))
        forge = crew._forge._process
    assert made == dict.fromkeys(clips)
    assert forge.poll() == 0  # it waited for its workers
    assert {path.name for path in tmp_path.iterdir()} == {"d0", "d1", "d2", "d3"}


def test_a_crew_that_is_left_early_makes_no_more_clips(tmp_path):
    with Crew(tmp_path, 1) as crew:
        next(crew.make(MANY))
    assert 0 < len(list(tmp_path.iterdir())) < 300


def test_the_program_that_forks_has_no_other_thread_which_a_fork_would_lose(tmp_path):
    with Crew(tmp_path, 1) as crew:
        next(crew.make(MANY[:1]))
        tasks = Path(f"/proc/{crew._forge._process.pid}/task")
        assert len(list(tasks.iterdir())) == 1


def processes_of(session: int) -> list[str]:
    """Return the processes of a session that have not ended."""
    told = [words for path in Path("/proc").glob("[0-9]*/stat") if (words := read(path).rpartition(")")[2].split())]
    return [" ".join(words[:4]) for words in told if int(words[3]) == session and words[0] != "Z"]


def read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has ended by now
        return ""


@pytest.mark.parametrize(
    ("does", "shows"),
    [
        ("", lambda _, mine: len(processes_of(mine)) == 2),
        ("next(crew.make(MANY[:1]))", lambda shelf, mine: (shelf / "d0").exists() and len(processes_of(mine)) == 4),
        ("list(crew.make(MANY))", lambda shelf, _: (shelf / "d1").exists()),
    ],
    ids=["loading", "waiting", "making clips"],
)
def test_whoever_started_them_is_killed_and_no_process_stays(does, shows, tmp_path):
    program = [sys.executable, "-c", f"{CREW}{does}\nsignal.pause()", tmp_path]
    with subprocess.Popen(program, start_new_session=True) as started:
        until(lambda: shows(tmp_path, started.pid))
        os.kill(started.pid, signal.SIGKILL)
    until(lambda: not processes_of(started.pid))


def test_ctrl_c_in_the_moment_in_which_a_worker_gets_its_link_ends_all(tmp_path):
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, tmp_path], timeout=60, check=False)
    assert done.returncode == 0


def until(true) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
