"""The command line: gathers the verbs, and turns whatever a person can mend into a sentence."""

import logging
import sys

import typer
from pydantic import ValidationError

from ivr.problems import ToMend
from ivr.verbs import content, line, measures, prompts, reports, studio, takes, voices

app = typer.Typer(
    help="The Calais Line: a telephone line that informs refugees, and keeps what witnesses say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group in (line, content, measures, prompts):
    app.add_typer(group.app)
app.add_typer(takes.app, name="take")
app.add_typer(voices.app, name="voices")
app.add_typer(studio.notices, name="notices")
app.add_typer(studio.volunteers, name="volunteers")
app.add_typer(reports.reports, name="reports")
app.add_typer(reports.identities, name="keys")


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
    except UnicodeError:
        if not any(map(_is_no_text, sys.argv)):
            raise
        print(
            "One of the words holds bytes that are no UTF-8: write it anew, or give the file a new name.",
            file=sys.stderr,
        )
        sys.exit(1)


def _is_no_text(word: str) -> bool:
    """Tell whether a word of the command line holds what Python could not read, and put into it as surrogates."""
    return any("\ud800" <= sign <= "\udfff" for sign in word)


if __name__ == "__main__":
    main()
