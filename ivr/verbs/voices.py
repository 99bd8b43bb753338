"""The verbs on the voices of engines: which speak here, and fetch those that can be had."""

from typing import TYPE_CHECKING, Annotated

import typer

from ivr import wiring
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

if TYPE_CHECKING:
    from ivr.prompts.manifest import Voice

app = typer.Typer(help="The voices of engines; people's takes win over all of them.", no_args_is_help=True)


@app.command("list")
def list_voices() -> None:
    """Show the voices of languages.yaml, the best first, and which of them speak on this machine."""
    from ivr.prompts.engines import engine

    settings = Settings()
    for voice in _voices(settings):
        one = engine(voice.engine)
        if one.online and not settings.online_voices:
            state = "not allowed: see the setting online_voices"
        elif one.can_speak(voice):
            state = "speaks"
        else:
            state = "not here: `ivr voices fetch` fetches it" if voice.engine == "piper" else "not here"
        print(f"{voice.language:4}{voice.engine:8}{voice.name:24}{state}")


@app.command()
def fetch(
    language: Annotated[str, typer.Option(help="The language's code, such as fr; without it, all languages.")] = "",
) -> None:
    """Fetch the piper voices of languages.yaml that are not here yet, with piper's own downloader (60 MB each)."""
    from ivr.prompts.engines.piper import ENGINE as PIPER

    settings = Settings()
    named = [one for one in _voices(settings) if one.engine == "piper" and language in ("", one.language)]
    for voice in named:
        if PIPER.can_speak(voice):
            print(f"{voice.language}: {voice.name} is here.")
        else:
            print(f"{voice.language}: fetching {voice.name} …", flush=True)
            PIPER.fetch(voice)
    print("`ivr build` lets callers hear them." if named else "languages.yaml names no such voice of piper.")


def _voices(settings: Settings) -> "list[Voice]":
    """Return every voice that languages.yaml names."""
    from ivr.content.check import check
    from ivr.prompts import voices

    checked = check(settings.content, settings.witness_number)
    stop_at([*checked.problems, *voices.problems(checked)])
    return voices.voices_of(checked.content, wiring.fetched_voices(settings), online=True)
