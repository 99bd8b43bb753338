"""kill -9 while twenty witnesses speak: of the sealer, the server, Asterisk, or of everything at once.

The kills come in random order at random moments; those that leave the calls standing are followed by the next
while the same twenty still speak. `--kills` says how many there are.
"""

import os
import random
import signal
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from ivr.reports.folder import all_reports
from ivr.reports.opening import Opened
from tests.line.crowd import Crowd, OneOfMany, speaks
from tests.line.run import Run, opened_run
from tests.line.witness import speech
from tests.phone.alaw import decoded
from tests.phone.heard import FRAME
from tests.release import Published

pytestmark = pytest.mark.long(115)

WITNESSES = 20
WORDS = 15.0  # seconds that each of them speaks
BETWEEN = (0.2, 4.0)  # seconds from one kill to the next
KILLS_A_ROUND = 3
TARGETS = ("seal", "serve", "asterisk", "everything")
ENDS_THE_CALLS = {"asterisk", "everything"}
MOST_LOST = 3.0  # seconds: what Asterisk had not yet written when it was killed
DROPPED = 0.1  # seconds: frames on their way at the hang-up, or that Asterisk drops now and then


@dataclass(frozen=True)
class Round:
    """Twenty recordings, the kills that met them, and what came of them on the shelf.

    `lost` is what each witness misses, in seconds of speech; `reports` those that hold what each of them said.
    """

    targets: tuple[str, ...]
    lost: list[float]
    reports: list[set[str]]
    doubts: list[str]


def plan(chance: random.Random, kills: int) -> list[tuple[str, ...]]:
    """Return the targets, each as often as the others, a tuple for each round of recordings."""
    targets = [TARGETS[number % len(TARGETS)] for number in range(kills)]
    chance.shuffle(targets)
    rounds: list[list[str]] = [[]]
    for target in targets:
        rounds[-1].append(target)
        if target in ENDS_THE_CALLS or len(rounds[-1]) == KILLS_A_ROUND:
            rounds.append([])
    return [tuple(one) for one in rounds if one]


def kill(run: Run, target: str) -> None:
    """End it as a crash does; with everything dies the watch as well, and the line is opened again."""
    if target != "everything":
        os.kill(run.wait_started(target), signal.SIGKILL)
        return
    run.process.send_signal(signal.SIGSTOP)
    for pid in run.started().values():
        os.kill(pid, signal.SIGKILL)
    run.process.kill()
    run.process.wait()
    run.wait_port_free()
    run.process = run.start()


def spoken(run: Run, release: Published, targets: tuple[str, ...], chance: random.Random) -> list[bytes]:
    """Let twenty speak and kill; return what each of them said while a call could carry it."""
    stories = [partial(speaks, speech=speech(WORDS, chance.randrange(1 << 30))) for _ in range(WITNESSES)]
    with Crowd(("127.0.0.1", run.port), release.clips, stories) as crowd:
        crowd.wait(lambda: crowd.started == WITNESSES, 60, "all of them to speak")
        for target in targets:
            time.sleep(chance.uniform(*BETWEEN))
            kill(run, target)
            died = time.time()
        if ENDS_THE_CALLS.isdisjoint(targets):
            crowd.hang_up()
            died = time.time()
        crowd.vanish()
    return [said_before(died, caller) for caller in crowd.callers]


def said_before(time_: float, caller: OneOfMany) -> bytes:
    return caller.said[caller.spoke_from : sum(at < time_ for at in caller.sent) * FRAME]


def frames(sound: bytes) -> list[bytes]:
    """Return the loud frames of 20 ms, each unlike all others: speech between its pauses."""
    every = (sound[start : start + 2 * FRAME] for start in range(0, len(sound), 2 * FRAME))
    return [frame for frame in every if len(set(frame)) > 20]


def holders(opened: list[Opened]) -> Mapping[bytes, str]:
    return {frame: one.name for one in opened for part in one.parts for frame in frames(part.sound)}


@pytest.fixture(scope="module")
def rounds(release: Published, pytestconfig: pytest.Config) -> list[Round]:
    chance = random.Random()
    done: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="kills-") as folder, opened_run(Path(folder), release.folder) as run:
        for targets in plan(chance, pytestconfig.getoption("--kills")):
            run.wait_answers(release)
            known = {one.name for one in all_reports(run.folder / "state/reports")}
            said = [frames(decoded(words)) for words in spoken(run, release, targets, chance)]
            opened = run.sealed_since(known)
            holds = holders(opened)
            lost = [sum(frame not in holds for frame in words) / 50 for words in said]
            reports = [{holds[frame] for frame in words if frame in holds} for words in said]
            done.append(Round(targets, lost, reports, [doubt for one in opened for doubt in one.doubts]))
    return done


def test_every_target_was_killed_as_often_as_asked(rounds: list[Round], pytestconfig: pytest.Config) -> None:
    killed = [target for one in rounds for target in one.targets]
    assert len(killed) == pytestconfig.getoption("--kills")
    assert set(killed) == set(TARGETS)


def test_what_is_kept_of_a_witness_is_in_one_report_and_nobody_elses(rounds: list[Round]) -> None:
    for one in rounds:
        holding = [name for names in one.reports for name in names]
        assert len(holding) == len(set(holding))
        assert all(len(names) <= 1 for names in one.reports)


def test_everything_sealed_opens_without_a_doubt(rounds: list[Round]) -> None:
    assert [doubt for one in rounds for doubt in one.doubts] == []


def test_at_most_three_seconds_are_lost_and_nothing_where_the_call_went_on(rounds: list[Round]) -> None:
    for one in rounds:
        allowed = DROPPED if ENDS_THE_CALLS.isdisjoint(one.targets) else MOST_LOST
        assert max(one.lost) <= allowed, one.targets
