import sys

import pytest

from ivr.prompts import workers
from ivr.prompts.manifest import Wanted
from ivr.prompts.workers import Crew, Worker
from tests.prompts import spoken

CLIP = Wanted(spoken.LINE[1], "d1", voice=spoken.VOICES[0])


def worker(program: str) -> Worker:
    return Worker([sys.executable, "-c", program])


@pytest.mark.parametrize(
    "program",
    ["import os; input(); os.kill(os.getpid(), 11)", "pass", "import os; os.close(0); input()"],
    ids=["crashes", "ends at once", "does not listen"],
)
def test_an_engine_that_crashes_fails_one_clip_and_says_so(program):
    crashing = worker(program)
    assert "crashed or hung" in crashing.why_not(CLIP)
    assert "crashed or hung" in crashing.why_not(CLIP)  # a new process, and a sentence again
    crashing.stop()


def test_an_engine_that_hangs_is_killed(monkeypatch):
    monkeypatch.setattr(workers, "LONGEST", 0.2)
    assert "crashed or hung" in worker("input(); input()").why_not(CLIP)


def test_what_a_library_prints_is_no_answer():
    noisy = "import os, sys; from ivr.prompts import worker; worker._why_not = lambda *_: print('noise');"
    printing = worker(f"{noisy} worker.main(sys.argv[0])")
    assert printing.why_not(CLIP) is None
    printing.stop()


def test_a_worker_that_may_not_be_nicer_makes_clips_all_the_same():
    refused = "import os; os.nice = lambda _: (_ for _ in ()).throw(PermissionError()); from ivr.prompts import worker;"
    humble = worker(f"{refused} worker._why_not = lambda *_: None; worker.main('')")
    assert humble.why_not(CLIP) is None
    humble.stop()


def test_a_crew_makes_every_clip_and_leaves_no_process(tmp_path):
    clips = [Wanted(said, f"d{number}", voice=spoken.VOICES[number // 2]) for number, said in enumerate(spoken.LINE)]
    with Crew(tmp_path, 2) as crew:
        made = dict(crew.make(clips))
        processes = [worker._process for worker in crew._workers]
    assert made == dict.fromkeys(clips)
    assert all(process.poll() is not None for process in processes)
    assert {path.name for path in tmp_path.iterdir()} == {"d0", "d1", "d2", "d3"}


def test_a_crew_that_is_left_early_makes_no_more_clips(tmp_path):
    clips = [Wanted(spoken.LINE[1], f"d{number}", voice=spoken.VOICES[0]) for number in range(300)]
    with Crew(tmp_path, 1) as crew:
        next(crew.make(clips))
    assert 0 < len(list(tmp_path.iterdir())) < 300
