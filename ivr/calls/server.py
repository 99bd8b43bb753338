"""The FastAGI server: a thread a call, a cap on calls, a heartbeat, and an orderly end."""

import gc
import logging
import secrets
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from ivr import heartbeat
from ivr.callflow import busy, script, studio
from ivr.callflow.actions import Clip
from ivr.callflow.conversation import LESSONS
from ivr.callflow.line import Entry
from ivr.calls import discreet, waiting
from ivr.calls.agi import Agi, CallerHungUp, Wire, WireBroken
from ivr.calls.back import Back
from ivr.calls.booth import Booth
from ivr.calls.figures import Figures, Trail
from ivr.calls.handler import Handler, Phone
from ivr.calls.house import Desk, House
from ivr.calls.live import Held, Live
from ivr.calls.people import People
from ivr.calls.places import Place, Places
from ivr.calls.publications import Publications
from ivr.calls.studio import Studio
from ivr.calls.threads import Threads
from ivr.calls.timed import Timed

if TYPE_CHECKING:
    from ivr.calls.metrics import Metrics

log = logging.getLogger(__name__)

CALL_BACK = "callback"  # the entry of those who want to be called back
BEAT_EVERY = 0.5  # seconds
STACK = 512 * 1024  # bytes a thread: a call is shallow, and 500 of them must fit
CALLS_END_WITHIN = 5.0  # seconds that SIGTERM leaves to running calls, before the dialplan takes them over


@dataclass(frozen=True)
class Service:
    """What every call of this process shares; `clock` tells the line's time, with its zone.

    `publications` are the studio's: without them its calls end with an apology. `people` are those of the rota,
    `back` calls back. `figures` and `metrics` count the calls for information, where they are given.
    """

    live: Live
    desk: Desk
    clock: Callable[[], datetime]
    places: Places
    publications: Publications | None = None
    people: People | None = None
    back: Back | None = None
    figures: Figures | None = None
    metrics: "Metrics | None" = None

    def take(self, wire: Wire, entry: str = "", keys: str = "") -> None:
        """Serve one call to its last word; `entry` and `keys` say how it and they come in, where the wire does not."""
        try:
            agi = Agi(wire, keys)
            name = entry or agi.environment.get("agi_network_script", "")
            if name == CALL_BACK:
                self._call_back(agi)
                return
            came = entry_of(name)
            place_for = partial(self.places.enter, witness=came.witness, counted=not came.canary)
            with self.live.hold() as release, place_for() as place:
                said = busy.said(release.line, came, waiting.turn(), self.clock())
                if place and (place.taken or waiting.wait(agi, place, release, said)):
                    self._tell(agi, release, place, came)
                else:
                    self._refuse(agi, came)
        except CallerHungUp:
            return
        except WireBroken as error:
            log.warning("a connection ended: %s", error)

    def _call_back(self, agi: Agi) -> None:
        """Take the number of who is to be called back; the dialplan rejects the call."""
        try:
            if self.back:
                self.back.ask(agi.environment.get("agi_arg_2", ""))
        except OSError as error:
            log.warning("nobody can be called back: %s", error.strerror)

    def _tell(self, agi: Agi, release: Held, place: Place, came: Entry) -> None:
        agi.answer()
        house = House(self.desk, release.line.limits.report, self._studio(agi, release, came), self.people)
        trail = Trail(release.line.sections)
        handler = Handler(
            self._phone(agi, trail, came), partial(self._sounds, release), house, self.clock, place.longest
        )
        story = studio.call(release.line) if came.studio else script.call(release.line, came)
        try:
            handler.run(trail.follow(story), release.line.most_used)
        finally:
            if self.figures and not (came.witness or came.studio or came.canary):
                self.figures.count(trail)

    def _phone(self, agi: Agi, trail: Trail, came: Entry) -> Phone:
        """Return the phone of a call; its keys are timed until it comes to the witness line, the canary's never."""
        if not self.metrics or came.canary:
            return agi
        told = self.metrics.answer_key
        return Timed(agi, lambda seconds: None if trail.bore_witness else told(seconds))

    def _refuse(self, agi: Agi, came: Entry) -> None:
        if self.metrics and not (came.witness or came.canary):
            self.metrics.refuse()
        agi.set_variable("IVR_DONE", "busy")

    def tend(self) -> None:
        """Do what is due between two looks at the socket."""
        if self.figures:
            self.figures.tend()
        if self.metrics:
            self.metrics.beat(BEAT_EVERY)

    def _sounds(self, release: Held, clip: Clip) -> tuple[str, ...]:
        spoken = self.publications.recordings.sound(clip) if self.publications else None
        return (spoken,) if spoken else release.sounds(clip)

    def _studio(self, agi: Agi, release: Held, came: Entry) -> Studio | None:
        if not came.studio or not self.publications:
            return None
        booth = Booth(agi, self.publications.recordings, release.line, release.release.manifest, self.clock)
        return Studio(self.publications, booth)


