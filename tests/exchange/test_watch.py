"""The watch over processes: real little processes that freeze, die, refuse to end."""

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.exchange import watch
from ivr.exchange.watched import Process

pytestmark = pytest.mark.long(15)

CHILD = Path(__file__).parent / "child.py"


def child(notes: Path, behaviour: str = "beat", *, beats_within: float | None = 0.6, patience: float = 5) -> Process:
    argv = (sys.executable, str(CHILD), str(notes), behaviour)
    return Process(notes.name, argv, beats_within=beats_within, patience=patience)


def starts(notes: Path) -> list[int]:
    """The process ids of every start so far."""
    return [int(line) for line in notes.read_text().split()] if notes.exists() else []


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def wait_for(predicate: Callable[[], bool], timeout: float = 20) -> None:
    until = time.monotonic() + timeout
    while not predicate():
        assert time.monotonic() < until
        time.sleep(0.02)


def wait_for_starts(notes: Path, count: int) -> None:
    wait_for(lambda: len(starts(notes)) == count)


class Scene:
    """What happens while the watch (which needs the main thread) runs: told by a thread of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.failure: BaseException | None = None
        self.opened = threading.Event()

    def play(self, processes: list[Process], story: Callable[[], None]) -> None:
        """Run the watch; when the line is open the story is told, then the watch gets SIGTERM."""

        def tell() -> None:
            try:
                self.opened.wait(30)
                story()
            except BaseException as failure:  # noqa: BLE001 - handed to the test's own thread
                self.failure = failure
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=tell).start()
        self.run(processes)
        if self.failure:
            raise self.failure

    def run(self, processes: list[Process]) -> None:
        with watch.alone(self.folder / "lock"):
            watch.run(processes, say=self.said.append, opened=self.opened.set)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_process_that_froze_is_killed_and_started_again(scene: Scene) -> None:
    notes = scene.folder / "server"

    def story() -> None:
        os.kill(starts(notes)[0], signal.SIGSTOP)
        wait_for(lambda: len(starts(notes)) == 2)
        assert not alive(starts(notes)[0])

    scene.play([child(notes)], story)
    assert scene.said[0] == "The server gave no sign of life for 0.6 s; it is started again now."


def test_a_process_that_ended_is_started_again(scene: Scene) -> None:
    notes = scene.folder / "server"

    def story() -> None:
        os.kill(starts(notes)[0], signal.SIGKILL)
        wait_for(lambda: len(starts(notes)) == 2)

    scene.play([child(notes)], story)
    assert scene.said[0] == "The server was ended by SIGKILL; it is started again now."


def test_a_process_that_keeps_ending_waits_longer_each_time(scene: Scene) -> None:
    notes = scene.folder / "server"

    def story() -> None:
        for number in range(1, 4):
            wait_for_starts(notes, number)
            os.kill(starts(notes)[-1], signal.SIGKILL)
        wait_for(lambda: len(scene.said) == 3)

    scene.play([child(notes)], story)
    assert [line.rpartition("again ")[2] for line in scene.said[:3]] == ["now.", "in 1 s.", "in 2 s."]


def test_a_process_that_beats_is_left_alone(scene: Scene) -> None:
    notes = scene.folder / "server"
    scene.play([child(notes)], lambda: wait_for(notes.with_suffix(".lived").exists))
    assert len(starts(notes)) == 1


def test_a_process_that_crashes_leaves_no_copy_of_its_memory(scene: Scene) -> None:
    notes = scene.folder / "server"
    limits: list[str] = []
    scene.play([child(notes)], lambda: limits.append(Path(f"/proc/{starts(notes)[0]}/limits").read_text()))
    assert re.search(r"Max core file size +0 +0 ", limits[0])


def test_what_a_process_writes_is_closed_to_others(scene: Scene) -> None:
    notes = scene.folder / "server"
    scene.play([child(notes)], lambda: None)
    assert notes.stat().st_mode & 0o077 == 0


def test_one_that_cannot_be_asked_to_end_keeps_no_other_from_being_stopped(scene: Scene) -> None:
    server = child(scene.folder / "server")
    exchange = dataclasses.replace(child(scene.folder / "exchange"), stop=lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        scene.play([server, exchange], lambda: None)
    assert not alive(starts(scene.folder / "server")[0])


def test_all_are_stopped_in_reverse_order(scene: Scene) -> None:
    ended: list[str] = []

    def noted(name: str) -> Process:
        return dataclasses.replace(child(scene.folder / name), stop=lambda: ended.append(name))

    scene.play([noted(name) for name in ("sealer", "server", "exchange")], lambda: None)
    assert ended == ["exchange", "server", "sealer"]
    assert not any(alive(starts(scene.folder / name)[0]) for name in ended)


def test_a_process_that_does_not_want_to_end_is_killed(scene: Scene) -> None:
    notes = scene.folder / "server"
    scene.play([child(notes, "stubborn", patience=0.3)], lambda: None)
    assert not alive(starts(notes)[0])


def test_what_a_process_started_ends_with_it(scene: Scene) -> None:
    notes = scene.folder / "server"
    scene.play([child(notes, "family")], lambda: wait_for(lambda: len(starts(notes)) == 2))
    wait_for(lambda: not any(map(alive, starts(notes))))


def test_a_process_that_dies_before_the_line_is_open_is_told_and_not_tried_again(scene: Scene) -> None:
    notes = scene.folder / "server"
    other = scene.folder / "sealer"
    with pytest.raises(watch.WatchFailed, match="The server ended with status 3 before the line was open"):
        scene.run([child(other), child(notes, "die")])
    assert len(starts(notes)) == 1
    assert not alive(starts(other)[0])
    assert not scene.opened.is_set()


def test_who_is_silent_while_others_still_start_keeps_the_line_from_opening_no_more_than_a_busy_machine(
    scene: Scene,
) -> None:
    silent, slow = scene.folder / "sealer", scene.folder / "server"
    scene.play([child(silent, "silent"), child(slow, "slow")], lambda: wait_for_starts(silent, 2))
    assert scene.opened.is_set()
    assert scene.said[0] == "The sealer gave no sign of life for 0.6 s; it is started again now."


def test_a_second_watch_of_the_same_folder_is_refused(scene: Scene) -> None:
    refused: list[str] = []

    def story() -> None:
        try:
            with watch.alone(scene.folder / "lock"):
                pass
        except watch.WatchFailed as failure:
            refused.append(str(failure))

    scene.play([child(scene.folder / "server")], story)
    assert refused == [
        f"The line already runs with the folder {scene.folder}: stop it first, or choose another with IVR_STATE."
    ]


WATCHER = """
import sys
from pathlib import Path
from ivr.exchange import watch
from ivr.exchange.watched import Process
notes, child = map(Path, sys.argv[1:])
process = Process("server", (sys.executable, str(child), str(notes), "beat"), beats_within=5)
watch.run([process], say=print, opened=lambda: print("open", flush=True))
"""


@contextlib.contextmanager
def watcher(notes: Path) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-c", WATCHER, str(notes), str(CHILD)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        yield process
        process.wait(20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_watch_and_all_that_it_started(tmp_path: Path, number: signal.Signals) -> None:
    notes = tmp_path / "server"
    with watcher(notes) as process:
        process.send_signal(number)
    assert process.returncode == 0
    assert not alive(starts(notes)[0])


def test_nothing_outlives_a_watch_that_was_killed(tmp_path: Path) -> None:
    notes = tmp_path / "server"
    with watcher(notes) as process:
        process.kill()
    wait_for(lambda: not alive(starts(notes)[0]))
