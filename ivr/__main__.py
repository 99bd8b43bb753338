"""The command line: one verb a function."""

import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress

from ivr import wiring
from ivr.problems import Problem, ToMend
from ivr.reports import commands
from ivr.settings import Settings

app = typer.Typer(
    help="The Calais Line: a telephone line that informs refugees, and keeps what witnesses say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)


app.add_typer(commands.reports, name="reports")
app.add_typer(commands.identities, name="keys")


@app.callback()
def _shelf(ctx: typer.Context) -> None:
    """Hand the settings to the verbs on reports."""
    ctx.obj = wiring.shelf(Settings())


@app.command()
def run() -> None:
    """Open the line: start Asterisk, the server and the sealer, and watch them until Ctrl-C."""
    from ivr.exchange import ports, watch  # noqa: PLC0415 - a verb loads what it needs

    settings = Settings()
    with watch.alone(settings.state / "run.lock"):
        wiring.readers(settings)
        ports.require_udp(str(settings.sip_address), settings.sip_port, "IVR_SIP_PORT")
        ports.require_tcp("127.0.0.1", settings.agi_port, "IVR_AGI_PORT")
        _publish(settings)
        exchange = wiring.exchange(settings)
        exchange.prepare(settings.asterisk_conf, wiring.asterisk_wiring(settings))
        if not settings.readers:
            print("A PRACTICE line: nobody is entrusted with its reports, they open with practice keys.")
        address = f"{settings.sip_address}:{settings.sip_port}"
        opened = f"The line is open: sip:line@{address} (information) and sip:witness@{address} (the witness line)"
        watch.run(
            wiring.processes(exchange),
            say=lambda text: print(text, flush=True),
            opened=lambda: print(opened, flush=True),
        )


@app.command()
def serve() -> None:
    """Answer the calls that Asterisk hands over (FastAGI), until SIGTERM."""
    from ivr.calls.server import Server  # noqa: PLC0415 - a verb loads what it needs

    settings = Settings()
    Server(settings.agi_port, wiring.service(settings).take, settings.calls_at_once).serve()


@app.command()
def agi(entry: Annotated[str, typer.Argument(help="line, line-ar (any language) or witness.")]) -> None:
    """Answer one call as a plain AGI script, on standard input and output, for lines without a server."""
    import signal  # noqa: PLC0415 - a verb loads what it needs

    from ivr.calls.agi import Wire  # noqa: PLC0415

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # Asterisk's word that the caller hung up; the wire says it too
    wiring.service(Settings()).take(Wire(sys.stdin.fileno(), sys.stdout.fileno()), entry)


@app.command()
def build() -> None:
    """Make the clips that are new, and let callers hear them."""
    _publish(Settings())


@app.command()
def check() -> None:
    """Look for mistakes in the content, and say what to do about each."""
    from ivr.content.check import check as check_content  # noqa: PLC0415 - a verb loads what it needs

    settings = Settings()
    checked = check_content(settings.content, settings.witness_number)
    for conflict in checked.content.conflicts:
        said = ", ".join(conflict.says)
        print(f"note: {conflict.fact}: the leaflet says {said}, the line {conflict.chosen}. {conflict.why}")
    _stop_at(checked.problems)
    print(f"No mistakes. Complete: {', '.join(sorted(checked.complete))}.")


@app.command()
def simulate(
    entry: Annotated[str, typer.Argument(help="line, line-ar (any language) or witness.")] = "line",
    record: Annotated[Path | None, typer.Option(help="Write the conversation to this file.")] = None,
    at: Annotated[datetime | None, typer.Option(help="The time that the line believes it is.")] = None,
    lesson: Annotated[int, typer.Option(help="Which key the call teaches, 0 to 4.")] = 0,
) -> None:
    """Rehearse a call in the terminal: read what is said, type keys.

    Type keys and press Enter. A full stop among them listens to one more sentence first: `2..7` presses 2,
    hears two sentences, presses 7. Enter alone is silence, Ctrl-D hangs up.
    """
    from ivr.calls import simulate as simulation  # noqa: PLC0415 - a verb loads what it needs
    from ivr.calls.server import entry_of  # noqa: PLC0415
    from ivr.calls.terminal import Terminal  # noqa: PLC0415

    settings = Settings()
    before, limits = wiring.old_before(settings), wiring.limits(settings)
    line, texts = simulation.line_and_texts(settings.content, settings.witness_number, before, limits)
    entries = ["line", *(f"line-{language.code}" for language in line.offered)]
    if entry not in (*entries, "witness"):
        raise typer.BadParameter(f"no call comes in on {entry!r}: try {', '.join(entries)} or witness.")
    phone = Terminal(simulation.texts_by_sound(texts), print, input)
    time = (at or datetime.now(ZoneInfo(settings.time_zone))).replace(tzinfo=ZoneInfo(settings.time_zone))
    transcript = simulation.simulate(line, replace(entry_of(entry), lesson=lesson), phone, texts, lambda: time)
    if record:
        page = transcript.page(calls=entry, lesson=lesson, at=time.isoformat(timespec="minutes"))
        record.write_text(page, encoding="utf-8")


@app.command()
def seal() -> None:
    """Seal what witnesses say, while they speak (started by `run`, or by the system)."""
    from ivr.reports import keys  # noqa: PLC0415 - a verb loads what it needs
    from ivr.reports import seal as sealer  # noqa: PLC0415

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
    from ivr.reports import receipt  # noqa: PLC0415 - a verb loads what it needs

    settings = Settings()
    salt = settings.state / "receipts.salt"
    receipt.run(wiring.receipts_socket(settings), wiring.places(settings).reports, salt, settings.memory)


@app.command()
def rounds() -> None:
    """Do what is due for sealed reports: mails, deletion of what is done, the second place (started by `run`)."""
    from ivr.reports import rounds as clockwork  # noqa: PLC0415 - a verb loads what it needs

    settings = Settings()
    clockwork.run(wiring.plan(settings), ZoneInfo(settings.time_zone))


def _publish(settings: Settings) -> None:
    from ivr.prompts.publish import publish  # noqa: PLC0415 - a verb loads what it needs

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Speaking the clips", total=None)
        published = publish(
            settings.content,
            settings.prompts,
            settings.witness_number,
            wiring.old_before(settings),
            lambda what, done, of: bar.update(task, description=what, completed=done, total=of),
        )
    _stop_at(published.problems)
    for code, why in published.waiting.items():
        print(f"{code} is not offered: {why}.")
    summary = published.summary
    if summary is None:
        return
    for failure in summary.failed:
        print(f"{failure.language}/{failure.id}: {failure.why}", file=sys.stderr)
    print(f"{summary.made} clips made, {summary.kept} kept in {summary.seconds:.1f} s; live: {summary.live}.")
    if summary.failed:
        raise typer.Exit(1)


def _stop_at(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} mistakes: nothing is published.", file=sys.stderr)
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; what a person can mend comes as one sentence, never as a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0]) if one["loc"] else ""
            unknown = one["type"] == "extra_forbidden"
            why = "is not known: mend its spelling." if unknown else one["msg"].removeprefix("Value error, ")
            where = f"IVR_{name.upper()}, or `{name}:` in the settings file"
            print(f"setting {name}: {why} ({where})", file=sys.stderr)
        sys.exit(1)
    except (ToMend, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
