"""The menus of a release as a graph that a dialplan or a script can walk: which clips, which key leads where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.release import Published

START = "languages"
PATIENCE = 4
"""Seconds of waiting for a key after the last clip, as the line waits."""


@dataclass(frozen=True)
class Node:
    """One menu or section: its clips (`en/main.1`) in order, where each key leads, and where silence does."""

    clips: tuple[str, ...]
    keys: Mapping[str, str]
    then: str


def graph(release: Published) -> dict[str, Node]:
    """Return every menu and section in every language that is offered.

    The witness line and what is open now are left out: they need more than clips and keys.
    """
    offered = [language for language in release.line["languages"] if language["ready"]]
    nodes = _languages(offered)
    for language in offered:
        nodes |= _menus(release.line, language)
    return nodes


def _languages(offered: list[dict[str, Any]]) -> dict[str, Node]:
    first = [one for one in offered if not one["key"].startswith("0")]
    second = [one for one in offered if one not in first]
    said = (*(f"{one['code']}/language-choice" for one in first), *(f"{one['code']}/more-languages" for one in second))
    more = tuple(f"{one['code']}/language-choice" for one in second)
    return {
        START: Node(said, {one["key"]: f"{one['code']}-main" for one in first} | {"0": "more"}, START),
        "more": Node(more, {one["key"][1:]: f"{one['code']}-main" for one in second}, START),
    }


def _menus(line: Mapping[str, Any], language: Mapping[str, Any]) -> dict[str, Node]:
    code = language["code"]
    nodes: dict[str, Node] = {}
    above = {choice["menu"]: menu for menu, it in line["menus"].items() for choice in it["choices"].values()}
    for menu, choices in ((menu, it["choices"]) for menu, it in line["menus"].items()):
        here = f"{code}-{menu}"
        up = f"{code}-{above[menu]}" if menu in above else START
        said = [f"{code}/{menu}.{key}" for key in choices] + [f"{code}/witness-hint"] * (menu == "main")
        leads = {key: _leads(code, here, choice) for key, choice in choices.items()}
        nodes[here] = Node(tuple(said), leads | _everywhere(code, here, up), here)
        for choice in choices.values():
            if choice["section"]:
                section = line["sections"][choice["section"]]
                there = _leads(code, here, choice)
                nodes[there] = Node(_said(section, language), _everywhere(code, there, here), here)
    return nodes


def _leads(code: str, here: str, choice: Mapping[str, Any]) -> str:
    if choice["menu"]:
        return f"{code}-{choice['menu']}"
    return f"{here}-{choice['section']}" if choice["section"] else here


def _everywhere(code: str, here: str, up: str) -> dict[str, str]:
    return {"7": here, "0": f"{code}-main", "*": up}


def _said(section: Mapping[str, Any], language: Mapping[str, Any]) -> tuple[str, ...]:
    warnings = ["old-facts"] * section["old"] + ["draft-language"] * (section["legal"] and language["draft"])
    return tuple(f"{language['code']}/{clip}" for clip in (*warnings, *section["clips"]))


def walk(nodes: Mapping[str, Node], keys: str) -> list[str]:
    """Return the first clip that is heard after each of the keys, pressed one after the other from the start."""
    place, heard = START, []
    for key in keys:
        place = nodes[place].keys[key]
        heard.append(nodes[place].clips[0])
    return heard
