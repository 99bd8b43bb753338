"""The verbs that measure: seconds until an answer, what was asked for, the state of each language."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from ivr import wiring
from ivr.problems import ToMend
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

if TYPE_CHECKING:
    from ivr.callflow.line import Language
    from ivr.content.check import Checked
    from ivr.prompts.measured import Measured

app = typer.Typer()


class NotMeasured(ToMend):
    """A language has no seconds; the sentence says which have."""


@app.command()
def seconds(
    only: Annotated[list[str] | None, typer.Argument(help="Codes of languages, such as ar; else all offered.")] = None,
    at: Annotated[datetime | None, typer.Option(help="The time at which what is open now is measured.")] = None,
) -> None:
    """Show how many seconds after the answer each section and each fact begins.

    Three columns: a newcomer on the number of all languages, who listens until the right key is named; a newcomer
    on the language's own number; a caller who knows the way and presses at once. The last lines are the longest.
    """
    from ivr.content import timetable
    from ivr.content.seconds import silent, waits

    settings = Settings()
    checked, line = _measured(settings)
    time = _time(settings, at)
    found = [waits(line.line, language, line.lengths, time) for language in _chosen(line, only)]
    for some in found:
        print(f"{some[0].language}: newcomer, newcomer on line-{some[0].language}, returning")
        print(*timetable.table(some, checked.content), sep="\n")
    print(timetable.heading(), *(timetable.summary(some) for some in found), sep="\n")
    print(timetable.nothing_pressed(silent(line.line, line.lengths, time)))


@app.command()
def graph(
    to: Annotated[Path | None, typer.Argument(help="The file to write; without it, the terminal.")] = None,
    language: Annotated[str, typer.Option(help="The language whose seconds are drawn.")] = "en",
) -> None:
    """Draw the menus as SVG, each edge with its key and the seconds of a caller who presses at once.

    The README shows `content/menus.svg`: draw it anew when menus or titles have changed.
    """
    from ivr.content.graph import svg
    from ivr.content.seconds import arrivals

    settings = Settings()
    checked, line = _measured(settings)
    (chosen,) = _chosen(line, [language])
    drawing = svg(line.line, checked.content, arrivals(line.line, chosen, line.lengths, _time(settings, None)))
    if to:
        to.write_text(drawing, encoding="utf-8")
    else:
        print(drawing, end="")


@app.command()
def figures(
    to: Annotated[Path | None, typer.Argument(help="The file to write; without it, the terminal.")] = None,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days are drawn, until yesterday.")] = 28,
    language: Annotated[list[str] | None, typer.Option(help="Codes of languages, such as ar; else all called.")] = None,
) -> None:
    """Draw as SVG what callers asked for and where they gave up, per day and language: counts alone, in fives."""
    from ivr.calls import chart
    from ivr.calls import figures as counted
    from ivr.content.load import load

    settings = Settings()
    kept = counted.days(wiring.kept_figures(settings))
    if not kept:
        raise NotMeasured("No day is counted yet: a day is drawn when it is over.")
    shown = chart.span(_time(settings, None).date() - timedelta(days=1), days)
    content, problems = load(settings.content)
    stop_at(problems)
    drawing = chart.svg(kept, shown, content, language or ())
    if to:
        to.write_text(drawing, encoding="utf-8")
    else:
        print(drawing, end="")


@app.command()
def languages() -> None:
    """Show for each language what is translated, reviewed and spoken, and why it is not offered."""
    from ivr.prompts import matrix
    from ivr.prompts.publish import waiting
    from ivr.prompts.voices import speaking, voices_of

    settings = Settings()
    checked, takes = _checked(settings), wiring.takes(settings)
    may_speak = voices_of(checked.content, wiring.fetched_voices(settings), online=settings.online_voices)
    rows = matrix.matrix(checked, speaking(may_speak), takes, waiting(checked, may_speak, takes))
    print(*matrix.table(list(rows)), sep="\n")


def _checked(settings: Settings) -> "Checked":
    from ivr.content.check import check

    checked = check(settings.content, settings.witness_number)
    stop_at(checked.problems)
    return checked


def _measured(settings: Settings) -> "tuple[Checked, Measured]":
    from ivr.prompts.measured import measured

    checked, old = _checked(settings), wiring.old_before(settings)
    return checked, measured(checked, settings.prompts, old, witness_number=bool(settings.witness_number))


def _chosen(line: "Measured", only: list[str] | None) -> "list[Language]":
    offered = {one.code: one for one in line.line.offered}
    if unknown := [code for code in only or () if code not in offered]:
        raise NotMeasured(f"{unknown[0]!r} is not offered, so it has no seconds: name one of {', '.join(offered)}.")
    return [offered[code] for code in only or offered]


def _time(settings: Settings, at: datetime | None) -> datetime:
    zone = ZoneInfo(settings.time_zone)
    return (at or datetime.now(zone)).replace(tzinfo=zone)
