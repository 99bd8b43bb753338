"""The verbs on what people record: bring a take, see what lacks, read clip after clip."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr import wiring
from ivr.problems import ToMend
from ivr.settings import Settings
from ivr.verbs.mistakes import stop_at

if TYPE_CHECKING:
    from ivr.content.utterance import Utterance

app = typer.Typer(help="What people record: their voices win over every engine.", no_args_is_help=True)

Language = Annotated[str, typer.Option(help="The language's code, such as ps.")]


class NoSuchClip(ToMend):
    """A clip or a language is not in the content; the sentence says where its names are."""


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="The recording: WAV, MP3, M4A, OGG, OPUS, 3GP.")],
    clip: Annotated[str, typer.Option(help="The clip's id, as `ivr take list` shows it.")],
    language: Language,
) -> None:
    """Bring a recording as the voice of a clip: clean and check it, show how it was and is."""
    from ivr.prompts.bring import bring
    from ivr.prompts.reading import shown

    settings = Settings()
    said = next((one for one in _words(settings, language) if one.id == clip), None)
    if said is None:
        raise NoSuchClip(f"{language} has no clip {clip!r}: `ivr take list --language {language}` shows its clips.")
    print(f"{language}/{clip} says: {said.text}")
    brought = bring(file, said, settings.prompts / "recorded")
    print(shown(brought))
    print(f"Kept as {brought.take.path}; `ivr build` lets callers hear it.")


@app.command("list")
def list_takes(
    language: Annotated[str, typer.Option(help="The language's code; without it, all languages.")] = "",
    missing: Annotated[bool, typer.Option("--missing", help="Only what nobody has recorded in today's words.")] = False,
) -> None:
    """Show each clip, whether a person speaks it, and its words: the sheet to read from when recording."""
    from ivr.prompts import takes

    settings = Settings()
    said = _words(settings, language)
    found = takes.sort(said, takes.takes_in(*wiring.takes(settings)))
    for one in said:
        key = (one.language, one.id)
        state = "take" if key in found.speaking else "set aside, its words changed" if key in found.aside else "none"
        if not (missing and state == "take"):
            slowly = ", slowly" if one.slow else ""
            print(f"{one.language}/{one.id}  [{state}{slowly}]\n    {one.text}")
    count = sum((one.language, one.id) in found.speaking for one in said)
    print(f"{count} of {len(said)} clips are spoken by people.")


@app.command()
def session(
    language: Language,
    recorder: Annotated[str, typer.Option(help="A command that records into {file}; else sox or arecord.")] = "",
) -> None:
    """Walk a reader through every clip that is still to be recorded: Enter begins and ends each."""
    from ivr.prompts import reading, takes

    settings = Settings()
    lacking = takes.missing(_words(settings, language), takes.takes_in(*wiring.takes(settings)))
    command = reading.recorder(recorder)
    print(f"{len(lacking)} clips are to be read. What is kept stays, whenever you stop.")
    reader = reading.Reader(settings.prompts / "recorded", command, _asked, print)
    print(f"{reader.read(lacking)} takes kept; `ivr build` lets callers hear them.")


def _asked(question: str) -> str:
    """Return what a person typed; the end of the input means that they have had enough."""
    try:
        return input(f"{question}: ").strip().lower()
    except EOFError:
        return "q"


def _words(settings: Settings, language: str) -> "list[Utterance]":
    """Return every clip of a language, or of all, in the order of the line."""
    from ivr.content.check import check

    checked = check(settings.content, settings.witness_number)
    stop_at(checked.problems)
    if language and language not in checked.words:
        raise NoSuchClip(f"There is no language {language!r}: name one of {', '.join(checked.words)}.")
    return [one for code, words in checked.words.items() if language in ("", code) for one in words]
