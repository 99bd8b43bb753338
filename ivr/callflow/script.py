"""The story of a whole call, from place to place until the goodbye."""

from ivr.callflow import languages, menus, witness
from ivr.callflow.actions import Story
from ivr.callflow.conversation import (
    AtLanguages,
    AtMenu,
    AtWitness,
    Conversation,
    InSection,
    OpenNow,
    Place,
    TimeIsUp,
    WithoutKeys,
)
from ivr.callflow.line import Entry, Line


def call(line: Line, entry: Entry) -> Story[None]:
    """Tell one call; the story ends by returning, and is closed on hang-up."""
    talk = Conversation(line, entry)
    place: Place | None = _start(talk)
    try:
        while place:
            place = yield from _visit(talk, place)
    except TimeIsUp:
        yield from talk.last_words("time-over", "goodbye")


def _start(talk: Conversation) -> Place:
    if talk.entry.witness:
        return AtWitness()
    return AtMenu() if talk.language else AtLanguages()


def _visit(talk: Conversation, place: Place) -> Story[Place | None]:  # noqa: PLR0911 - one line a kind of place
    match place:
        case AtLanguages():
            return (yield from languages.visit(talk, place))
        case WithoutKeys():
            return (yield from languages.without_keys(talk))
        case AtMenu():
            return (yield from menus.visit(talk, place))
        case InSection():
            return (yield from menus.visit_section(talk, place))
        case OpenNow():
            return (yield from menus.visit_open_now(talk, place))
        case AtWitness():
            return (yield from witness.visit(talk))
    return (yield from languages.goodbye(talk))
