"""Clips made on all cores: one worker process a core, each given its next clip when it has finished one."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from ivr.prompts.manifest import Wanted

_WANTED = TypeAdapter(Wanted)
LONGEST = 120.0  # seconds for a clip, the start of the worker included; an engine that takes more hangs


class Worker:
    """One worker process, used by one thread at a time; started when needed, and again when it died."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def why_not(self, wanted: Wanted) -> str | None:
        """Make a clip; return None, or why it could not be made."""
        self.start()
        process = self._process
        assert process  # noqa: S101 - it was started
        watchdog = threading.Timer(LONGEST, process.kill)
        watchdog.start()
        try:
            answer = self._answer(process, _WANTED.dump_json(wanted) + b"\n")
        finally:
            watchdog.cancel()
        if not answer:
            self.stop()
            return "The engine crashed or hung at these words: change them, or name another engine for them."
        why: str | None = json.loads(answer)
        return why

    def start(self) -> None:
        """Start the process now, so that the first clip does not wait for it."""
        self._process = self._process or self._start()

    def stop(self) -> None:
        """End the process; it is not in the middle of a clip, or nobody wants that clip any more."""
        if process := self._process:
            self._process = None
            process.kill()
            process.communicate()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @staticmethod
    def _answer(process: subprocess.Popen[bytes], line: bytes) -> bytes:
        assert process.stdin and process.stdout  # noqa: S101, PT018 - both are pipes
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            return b""
        return process.stdout.readline()


class Crew:
    """The workers of a build, or of many one after the other; leaving it ends them."""

    def __init__(self, shelf: Path, size: int = 0) -> None:
        """Make ready as many as there are cores, or `size`; a worker is started with its first clip, or by `start`."""
        size = size or len(os.sched_getaffinity(0))
        command = (sys.executable, "-m", "ivr.prompts.worker", str(shelf))
        self._workers = [Worker(command) for _ in range(size)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    def start(self) -> None:
        """Start all workers, which takes them a second or two, and return at once."""
        for worker in self._workers:
            worker.start()

    def make(self, clips: Sequence[Wanted]) -> Iterator[tuple[Wanted, str | None]]:
        """Yield each clip when it is made, with None or why it could not be made; in no order."""
        jobs = {self._threads.submit(self._why_not, wanted): wanted for wanted in clips}
        for job in as_completed(jobs):
            yield jobs[job], job.result()

    def _why_not(self, wanted: Wanted) -> str | None:
        worker = self._idle.get()
        try:
            return worker.why_not(wanted)
        finally:
            self._idle.put(worker)
