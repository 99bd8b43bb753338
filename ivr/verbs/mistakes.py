"""What a person is told of mistakes in the content."""

import sys
from collections.abc import Sequence

import typer

from ivr.problems import Problem


def stop_at(problems: Sequence[Problem]) -> None:
    """Print every mistake, and end the program if there is any."""
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} mistakes: nothing is published.", file=sys.stderr)
        raise typer.Exit(1)
