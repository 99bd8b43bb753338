"""What a caller hears, before the call is answered and costs anything, while every place is taken."""

from collections.abc import Iterator
from datetime import datetime

from ivr.callflow.actions import Clip
from ivr.callflow.line import Entry, Line


def said(line: Line, entry: Entry, turn: int, at: datetime) -> Iterator[tuple[Clip, ...]]:
    """Yield what is said in each language: the caller's own first, else the one whose `turn` it is.

    What is most needed is that of the moment `at`.
    """
    offered = line.offered
    own = line.language(entry.language)
    start = offered.index(own) if own else turn % len(offered)
    for language in (*offered[start:], *offered[:start]):
        yield (Clip(language.code, "busy"), *line.essentials(at, language.code))
