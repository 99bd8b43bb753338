"""Every menu and every section, in every language that is offered, through a real telephone, byte for byte."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.phone import Phone
from tests.release import Published
from tests.running_line import RunningLine

AT_ONCE = 40  # calls: what this many phones of Python can hear on two cores without losing a packet


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


def visit(line: RunningLine, asked: Visit) -> str:
    """Make the call and return what was wrong, or nothing."""
    with line.phone() as phone:
        phone.call(f"line-{asked.language}")
        phone.press(asked.keys)
        for clip in asked.clips:
            phone.hears_whole(clip, timeout=60)
        phone.hang_up()
        return wrong(phone, asked)


def wrong(phone: Phone, asked: Visit) -> str:
    same = {clip: name for name, clip in reversed(phone.clips.items())}
    heard = [name for name in phone.story() if not name.endswith("…")]
    wanted = [same[phone.clips[name]] for name in asked.clips]
    first = heard.index(wanted[0]) if wanted[0] in heard else 0
    there = heard[first : first + len(wanted)]
    return "" if there == wanted and not phone.heard.lost else f"{asked.language} {asked.keys}: {there} != {wanted}"


def test_every_menu_and_section_is_heard_in_every_language(line: RunningLine, release: Published) -> None:
    offered = [one["code"] for one in release.line["languages"] if one["ready"]]
    visits = [one for language in offered for one in menus(release, language)]
    assert len(visits) > 40 * len(offered)
    with ThreadPoolExecutor(AT_ONCE) as callers:
        wrongs = list(callers.map(lambda asked: visit(line, asked), visits))
    assert not [one for one in wrongs if one]
