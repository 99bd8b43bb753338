"""The verbs on what the line says: look for mistakes, rehearse."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr import wiring
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

app = typer.Typer()


@app.command()
def check() -> None:
    """Look for mistakes in the content, and say what to do about each."""
    from ivr.content.check import check as check_content
    from ivr.prompts import voices

    settings = Settings()
    checked = check_content(settings.content, settings.witness_number)
    for conflict in checked.content.conflicts:
        said = ", ".join(conflict.says)
        print(f"note: {conflict.fact}: the leaflet says {said}, the line {conflict.chosen}. {conflict.why}")
    stop_at([*checked.problems, *voices.problems(checked)])
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
    from ivr.calls import simulate as simulation
    from ivr.calls.server import entry_of
    from ivr.calls.terminal import Terminal

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
