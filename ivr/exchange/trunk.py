"""Which endpoints the provider's file (the setting `trunk`) has, as Asterisk reads it: calls out take one."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ivr.problems import Problem

_COMMENT: Final = re.compile(r";--.*?--;|(?<!\\);[^\n]*", re.DOTALL)
_SECTION: Final = re.compile(
    r"^\[(?P<name>[^]\n]+)\][ \t]*(?:\((?P<options>[^)\n]*)\))?(?P<body>(?:(?!^\[).)*)", re.DOTALL | re.MULTILINE
)
_ENDPOINT: Final = re.compile(r"^\s*type\s*=>?\s*endpoint\s*$", re.MULTILINE)
_INCLUDES: Final = re.compile(r"^#", re.MULTILINE)


def endpoints(told: str) -> frozenset[str]:
    """Return the names of the endpoints in a file; a section may be one by the templates that it names."""
    templates: set[str] = set()
    found: set[str] = set()
    for section in _SECTION.finditer(_COMMENT.sub("", told)):
        options = {option.strip() for option in (section["options"] or "").split(",")}
        if options & templates or _ENDPOINT.search(section["body"]):
            (templates if "!" in options else found).add(section["name"])
    return frozenset(found)


def problems(trunk: Path | None, named: Iterable[tuple[Path, str]]) -> list[Problem]:
    """Return which files name an endpoint by which the line cannot call: `named` are files with the name in each.

    A trunk that includes other files may have any endpoint. Raises OSError where it cannot be read.
    """
    told = trunk.read_text(encoding="utf-8", errors="replace") if trunk else ""
    if _INCLUDES.search(told):
        return []
    known = endpoints(told)
    sentence = (
        f"is no endpoint of {trunk}: write the name of a section there that has `type = endpoint`."
        if trunk
        else "is no endpoint yet: name the provider's file in the setting `trunk`."
    )
    return [Problem(str(file), "trunk", f"{name!r} {sentence}") for file, name in named if name not in known]
