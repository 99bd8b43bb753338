"""Threads that take one call after another."""

import threading
import time

import pytest

from ivr.calls import threads
from ivr.calls.threads import Threads


def told(work: Threads, times: int) -> list[int]:
    """Return which threads did so many pieces of work, one after the other."""
    found: list[int] = []
    for _ in range(times):
        done = threading.Event()
        work.do(lambda done=done: (found.append(threading.get_ident()), done.set()))
        assert done.wait(60)
        time.sleep(0.02)  # until it has nothing to do
    return found


def wait_until_ended(before: set[threading.Thread]) -> None:
    until = time.monotonic() + 60
    while set(threading.enumerate()) - before:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_thread_takes_one_call_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "IDLE", 20)
    assert len(set(told(Threads(), 5))) < 5


def test_no_work_waits_for_other_work() -> None:
    work, all_here = Threads(), threading.Barrier(21)
    for _ in range(20):
        work.do(lambda: all_here.wait(60))
    all_here.wait(60)


def test_a_thread_without_work_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "IDLE", 0.01)
    before = set(threading.enumerate())
    told(Threads(), 3)
    wait_until_ended(before)


def test_work_that_comes_as_a_thread_ends_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "IDLE", 0.0005)
    before = set(threading.enumerate())
    work, done = Threads(), threading.Semaphore(0)
    for _ in range(1000):
        work.do(done.release)
        time.sleep(0.0003)
    assert all(done.acquire(timeout=60) for _ in range(1000))
    wait_until_ended(before)
