"""Every menu and every section, in every language that is offered, through a real telephone, byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.line.listeners import Listener, listen
from tests.release import Published
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(139)

AT_ONCE = 250
PATIENCE = 300.0  # seconds: longer than any section


@dataclass(frozen=True)
class Visit:
    """A place, the keys that lead to it from the main menu, and the clips that must be heard there."""

    language: str
    keys: str
    clips: tuple[str, ...]


def menus(release: Published, language: str, name: str = "main", keys: str = "") -> Iterator[Visit]:
    choices = release.line["menus"][name]["choices"]
    yield Visit(language, keys, tuple(f"{language}/{name}.{key}" for key in choices))
    for key, choice in choices.items():
        if choice["menu"]:
            yield from menus(release, language, choice["menu"], keys + key)
        elif choice["section"]:
            clips = release.line["sections"][choice["section"]]["clips"]
            yield Visit(language, keys + key, tuple(f"{language}/{clip}" for clip in clips))


def test_every_menu_and_section_is_heard_in_every_language(line: RunningLine, release: Published) -> None:
    offered = [one["code"] for one in release.line["languages"] if one["ready"]]
    visits = [one for language in offered for one in menus(release, language)]
    visits.sort(key=lambda visit: -sum(len(release.clips[clip]) for clip in visit.clips))
    assert len(visits) > 40 * len(offered)
    callers = [
        Listener(line.asterisk.sip, f"line-{one.language}", one.keys, [release.clips[clip] for clip in one.clips])
        for one in visits
    ]
    listen(callers, AT_ONCE, PATIENCE)
    unheard = {visit: caller.story for visit, caller in zip(visits, callers, strict=True) if caller.waits_for}
    assert unheard == {}
    assert sum(caller.ear.lost for caller in callers) == 0
