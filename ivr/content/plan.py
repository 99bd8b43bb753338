"""The line that a release walks: made from content, kept as JSON with the clips, read again by a server."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import date

from pydantic import TypeAdapter, ValidationError

from ivr.callflow.actions import Clip
from ivr.callflow.line import Language, Line, Menu, Section
from ivr.content.due import is_old
from ivr.content.hours import NEEDS
from ivr.content.models import Content, SectionFile
from ivr.content.notices import ESSENTIALS, WITHOUT_KEYS
from ivr.content.services import OpenNow
from ivr.content.words import SOURCE, WITNESS_NUMBER, unsaid
from ivr.problems import ToMend


class PlanBroken(ToMend):
    """The stored line cannot be read; the sentence says what to do."""


@dataclass(frozen=True)
class _Stored:
    """The fields of `Line` that a release keeps as JSON."""

    languages: tuple[Language, ...]
    most_used: tuple[str, ...]
    menus: Mapping[str, Menu]
    sections: Mapping[str, Section]
    fuzzy: frozenset[Clip]
    witness_number: bool
    old_services: frozenset[str] = frozenset()
    services: tuple[str, ...] = ()
    open_now: OpenNow = field(default_factory=lambda: OpenNow({}))


_JSON = TypeAdapter(_Stored)


def line_of(
    content: Content,
    ready: AbstractSet[str],
    fuzzy: AbstractSet[Clip],
    old_before: date,
    *,
    witness_number: bool,
) -> Line:
    """Return the line of the content, with the languages in `ready` offered.

    What was last checked before `old_before`, or never, is said to be old.
    """
    languages = tuple(
        Language(
            one.code,
            one.key,
            one.code in ready,
            one.instead,
            draft=one.code != SOURCE and one.reviewed is None,
        )
        for one in content.languages
    )
    return Line(
        languages=languages,
        most_used=content.most_used,
        menus={name: Menu(name, menu.choices) for name, menu in content.menus.items()},
        sections={
            name: section_of(name, one, old_before, witness_number=witness_number)
            for name, one in content.sections.items()
        },
        fuzzy=frozenset(fuzzy),
        witness_number=witness_number,
        old_services=frozenset(f"service.{name}" for name, one in content.services.items() if is_old(one, old_before)),
        services=tuple(sorted(content.services, key=lambda name: (NEEDS.index(content.services[name].need), name))),
        open_now=open_now_of(content),
    )


def open_now_of(content: Content) -> OpenNow:
    """Return the services with the places that tell of them."""
    tells = {name: phrase.tells for name, phrase in content.phrases.items()}
    for name, section in content.sections.items():
        tells |= {f"{name}.{clip.id}": clip.tells for clip in section.clips}
    heard_in = {name: section.services for name, section in content.sections.items() if section.services}
    return OpenNow(
        content.services,
        frozenset(one.code for one in content.languages if one.when_first),
        heard_in | {WITHOUT_KEYS: tells.get(ESSENTIALS, ())},
        {clip: services for clip, services in tells.items() if services},
    )


def section_of(name: str, section: SectionFile, old_before: date, *, witness_number: bool = True) -> Section:
    """Return a section as the call flow walks it, without what needs a witness number if there is none."""
    known = {WITNESS_NUMBER} if witness_number else set[str]()
    said = [clip for clip in section.clips if not unsaid(clip.says, known)]
    return Section(
        id=name,
        clips=tuple(f"{name}.{clip.id}" for clip in said),
        write_down=frozenset(f"{name}.{clip.id}" for clip in said if clip.write_down),
        old=is_old(section, old_before),
        legal=section.legal,
        then=section.then,
    )


def to_json(line: Line) -> str:
    """Return the line as the JSON text of a release, the same for the same line: else each build were a new one."""
    stored = _Stored(**{one.name: getattr(line, one.name) for one in fields(_Stored)})
    told = _JSON.dump_python(stored, mode="json", by_alias=True)
    sections = (section["write_down"] for section in told["sections"].values())
    for unordered in (told["fuzzy"], told["old_services"], told["open_now"]["when_first"], *sections):
        unordered.sort(key=str)  # sets, whose order differs from process to process
    return json.dumps(told, ensure_ascii=False, indent=1)


def from_json(text: str) -> Line:
    """Return the line of a release; raise `PlanBroken` where the text is not one."""
    try:
        stored = _JSON.validate_json(text)
    except ValidationError as error:
        raise PlanBroken(f"line.json cannot be read ({error.errors()[0]['msg']}): build the release again.") from None
    return Line(**{one.name: getattr(stored, one.name) for one in fields(_Stored)})
