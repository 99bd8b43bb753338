"""Menus, the sections below them, and what is open now."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.callflow.actions import Clip, Connect, Key, Look, NoAnswer, Reached, Silence, Story, do
from ivr.callflow.conversation import (
    TWICE,
    AtLanguages,
    AtMenu,
    Conversation,
    InSection,
    OpenNow,
    Place,
    everywhere,
)
from ivr.callflow.line import AGAIN, MAIN, NEXT, PERSON, Choice

SERVICES_AT_ONCE = 4


@dataclass(frozen=True)
class Part:
    """One piece of what is read out; after it, `patience` seconds for a key end the reading."""

    clips: tuple[Clip, ...]
    write_down: bool = False
    patience: float = 0


def visit(talk: Conversation, place: AtMenu) -> Story[Place]:
    """Say a menu's choices until one is taken; two silences or two wrong keys lead to the languages."""
    menu = talk.line.menus[place.trail[-1]]
    yield from do(Reached(talk.voices[0], menu.id))
    said = talk.say(*(f"{menu.id}.{key}" for key in menu.choices))
    if menu.id == MAIN:
        said += talk.say("witness-hint")
    before: tuple[Clip, ...] = ()
    silent = wrong = 0
    while max(silent, wrong) < TWICE:
        answer = yield from talk.offer(before + said, talk.line.limits.patience)
        if isinstance(answer, Silence):
            silent += 1
            before = talk.say("silence-menu")
        elif choice := menu.choices.get(answer.pressed):
            return _chosen(choice, place.trail)
        elif leads := everywhere(answer.pressed, place.trail):
            return leads
        elif answer.pressed in (AGAIN, NEXT):
            before = ()
        else:
            wrong += 1
            before = talk.say("wrong-menu")
    answer = yield from talk.ask(talk.say("to-languages"))
    return AtLanguages(answer.pressed if isinstance(answer, Key) else "")


def _chosen(choice: Choice, trail: tuple[str, ...]) -> Place:
    if choice.menu:
        return AtMenu((*trail, choice.menu))
    return InSection(trail, choice.section) if choice.section else OpenNow(trail)


def visit_section(talk: Conversation, place: InSection) -> Story[Place]:
    """Read a section, after whatever must be said before it, and lead back to its menu."""
    section = talk.line.sections[place.section]
    yield from do(Reached(talk.voices[0], section.id))
    moment = yield from do(Look())
    notices = talk.line.notices(section.id, moment.at, talk.voices[0])
    before = talk.once("old-facts") if section.old else ()
    if section.legal and talk.language and talk.language.draft:
        before += talk.once("draft-language")
    said = [clip for clip in section.clips if clip not in notices.silent]
    parts = [Part(talk.say(clip), clip in section.write_down) for clip in said]
    once = [Part((clip,)) for clip in before]
    if notices.first:  # what is new today comes first, and is said again too
        once, parts = [], [*(Part(clips) for clips in notices.first), *once, *parts]
    person = section.id if talk.line.on_duty(section.id, moment.at) else ""
    if person:
        parts.append(Part(talk.say("person-offer")))
    leads = yield from _read(talk, place.trail, once, parts, person)
    return leads or (InSection(place.trail, section.then) if section.then else AtMenu(place.trail))


def visit_open_now(talk: Conversation, place: OpenNow) -> Story[Place]:
    """Say what is open now and what comes next, four services at a time, after a warning where some are old."""
    yield from do(Reached(talk.voices[0], "open-now"))
    moment = yield from do(Look())
    entries = talk.line.open_now(moment.at, talk.voices[0])
    old = any(clip.id in talk.line.old_services for entry in entries for clip in entry)
    before = talk.once("old-facts") if old else ()
    parts: list[Part] = []
    for number, entry in enumerate(entries):
        if number and number % SERVICES_AT_ONCE == 0:
            parts.append(Part(talk.say("now-more"), patience=talk.line.limits.patience))
        parts.append(Part(entry))
    parts = parts or [Part(talk.say("now-nothing"))]
    leads = yield from _read(talk, place.trail, [Part((clip,)) for clip in before], parts)
    return leads or AtMenu(place.trail)


def _read(
    talk: Conversation, trail: tuple[str, ...], before: Sequence[Part], parts: Sequence[Part], person: str = ""
) -> Story[Place | None]:
    """Read parts in order and return where a key leads, or nothing at the end.

    `person` is the section for which somebody is on duty.
    `#` skips a part, `7` repeats the one to write down that was heard last, or else all of them.
    """
    reading, at, wrong = [*before, *parts], 0, 0
    sorry: tuple[Clip, ...] = ()
    while wrong <= TWICE:
        end = at >= len(reading)
        part = Part(talk.lesson(), patience=talk.line.limits.after_section) if end else reading[at]
        answer = yield from talk.ask(sorry + part.clips, part.patience)
        sorry = ()
        if isinstance(answer, Silence) or answer.pressed == NEXT:
            if end or (part.patience and isinstance(answer, Silence)):
                return None
            at += 1
        elif answer.pressed == AGAIN:
            heard = min(at, len(reading) - 1)
            at = heard if reading[heard].write_down else len(before)
        elif answer.pressed == PERSON and person:
            return (yield from _speak(talk, trail, person))
        elif leads := everywhere(answer.pressed, (*trail, "here")):
            return leads
        else:
            wrong += 1
            sorry = talk.say("wrong-menu")
    return AtMenu(trail)


def _speak(talk: Conversation, trail: tuple[str, ...], section: str) -> Story[Place]:
    """Let the caller speak with a person, and lead back to the menu."""
    yield from talk.last_words("person-called")
    if isinstance((yield from do(Connect(section))), NoAnswer):
        yield from talk.last_words("person-nobody")
    return AtMenu(trail)
