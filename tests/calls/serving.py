"""A FastAGI server in a process of its own, to be told to stop: `serving PROMPTS SECONDS`."""

import sys
from pathlib import Path

from ivr.callflow.line import Limits
from ivr.calls import server
from ivr.calls.live import Live
from ivr.calls.places import Places
from tests.calls.playing import NOON, Desk

if __name__ == "__main__":
    prompts, server.CALLS_END_WITHIN = Path(sys.argv[1]), float(sys.argv[2])
    service = server.Service(Live(prompts, Limits()), Desk(), lambda: NOON, Places(10, 1))
    serving = server.Server(0, service.take, connections=10)
    sys.stdout.write(f"{serving.server_address[1]}\n")
    sys.stdout.flush()
    serving.serve()
    sys.stdout.write(f"{serving.running} calls left\n")
