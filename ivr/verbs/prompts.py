"""The verbs on the clips that callers hear: build them, list their releases, go back to one."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from ivr import wiring
from ivr.problems import ToMend
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

if TYPE_CHECKING:
    from ivr.prompts.build import Summary
    from ivr.prompts.publish import Published
    from ivr.prompts.workers import Crew

app = typer.Typer()


@app.command()
def build(
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and build again whenever something is saved.")] = False,
) -> None:
    """Make the clips that are new, and let callers hear them."""
    settings = Settings()
    if watch:
        _watch(settings)
    else:
        publish(settings)


@app.command()
def releases() -> None:
    """List the releases that one can go back to, the newest last, and say which one callers hear."""
    from ivr.prompts import release

    folder = Settings().prompts
    live = release.live(folder)
    for name in release.names(folder):
        state = "live" if name == live else "calls still hear it" if release.in_use(folder, name) else ""
        print(f"{name}  {state}".rstrip())


@app.command()
def rollback(
    name: Annotated[str, typer.Argument(help="The release, as `ivr releases` lists it; else the one before.")] = "",
) -> None:
    """Let callers hear an older release, at once; calls that are going on finish with their own."""
    from ivr.prompts import release

    print(f"live: {release.rollback(Settings().prompts, name or None)}.")
    print("The next build publishes what content/ says again: put that right first.")


def publish(settings: Settings) -> None:
    """Make what is new and publish it, with a bar, and say what is live; end the program where it cannot be."""
    from ivr.prompts.unchanged import LastBuild
    from ivr.prompts.workers import Crew

    last = LastBuild(settings.prompts, wiring.read_by_builds(settings), *wiring.decides_builds(settings))
    notes = last.notes()
    if notes is not None:
        print("\n".join([*notes, f"Nothing has changed; live: {last.live}."]))
        return
    with Crew(settings.prompts / "clips") as crew:
        crew.start()  # it gets ready while the content is read
        published = _published(settings, crew)
    stop_at(published.problems)
    notes = _notes(published)
    print("".join(f"{note}\n" for note in notes), end="")
    if summary := published.summary:
        _tell(summary)
        if not summary.fallbacks:  # an engine that was out of reach is to be asked again
            last.keep(notes)


def publish_or_keep(settings: Settings) -> None:
    """Publish; where that cannot be, say what callers go on hearing. End the program only where nothing is live."""
    from ivr.prompts.release import ReleaseBroken, open_current

    try:
        publish(settings)
    except (typer.Exit, ToMend, OSError) as why:
        try:
            with open_current(settings.prompts) as kept:
                name = kept.name
        except ReleaseBroken:
            raise why from None
        if not isinstance(why, typer.Exit):
            print(why, file=sys.stderr)
        print(f"Callers go on hearing {name}: mend what is said above, then run `ivr build`.", flush=True)


def _watch(settings: Settings) -> None:
    """Build now and whenever something is saved, and say in one line what is live."""
    from ivr.prompts.release import live
    from ivr.prompts.watch import saves
    from ivr.prompts.workers import Crew

    folders = wiring.read_by_builds(settings)
    with suppress(PermissionError):  # where the line is installed it is there, and another user's
        wiring.takes_by_telephone(settings).good.mkdir(parents=True, exist_ok=True)
    print(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it.", flush=True)
    told: list[str] = []
    with suppress(KeyboardInterrupt), Crew(settings.prompts / "clips") as crew:  # Ctrl-C may come in a build too
        for _ in saves(folders):
            try:
                published = _published(settings, crew)
                stop_at(published.problems)
                told = _tell_of_takes(published, told)
                if published.summary:
                    _tell(published.summary)
            except typer.Exit:
                print(f"Callers go on hearing {live(settings.prompts)}.", flush=True)
            crew.start()


def _published(settings: Settings, crew: "Crew") -> "Published":
    from rich.console import Console
    from rich.progress import Progress

    from ivr.prompts.publish import publish as publish_content

    console = Console(stderr=True, highlight=False)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Speaking the clips", total=None)
        published = publish_content(
            settings.content,
            settings.prompts,
            settings.witness_number,
            wiring.old_before(settings),
            lambda what, done, of: bar.update(task, description=what, completed=done, total=of),
            takes=wiring.takes(settings),
            telephone=wiring.takes_by_telephone(settings),
            fetched=wiring.fetched_voices(settings),
            online=settings.online_voices,
            crew=crew,
        )
    print("".join(f"{one}\n" for one in published.arrived), end="")
    return published


def _notes(published: "Published") -> list[str]:
    """Return what a build says however often it is repeated."""
    return [*(f"{code} is not offered: {why}." for code, why in published.waiting.items()), *_aside(published)]


def _aside(published: "Published") -> list[str]:
    aside = published.summary.aside if published.summary else ()
    return [f"{code}/{clip}: the take is set aside, its words have changed: record it again." for code, clip in aside]


def _tell_of_takes(published: "Published", told: list[str]) -> list[str]:
    """Say which takes were set aside, but for what was `told` before; return all of it."""
    aside = _aside(published)
    print("".join(f"{one}\n" for one in aside if one not in told), end="", flush=True)
    return aside


def _tell(summary: "Summary") -> None:
    """Say what became of the clips, and what is live; end the program where the new release is not."""
    from ivr.prompts.speaking import by_reason

    for fallback, count in by_reason(summary.fallbacks).items():
        print(f"{fallback}{f' {count - 1} more are like it.' if count > 1 else ''}")
    for failure in summary.failed:
        print(f"{failure.language}/{failure.id}: {failure.why}", file=sys.stderr)
    told = f"{summary.made} clips made, {summary.kept} kept in {summary.seconds:.1f} s; live: {summary.live}."
    print(told, flush=True)
    if summary.failed:
        raise typer.Exit(1)
