"""The measuring itself: a few calls of each kind go through the real Asterisk, and nothing of them is lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bench.load.graph import graph, walk
from tests.bench.load.peers import Kind, install
from tests.bench.load.step import KEYS, Plan, Seen, Step
from tests.bench.processes import processor_time
from tests.release import Published
from tests.running_line import RunningLine

pytestmark = pytest.mark.alone  # every key is counted

FEW = Plan(calls=5, phones=2, seconds=6, window=1)


@pytest.fixture(scope="module")
def seen(own_line: RunningLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Kind, Seen]]:
    """What was seen of five calls of each kind at once, all kinds side by side."""
    folder = tmp_path_factory.mktemp("load")
    install(own_line.asterisk, own_line.release, folder)
    with ThreadPoolExecutor() as together:
        steps = {kind: together.submit(Step(own_line, kind, FEW, folder).run) for kind in Kind}
        yield {kind: step.result() for kind, step in steps.items()}


@pytest.mark.parametrize("kind", Kind)
def test_a_few_calls_pass_with_nothing_lost(seen: dict[Kind, Seen], kind: Kind) -> None:
    one = seen[kind]
    assert one.began >= FEW.calls
    assert one.keys == one.began * len(KEYS)
    assert (one.failed, one.lost_keys, one.lost_packets) == (0, 0, 0)


def test_the_processor_time_of_a_process_holds_that_of_children_which_ended() -> None:
    before = processor_time(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    assert processor_time(os.getpid()) > before + 0.1


def test_the_graph_names_what_a_caller_hears_after_each_key(release: Published) -> None:
    assert walk(graph(release), KEYS)[:2] == ["en/main.1", "en/daily.1"]
