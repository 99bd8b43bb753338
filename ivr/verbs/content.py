"""The verbs on what the line says: look for mistakes, rehearse, bring translations up to the English."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from ivr import dialling, wiring
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

if TYPE_CHECKING:
    from ivr.content.check import Checked
    from ivr.problems import Problem

app = typer.Typer()


@app.command()
def check() -> None:
    """Look for mistakes in the content, and say what to do about each; list what somebody has to confirm."""
    from ivr.content.check import check as check_content
    from ivr.content.due import due, told
    from ivr.prompts import voices

    settings = Settings()
    by_no_endpoint = _by_no_endpoint(settings)
    checked = check_content(settings.content, settings.witness_number)
    for conflict in checked.content.conflicts:
        said = ", ".join(conflict.says)
        print(f"note: {conflict.fact}: the leaflet says {said}, the line {conflict.chosen}. {conflict.why}")
    for sentence in told(list(due(checked.content, wiring.old_before(settings)))):
        print(f"due: {sentence}")
    stop_at([*checked.problems, *voices.problems(checked), *_of_no_section(checked, settings), *by_no_endpoint])
    stop_at(_over_budget(checked, settings))
    print(f"No mistakes. Complete: {', '.join(sorted(checked.complete))}.")


def _by_no_endpoint(settings: Settings) -> "list[Problem]":
    """Return where the line is to call somebody by an endpoint that there is not; raise RotaBroken, CallBackBroken."""
    from ivr.exchange import trunk

    files = ((settings.rota, dialling.rota_of(settings)), (settings.call_back, dialling.call_back_of(settings)))
    try:
        return trunk.problems(settings.trunk, [(file, told.trunk) for file, told in files if file and told])
    except OSError as error:
        print(f"note: the endpoints by which the line calls are not checked. {settings.trunk}: {error.strerror}.")
        return []


def _of_no_section(checked: "Checked", settings: Settings) -> "list[Problem]":
    """Return what the rota says of sections that there are not; raise RotaBroken."""
    from ivr.problems import Problem

    rota = dialling.rota_of(settings)
    unknown = [name for name in rota.sections if name not in checked.content.sections] if rota else []
    return [
        Problem(str(settings.rota), f"sections.{name}", "is no section: write the name of a file in leaflet/.")
        for name in unknown
    ]


def _over_budget(checked: "Checked", settings: Settings) -> "list[Problem]":
    """Return which budgets the clips of the live release exceed; say so where they cannot be measured."""
    from ivr.content.stopwatch import LengthUnknown
    from ivr.prompts.measured import measured, over_budget
    from ivr.prompts.release import ReleaseBroken

    noon = datetime.now(ZoneInfo(settings.time_zone)).replace(hour=12, minute=0)
    old, number = wiring.old_before(settings), bool(settings.witness_number)
    try:
        line = measured(checked, settings.prompts, old, witness_number=number)
        return over_budget(line, checked.content.budgets, noon)
    except (LengthUnknown, ReleaseBroken) as error:
        print(f"note: the seconds are not measured. {error}")
        return []


@app.command()
def translations() -> None:
    """Bring every language's PO file up to the English: by each clip's id, never by similarity.

    A sentence whose English has changed keeps its translation, marked fuzzy, until a person has looked at it.
    """
    from ivr.content.load import load
    from ivr.content.translations import merge

    settings = Settings()
    content, problems = load(settings.content)
    stop_at([problem for problem in problems if not problem.file.startswith("translations/")])
    for code, (new, changed, gone) in merge(content, settings.content / "translations").items():
        print(f"{code}: {new} new, {changed} changed (fuzzy), {gone} gone.")


@app.command()
def simulate(
    entry: Annotated[str, typer.Argument(help="line, line-ar (or another), witness, studio (PIN 12345678).")] = "line",
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
    if entry not in (*entries, "witness", "studio"):
        raise typer.BadParameter(f"no call comes in on {entry!r}: try {', '.join(entries)}, witness or studio.")
    phone = Terminal(simulation.texts_by_sound(texts), print, input)
    time = (at or datetime.now(ZoneInfo(settings.time_zone))).replace(tzinfo=ZoneInfo(settings.time_zone))
    transcript = simulation.simulate(line, replace(entry_of(entry), lesson=lesson), phone, texts, lambda: time)
    if record:
        page = transcript.page(calls=entry, lesson=lesson, at=time.isoformat(timespec="minutes"))
        record.write_text(page, encoding="utf-8")
