"""Clips made on all cores: one worker process a core, each given its next clip when it has finished one."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from ivr.prompts.manifest import Wanted

_WANTED = TypeAdapter(Wanted)
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}  # numpy's and scipy's threads would not come along when workers fork


class Forge:
    """The program that forks workers; started when needed, and again when it died."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._one = threading.Lock()

    def worker(self) -> socket.socket:
        """Return the link to a new worker; where none can start, it has ended."""
        link, theirs = socket.socketpair()
        try:
            with self._one, theirs, suppress(ConnectionError):
                self._hand_over(theirs)
        except BaseException:  # Ctrl-C: a link that stayed open would keep its worker, and `stop` waits for all
            link.close()
            raise
        return link

    def _hand_over(self, link: socket.socket) -> None:
        if self._process and self._process.poll() is not None:
            self.stop()
        if not self._process:
            self._door, inside = socket.socketpair()
            with inside:
                self._process = self._start(inside)
        socket.send_fds(self._door, [b"\n"], [link.fileno()])

    def stop(self) -> None:
        """End the program, and wait for it and its workers, the links to which have been closed."""
        if process := self._process:
            self._process = None
            self._door.close()
            process.terminate()  # it may still be loading
            process.wait()

    def _start(self, door: socket.socket) -> "subprocess.Popen[bytes]":
        """Start it; what a library prints is not said by the build, so it goes where mistakes are told."""
        return subprocess.Popen(self._command, stdin=door.fileno(), stdout=2, env={**os.environ, **ONE_THREAD})


class Worker:
    """One worker process, used by one thread at a time; forked when needed, and again when it died."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._link: socket.socket | None = None

    def why_not(self, wanted: Wanted) -> str | None:
        """Make a clip; return None, or why it could not be made."""
        answer = self._answer(_WANTED.dump_json(wanted) + b"\n")
        if not answer:
            self.stop()
            return "The engine crashed or hung at these words: change them, or name another engine for them."
        why: str | None = json.loads(answer)
        return why

    def start(self) -> socket.socket:
        """Start the process now, so that the first clip does not wait for it; return the link to it."""
        self._link = self._link or self._forge.worker()
        return self._link

    def stop(self) -> None:
        """Let the process end: it does so when it has no clip in hand."""
        if self._link:
            self._link.close()
        self._link = None

    def _answer(self, line: bytes) -> bytes:
        """Return the line that the worker answers; nothing where it has ended."""
        link = self.start()
        with suppress(ConnectionError), link.makefile("rb") as answers:
            link.sendall(line)
            return answers.readline()
        return b""


class Crew:
    """The workers of a build, or of many one after the other; leaving it ends them."""

    def __init__(self, shelf: Path, size: int = 0) -> None:
        """Make ready as many as there are cores, or `size`; a worker is started with its first clip, or by `start`."""
        size = size or len(os.sched_getaffinity(0))
        self._forge = Forge((sys.executable, "-m", "ivr.prompts.worker", str(shelf)))
        self._workers = [Worker(self._forge) for _ in range(size)]
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
        self._forge.stop()

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