def entry_of(name: str) -> Entry:
    """Return how a call came in, from the name that was called: `line`, `line-ar`, `canary-ar`, `witness`, `studio`."""
    entry, _, language = name.partition("-")
    lesson = secrets.randbelow(len(LESSONS))
    kind = {one: entry == one for one in ("witness", "studio", "canary")}
    return Entry(**kind, language=language, lesson=lesson)


class Server(socketserver.ThreadingTCPServer):
    """Takes calls on loopback until it is told to stop."""

    allow_reuse_address = True
    daemon_threads = True  # a call that outlasts the end of the server is the dialplan's
    request_queue_size = 512

    def __init__(
        self, port: int, take: Callable[[Wire], None], connections: int, tend: Callable[[], None] = lambda: None
    ) -> None:
        """Listen on `port` of 127.0.0.1; a connection more than `connections` is closed at once.

        `tend` is called at each beat, and when the last call has ended: it must be quick and raise nothing.
        """
        self._take = take
        self._tend = tend
        self._connections = threading.BoundedSemaphore(connections)
        self._running = 0
        self._counting = threading.Lock()
        self._calls = Threads()
        self._next_beat = 0.0
        threading.stack_size(STACK)
        super().__init__(("127.0.0.1", port), _Connection)

    @property
    def running(self) -> int:
        """How many calls run now."""
        return self._running

    def serve(self) -> None:
        """Take calls until SIGTERM or SIGINT, then leave the running ones a moment to end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        heartbeat.ready()
        gc.freeze()  # what is there now stays: no use in looking through it for garbage again and again
        self.serve_forever(poll_interval=BEAT_EVERY / 2)
        self.server_close()
        until = time.monotonic() + CALLS_END_WITHIN
        while self._running and time.monotonic() < until:
            time.sleep(0.05)
        self._tend()

    def service_actions(self) -> None:
        """Beat: this runs between two looks at the socket, so a stuck server falls silent.

        After each connection too: so often nothing is due, and a beat and the figures cost as much as half a call.
        """
        now = time.monotonic()
        if now < self._next_beat:
            return
        self._next_beat = now + BEAT_EVERY / 2
        heartbeat.beat()
        discreet.held.tell()
        self._tend()

    def take(self, wire: Wire) -> None:
        """Serve one connection, if there is a place."""
        if not self._connections.acquire(blocking=False):
            log.warning("all connections are taken: a call went to the dialplan")
            return
        with self._counting:
            self._running += 1
        try:
            self._take(wire)
        except Exception:
            log.exception("a call broke")
        finally:
            with self._counting:
                self._running -= 1
            self._connections.release()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Serve a connection in a thread of its own."""
        self._calls.do(partial(self.process_request_thread, request, client_address))

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's signature
        """Say that a connection broke, without the address that the library would print."""
        log.error("a connection broke: %s", sys.exc_info()[1])

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        threading.Thread(target=self.shutdown, daemon=True).start()


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        descriptor = self.request.fileno()
        server = self.server
        if isinstance(server, Server):
            server.take(Wire(descriptor, descriptor))
