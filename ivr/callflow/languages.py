"""Choosing a language, by key or by pressing nothing at all."""

from ivr.callflow.actions import Clip, Key, Look, Reached, Silence, Story, do
from ivr.callflow.conversation import (
    TWICE,
    AtGoodbye,
    AtLanguages,
    AtMenu,
    AtWitness,
    Conversation,
    Place,
    WithoutKeys,
)
from ivr.callflow.line import HOME, NEXT, UP, WITNESS, Language, Line

FIRST_PAGE, SECOND_PAGE = "", HOME


def choices(line: Line, page: str) -> tuple[Clip, ...]:
    """Return what a page says: each language's own name and key, in itself."""
    second = [one for one in line.offered if one.key.startswith(SECOND_PAGE)]
    if page == SECOND_PAGE:
        return tuple(Clip(one.code, "language-choice") for one in second)
    first = [Clip(one.code, "language-choice") for one in line.offered if one not in second]
    return (*first, *(Clip(one.code, "more-languages") for one in second))


def find(line: Line, key: str) -> Language | None:
    """Return the language of a printed key, ready or not."""
    return next((one for one in line.languages if one.key == key), None)


def choose(
    talk: Conversation, said: tuple[Clip, ...] = (), pressed: str = "", patience: float = 0
) -> Story[Language | Key | Silence]:
    """Offer the languages (`said` instead of the first page) until one is chosen.

    A `Key` is the witness line's; too many wrong keys count as silence. `pressed` is a key that already came,
    `patience` another one than the line's, in seconds.
    """
    page, wrong = FIRST_PAGE, 0
    patience = patience or talk.line.limits.patience
    said = said or choices(talk.line, page)
    while wrong <= TWICE:
        answer: Key | Silence = Key(pressed, 0)
        if not pressed:
            answer = yield from talk.offer(said, patience)
        if isinstance(answer, Silence) or answer.pressed == WITNESS:
            return answer
        key, pressed = answer.pressed, ""
        found = find(talk.line, page + key)
        if found and found.ready:
            return found
        if found:
            said = (Clip(found.instead, "language-not-ready"), *choices(talk.line, page))
        elif key in (HOME, UP, NEXT):
            page = SECOND_PAGE if (key, page) == (HOME, FIRST_PAGE) else FIRST_PAGE
            said = choices(talk.line, page)
        else:
            wrong += 1
            said = (
                *(Clip(code, "wrong-languages") for code in talk.line.most_used),
                *choices(talk.line, page),
            )
    return Silence()


def visit(talk: Conversation, place: AtLanguages) -> Story[Place]:
    """Let the caller choose a language; silence begins the path without keys."""
    yield from do(Reached("", "languages"))
    answer = yield from choose(talk, pressed=place.pressed)
    if isinstance(answer, Language):
        talk.language = answer
        return AtMenu()
    return AtWitness() if isinstance(answer, Key) else WithoutKeys()


def without_keys(talk: Conversation) -> Story[Place]:
    """Read out what is most needed, in the caller's language or in one after the other, then the witness number.

    The number takes long to say: to somebody whose language is not known, the most used ones have to do.
    """
    for language in [talk.language] if talk.language else talk.line.offered:
        yield from do(Reached(language.code, "without-keys"))
        moment = yield from do(Look())
        answer = yield from talk.ask(talk.line.essentials(moment.at, language.code))
        if isinstance(answer, Key):
            break
    else:
        answer = yield from talk.ask(talk.say("witness-number") if talk.line.witness_number else ())
    if isinstance(answer, Silence):
        return AtGoodbye()
    return AtMenu() if talk.language else AtLanguages(answer.pressed)


def goodbye(talk: Conversation) -> Story[Place | None]:
    """Take leave; whoever presses a key even now is taken back."""
    answer = yield from talk.ask(talk.say("goodbye"))
    if isinstance(answer, Silence):
        return None
    return AtMenu() if talk.language else AtLanguages(answer.pressed)
