"""The seconds of every section and fact as lines of text, and the longest of each language in one line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ivr.content.models import Content
from ivr.content.seconds import ON_WITNESS_LINE, OPEN_NOW, Silent, Wait, first
from ivr.content.speak import PLACEHOLDER
from ivr.content.words import sources

CALLERS = ("newcomer", "own_number", "returning")
NEXT_MEAL = "meals"


def table(waits: Iterable[Wait], content: Content) -> Iterator[str]:
    """Yield a line for each place, and one for each clip of it: its three waits, its id, and the facts it says."""
    english = sources(content)
    for place, found in groupby(waits, key=lambda wait: wait.place):
        yield f"  {place}"
        for wait in found:
            facts = [f"{{{name}}}" for name in PLACEHOLDER.findall(english.get(wait.clip, ""))]
            yield " ".join((_three([wait]), wait.clip, *facts))


def nothing_pressed(silent: Silent) -> str:
    """Return the seconds of who presses nothing."""
    begin = ", ".join(f"{code} {seconds:.1f}" for code, seconds in silent.essentials.items())
    return f"Who presses nothing: essentials {begin}; end of the call {silent.end:.1f}; witness tone {silent.tone:.1f}."


def summary(waits: Sequence[Wait]) -> str:
    """Return the longest waits of a language until the next meal, until any section begins, until the tone."""
    begins = first(waits)
    sections = [one for one in begins if one.place not in (ON_WITNESS_LINE, OPEN_NOW)]
    meals = [one for one in sections if one.place == NEXT_MEAL]
    tone = [one for one in begins if one.place == ON_WITNESS_LINE]
    return f"{waits[0].language:8}" + "  ".join(_three(some) for some in (meals, sections, tone))


def heading() -> str:
    """Return the heading of the summaries."""
    return f"{'':8}" + "  ".join(f"{name:^23}" for name in ("next meal", "any section", "witness tone"))


def _three(waits: Iterable[Wait]) -> str:
    """Return the longest wait of each of the three callers, in seconds."""
    longest = (max((getattr(one, caller) for one in waits), default=0.0) for caller in CALLERS)
    return " ".join(f"{seconds:7.1f}" for seconds in longest)
