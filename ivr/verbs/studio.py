"""The verbs on notices, and on the volunteers who publish them by telephone."""

import getpass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ivr import wiring
from ivr.settings import Settings

notices = typer.Typer(help="Notices: what volunteers announce for some days.", no_args_is_help=True)
volunteers = typer.Typer(help="Volunteers: who may publish notices by telephone.", no_args_is_help=True)


@notices.command("list")
def list_notices() -> None:
    """Show the notices that callers hear now: name, service, what is new, the last day, and who published it."""
    from ivr.calls.publications import summary

    settings = Settings()
    found = wiring.publications(settings).board.in_force(datetime.now(ZoneInfo(settings.time_zone)).date())
    for one in found:
        print(f"{one.id}  {summary(one)} (by {one.by})")
    print(f"{len(found)} in force.")


@notices.command("end")
def end_notice(name: Annotated[str, typer.Argument(help="The notice's name, as `ivr notices list` shows it.")]) -> None:
    """End a notice now: callers hear the usual hours again, and every volunteer is told by mail."""
    from ivr.calls.publications import summary

    print(f"Ended: {summary(wiring.publications(Settings()).end(getpass.getuser(), name))}.")


@volunteers.command("add")
def add_volunteer(
    name: Annotated[str, typer.Argument(help="A short name in small letters, such as alice.")],
    languages: Annotated[str, typer.Option(help="The codes of the languages that they speak: en,fr.")],
    mail: Annotated[str, typer.Option(help="Where they are told of each publication.")] = "",
) -> None:
    """Put a volunteer on the list and show their PIN: this once, it is kept nowhere."""
    from ivr.content.load import load

    settings = Settings()
    known = [one.code for one in load(settings.content)[0].languages]
    codes = [code.strip() for code in languages.split(",")]
    if unknown := [code for code in codes if code not in known]:
        raise typer.BadParameter(f"there is no language {unknown[0]!r}: name some of {', '.join(known)}.")
    pin = wiring.publications(settings).volunteers.add(name, codes, mail)
    print(f"{name}'s PIN is {pin[:4]} {pin[4:]}. Tell it to nobody else; it is kept nowhere and not shown again.")


@volunteers.command("list")
def list_volunteers() -> None:
    """Show who may publish notices, and whether wrong PINs have locked the studio."""
    listed = wiring.publications(Settings()).volunteers
    for one in listed.all():
        print(f"{one.name}  {','.join(one.languages)}  {one.mail or 'no mail'}")
    if listed.locked():
        print("The studio is locked for up to an hour: too many wrong PINs. `ivr volunteers unlock` opens it.")


@volunteers.command("remove")
def remove_volunteer(name: Annotated[str, typer.Argument(help="The volunteer's name.")]) -> None:
    """Take a volunteer off the list: their PIN opens nothing from now on."""
    wiring.publications(Settings()).volunteers.remove(name)
    print(f"{name} is off the list.")


@volunteers.command("unlock")
def unlock_studio() -> None:
    """Forget the wrong PINs of the last hour, so that the studio lets volunteers in again."""
    wiring.publications(Settings()).volunteers.unlock()
    print("The studio is open to the right PINs.")
