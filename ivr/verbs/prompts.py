"""The verbs on the clips that callers hear."""

import sys

import typer
from rich.console import Console
from rich.progress import Progress

from ivr import wiring
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

app = typer.Typer()
console = Console(stderr=True, highlight=False)


@app.command()
def build() -> None:
    """Make the clips that are new, and let callers hear them."""
    publish(Settings())


def publish(settings: Settings) -> None:
    """Make what is new and publish it, with a bar; end the program where it cannot be."""
    from ivr.prompts.publish import publish
    from ivr.prompts.speaking import by_reason

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Speaking the clips", total=None)
        published = publish(
            settings.content,
            settings.prompts,
            settings.witness_number,
            wiring.old_before(settings),
            lambda what, done, of: bar.update(task, description=what, completed=done, total=of),
            takes=wiring.takes(settings),
            fetched=wiring.fetched_voices(settings),
            online=settings.online_voices,
        )
    stop_at(published.problems)
    for code, why in published.waiting.items():
        print(f"{code} is not offered: {why}.")
    summary = published.summary
    if summary is None:
        return
    for language, clip in summary.aside:
        print(f"{language}/{clip}: the take is set aside, its words have changed: record it again.")
    for fallback, count in by_reason(summary.fallbacks).items():
        print(f"{fallback}{f', and {count - 1} more like it' if count > 1 else ''}")
    for failure in summary.failed:
        print(f"{failure.language}/{failure.id}: {failure.why}", file=sys.stderr)
    print(f"{summary.made} clips made, {summary.kept} kept in {summary.seconds:.1f} s; live: {summary.live}.")
    if summary.failed:
        raise typer.Exit(1)
