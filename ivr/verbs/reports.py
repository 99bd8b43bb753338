"""The verbs on sealed reports and on the keys of those entrusted."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pyrage
import typer

from ivr import wiring
from ivr.problems import ToMend
from ivr.reports import answer as answering
from ivr.reports import export, identity, keys, shelf, sync, trial
from ivr.reports import rekey as rekeying
from ivr.reports.folder import Report, State, find_report
from ivr.reports.opening import open_report
from ivr.reports.seal import MARKER
from ivr.settings import Settings
from ivr.wiring import Shelf

reports = typer.Typer(
    help="Sealed reports: on the line, and on the computers of those entrusted.", no_args_is_help=True
)
identities = typer.Typer(help="The keys of those entrusted, on their own computers.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The report's name, or how it begins.")]
Folder = Annotated[
    Path, typer.Argument(help="The report's folder, on your own computer.", exists=True, file_okay=False)
]
Key = Annotated[Path, typer.Option("--key", help="The file of your secret key.")]
Pinned = Annotated[Path | None, typer.Option("--pinned", help="Your own list of readers, as you trust it.")]


class OnTheLine(ToMend):
    """A secret key must never come near the machine of the line."""


@identities.command("new")
def new_key(file: Annotated[Path, typer.Argument(help="A new file for the secret key.")]) -> None:
    """Make your pair of keys and print the public one, for the line's list of readers."""
    _away_from_the_line()
    passphrase = typer.prompt("A passphrase (four words or more)", hide_input=True, confirmation_prompt=True)
    public = identity.new(file, passphrase)
    typer.echo(f"Your secret key is in {file}: keep a copy, and never bring it to the line.")
    typer.echo(f"Your public key, for the list of readers:\n{public}")


@reports.command("list")
def list_reports() -> None:
    """Show every report: its name, day, state, and whether it is complete."""
    rows = shelf.cards(_shelf().reports)
    for report, card in rows:
        typer.echo(f"{report.name}  {card.day}  {card.state:6}  {'complete' if card.complete else 'broke off'}")
    typer.echo(f"{len(rows)} reports.")


@reports.command()
def mark(name: Name, state: Annotated[State, typer.Argument(help="How far you are with it.")]) -> None:
    """Say how far you are with a report: new, opened or done (done ones are deleted after a while)."""
    shelf.mark(find_report(_shelf().reports, name), state, datetime.now(UTC).date())
    typer.echo(f"{name} is marked {state}.")


@reports.command()
def delete(name: Name) -> None:
    """Delete a report for ever; asks twice."""
    report = find_report(_shelf().reports, name)
    card = report.card()
    typer.confirm(f"Delete the report of {card.day} ({card.state}, {len(card.files)} files) for ever?", abort=True)
    if typer.prompt("To delete it, type its whole name") != report.name:
        raise ToMend("That is not its name: nothing was deleted.")
    shelf.delete(report, datetime.now(UTC).date())
    typer.echo("Deleted. A copy in the second place stays until `ivr reports sync --deletions`.")


@reports.command()
def verify() -> None:
    """Compare every sealed file with its digest; needs no key."""
    rows = shelf.cards(_shelf().reports)
    wrong = [sentence for report, _ in rows for sentence in report.verify()]
    for sentence in wrong:
        typer.echo(sentence)
    typer.echo(f"{len(rows)} reports, {len(wrong)} faults.")
    raise typer.Exit(1 if wrong else 0)


@reports.command("sync")
def sync_reports(
    to: Annotated[str, typer.Option(help="A mounted folder, or host:folder for rsync. Else the setting.")] = "",
    deletions: Annotated[bool, typer.Option(help="Also delete there what was deleted here on purpose.")] = False,
) -> None:
    """Copy sealed reports to the second place, verify them there, and bring answers home."""
    target = to or _shelf().second
    if not target:
        raise ToMend("There is no second place: give one with --to, or in the setting.")
    if ":" in target:
        if deletions:
            raise ToMend("Deletions are carried out in a mounted folder alone: over rsync, delete there by hand.")
        done = sync.rsync(_shelf().reports, target)
    else:
        done = sync.sync(_shelf().reports, Path(target), deletions=deletions)
    for doubt in done.doubts:
        typer.echo(doubt)
    typer.echo(f"{done.copied} files copied, {done.brought_home} brought home, {done.deleted} reports deleted there.")
    raise typer.Exit(1 if done.doubts else 0)


@reports.command("open")
def open_(
    report: Folder,
    key: Key,
    pinned: Pinned = None,
    to: Annotated[Path | None, typer.Option(help="Write the sound into this new folder instead of playing.")] = None,
    flac: Annotated[bool, typer.Option(help="Write FLAC instead of WAV.")] = False,
) -> None:
    """Play a report, or write it down with a text that says where it comes from."""
    secret = _secret(report, key)
    word = trial.word_for(Report(report), secret)
    if word:
        typer.echo(f"The monthly test. Your word is {word}: on the line, `ivr reports test {word}`.")
        return
    trusted = [reader.key for reader in keys.readers(pinned)] if pinned else []
    opened = open_report(Report(report.absolute()), secret, trusted)
    for doubt in opened.doubts:
        typer.secho(f"WARNING: {doubt}", fg="red", err=True)
    if to:
        for path in export.export(opened, to, flac=flac):
            typer.echo(path)
    else:
        typer.echo(export.custody_text(opened))
        export.play(opened)


@reports.command()
def answer(
    report: Folder,
    recording: Annotated[Path, typer.Argument(help="The spoken answer.", exists=True)],
) -> None:
    """Seal a spoken answer to a report's receipt; the next `sync` brings it to the line."""
    _away_from_the_line(report)
    path = answering.answer(Report(report.absolute()), recording)
    typer.echo(f"Sealed as {path}: the caller hears it when they call again with their receipt.")


@reports.command()
def rekey(
    report: Folder,
    key: Key,
    readers: Annotated[Path, typer.Option(help="The new list of readers.")],
) -> None:
    """Seal a report anew for another list of readers; the next `sync` brings it to the line."""
    secret = _secret(report, key)
    people = keys.readers(readers)
    rekeying.rekey(Report(report.absolute()), secret, keys.Seal([reader.key for reader in people]))
    typer.echo(f"Sealed anew for {', '.join(reader.name or reader.key for reader in people)}.")


@reports.command("test")
def prove(
    word: Annotated[str, typer.Argument(help="The word of your test report; without one, a new test is made.")] = "",
) -> None:
    """Show that you can still open reports: tell the word of the month, or begin a new test."""
    place = _shelf()
    if word:
        proven = trial.prove(place.reports, word)
        typer.echo(f"Proven for {proven}.")
        return
    if place.readers is None:
        raise ToMend("Nobody is entrusted with reports: name at least two people in the setting `readers`.")
    trial.begin(place.reports, keys.readers(place.readers), datetime.now(UTC).date())
    typer.echo("A test report is made: `ivr reports sync`, then let each reader open it.")


def _shelf() -> Shelf:
    return wiring.shelf(Settings())


def _secret(report: Path, key: Path) -> pyrage.x25519.Identity:
    _away_from_the_line(report)
    return identity.unlock(key, os.environ.get("IVR_PASSPHRASE") or typer.prompt("Passphrase", hide_input=True))


def _away_from_the_line(report: Path | None = None) -> None:
    """Refuse where the line is installed: a secret key there would undo the sealing."""
    near = [_shelf().reports, *([report.absolute().parent] if report else [])]
    if any((folder / MARKER).exists() for folder in near):
        raise OnTheLine(
            "The line runs on this machine: no secret key may be used here. Sync to your own computer first."
        )
