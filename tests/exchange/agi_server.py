"""A FastAGI server of a few lines, for tests of the dialplan: each call runs the script that the test chose."""

import queue
import socket
import socketserver
import threading
from collections.abc import Callable
from typing import Self


class AgiCall:
    """The server's end of one call; `environment` is what Asterisk told at its beginning."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lines = connection.makefile("r", encoding="utf-8", newline="\n")
        self.environment = dict(self._environment())

    def _environment(self) -> list[tuple[str, str]]:
        pairs = []
        while line := self._lines.readline().strip():
            name, _, value = line.partition(": ")
            pairs.append((name, value))
        return pairs

    def send(self, command: str) -> str:
        """Send a command and return the answer's line."""
        self._connection.sendall(f"{command}\n".encode())
        return self._lines.readline().strip()

    def last_word(self) -> None:
        """Tell the dialplan that all is said."""
        self.send("SET VARIABLE IVR_DONE yes")


Script = Callable[[AgiCall], None]


class AgiServer(socketserver.ThreadingTCPServer):
    """Runs `script` for each call; what the script puts into `notes` is what the test waits for."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.port: int = self.server_address[1]
        self.script: Script = AgiCall.last_word
        self.notes: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def finish_request(self, request: object, client_address: object) -> None:
        """Answer and serve one call in its own thread."""
        del client_address
        assert isinstance(request, socket.socket)
        call = AgiCall(request)
        call.send("ANSWER")
        self.script(call)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def note(self) -> str:
        """Wait for the next note of a script."""
        return self.notes.get(timeout=20)
