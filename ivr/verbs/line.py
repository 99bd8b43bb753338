"""The verbs that open the line, and the processes that it is made of."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr import wiring
from ivr.settings import Settings
from ivr.verbs.prompts import publish_or_keep

app = typer.Typer()


@app.command()
def run() -> None:
    """Open the line: start Asterisk, the server and the sealer, and watch them until Ctrl-C."""
    from ivr.exchange import ports, watch

    settings = Settings()
    with watch.alone(settings.state / "run.lock"):
        wiring.readers(settings)
        ports.require_udp(str(settings.sip_address), settings.sip_port, "IVR_SIP_PORT")
        ports.require_tcp("127.0.0.1", settings.agi_port, "IVR_AGI_PORT")
        if settings.metrics_port:
            ports.require_tcp("127.0.0.1", settings.metrics_port, "IVR_METRICS_PORT")
        publish_or_keep(settings)
        exchange = wiring.exchange(settings)
        wiring.prepare(exchange, settings)
        if not settings.readers:
            print("A PRACTICE line: nobody is entrusted with its reports, they open with practice keys.")
        address = f"{settings.sip_address}:{settings.sip_port}"
        opened = f"The line is open: sip:line@{address} (information) and sip:witness@{address} (the witness line)"
        watch.run(
            wiring.processes(exchange),
            say=lambda text: print(text, flush=True),
            opened=lambda: print(opened, flush=True),
        )


class Order(StrEnum):
    """What is wanted of the line's Asterisk."""

    START = "start"
    PREPARE = "prepare"
    LEAVE = "leave"
    STOP = "stop"


@app.command()
def asterisk(
    order: Annotated[
        Order,
        typer.Argument(help="start, prepare (write its files alone), leave (end when nobody calls), stop (at once)."),
    ] = Order.START,
) -> None:
    """Be the line's Asterisk, or end it (started by the system; `run` does this by itself)."""
    settings = Settings()
    exchange = wiring.exchange(settings)
    if order is Order.STOP:
        exchange.stop()
    elif order is Order.LEAVE:
        exchange.leave()
    else:
        wiring.refuse_to_practise_in_public(settings)
        wiring.prepare(exchange, settings)
        if order is Order.START:
            exchange.become()


@app.command()
def status() -> None:
    """Say how the line is: whether it is open, what callers hear, how many call now, what is due."""
    from ivr.exchange import status as looking

    settings = Settings()
    found = looking.status(wiring.look(settings), datetime.now(UTC).date())
    looking.told(found, print)
    raise typer.Exit(1 if found.stopped else 0)


@app.command()
def canary() -> None:
    """Call the line once, press keys and check what is heard; who is in charge gets a mail when it is down (hourly)."""
    from ivr.exchange import canary as calling

    settings = Settings()
    zone = ZoneInfo(settings.time_zone)
    found = calling.watch(
        lambda: calling.call(settings.prompts, settings.sip_port),
        wiring.canary(settings),
        wiring.canary_mails(settings),
        lambda: datetime.now(zone),
    )
    print(found.heard or f"The line is DOWN: {found.why}")
    raise typer.Exit(1 if found.why else 0)


@app.command()
def serve() -> None:
    """Answer the calls that Asterisk hands over (FastAGI), until SIGTERM."""
    from ivr.calls.server import Server

    settings = Settings()
    service = wiring.serving(settings)
    Server(settings.agi_port, service.take, service.places.connections, service.tend).serve()


@app.command()
def agi(
    entry: Annotated[str, typer.Argument(help="line, line-ar (any language), witness or studio.")],
    keys: Annotated[str, typer.Argument(help="How keys arrive: one of the setting dtmf_mode.")] = "",
) -> None:
    """Answer one call as a plain AGI script, on standard input and output, for lines without a server."""
    import signal

    from ivr.calls.agi import Wire

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # Asterisk's word that the caller hung up; the wire says it too
    wiring.service(Settings()).take(Wire(sys.stdin.fileno(), sys.stdout.fileno()), entry, keys)


@app.command()
def seal() -> None:
    """Seal what witnesses say, while they speak (started by `run`, or by the system)."""
    from ivr.reports import keys
    from ivr.reports import seal as sealer

    settings = Settings()
    public = [reader.key for reader in keys.readers(wiring.readers(settings))]
    sealer.run(
        wiring.places(settings),
        public,
        longest=settings.longest_report,
        accept_risk=settings.accept_unsafe_memory,
    )


@app.command()
def receipts() -> None:
    """Issue receipts and find reports by them (started by `run`, or by the system)."""
    from ivr.reports import receipt

    settings = Settings()
    salt = settings.state / "receipts/salt"
    receipt.run(wiring.receipts_socket(settings), wiring.places(settings).reports, salt, settings.memory)


@app.command()
def rounds() -> None:
    """Do what is due for sealed reports: mails, deletion of what is done, the second place (started by `run`)."""
    from ivr.reports import rounds as clockwork

    settings = Settings()
    clockwork.run(wiring.plan(settings), ZoneInfo(settings.time_zone))
