"""The witness line: consent, the tone, the recording, and what a caller may add to it."""

from ivr.callflow import receipts
from ivr.callflow.actions import AskKept, Clip, Full, Kept, Key, Note, Reached, Record, Silence, Story, do
from ivr.callflow.conversation import AtGoodbye, AtLanguages, AtMenu, Conversation, Place
from ivr.callflow.languages import choose, find
from ivr.callflow.line import AGAIN, HOME, UP, Language

ADD, QUESTIONS, URGENT = "1", "2", "3"
EVERYTHING, HAVE_RECEIPT = "1", "2"
CONSENT = ("witness-welcome", "consent", "consent-delete")
FULL_CONSENT = ("consent-full-1", "consent-full-2", "consent-full-3", "consent-full-4")
ASKED_ABOUT = ("where", "when", "who", "uniform", "others", "injuries", "reach")
WARNED_BEFORE_END = 60.0
MOST_MINUTES_SAID = 20


def visit(talk: Conversation) -> Story[Place | None]:
    """Lead a witness to the tone, keep what is said, and give a receipt."""
    yield from do(Reached(talk.voices[0], "witness"))
    if talk.language is None:
        yield from _offer_languages(talk)
    leads = yield from _consent(talk)
    if leads:
        return leads
    if not (yield from _record(talk)):
        return AtGoodbye()
    yield from _add(talk)
    yield from receipts.give(talk)
    answer = yield from talk.ask(talk.say("witness-goodbye"))
    if isinstance(answer, Silence):
        return None
    return AtMenu() if talk.language else AtLanguages(answer.pressed)


def _offer_languages(talk: Conversation) -> Story[None]:
    """Offer the languages, after a silence only those most used, and not for long: nobody must press a key here.

    A key that comes later still, during the consent, is taken all the same.
    """
    most_used = tuple(Clip(code, "language-choice") for code in talk.line.most_used)
    patience = talk.line.limits.patience
    for said, waits in (((), patience), (most_used, patience / 2)):
        answer = yield from choose(talk, said, patience=waits)
        if isinstance(answer, Language):
            talk.language = answer
            yield from do(Reached(answer.code, "witness"))
        if not isinstance(answer, Silence):
            return


def _consent(talk: Conversation) -> Story[Place | None]:
    """Say what a witness must know; any key without a meaning of its own goes straight to the tone."""
    said = talk.say("consent-brief")
    if talk.language:
        said = talk.say(*CONSENT, "consent-more", "have-receipt", "speak-after-tone")
    while isinstance(answer := (yield from talk.ask(said)), Key):
        key = answer.pressed
        chosen = None if talk.language else find(talk.line, key)
        if chosen and chosen.ready:
            talk.language = chosen
            said = talk.say(*CONSENT, "speak-after-tone")
        elif talk.language and key == EVERYTHING:
            said = talk.say(*FULL_CONSENT, "speak-after-tone")
        elif talk.language and key == HAVE_RECEIPT:
            yield from receipts.find(talk)
            said = talk.say("speak-after-tone")
        elif key == HOME and talk.language:
            return AtMenu()
        elif key == UP:
            return AtLanguages()
        elif key != AGAIN:
            return None
    return None


def _record(talk: Conversation, about: str = "") -> Story[bool]:
    """Record one part, with a warning before the longest time; tell where there is no room."""
    longest = talk.line.limits.report
    last = min(WARNED_BEFORE_END, longest / 2)
    if talk.language:
        yield from do(Note("language", talk.language.code))
    for seconds, warning in ((longest - last, "longest-soon"), (last, "")):
        taped = yield from do(Record(seconds, about))
        if isinstance(taped, Full):
            yield from talk.last_words("record-full")
            return False
        talk.recorded += taped.seconds
        if taped.in_time:
            break
        if warning:
            yield from talk.last_words(warning)
    return True


def _add(talk: Conversation) -> Story[None]:
    """Tell what was kept, and let the caller add to it; nothing that is pressed takes anything away."""
    offers = talk.say("add-more", "questions-offer", "urgent-offer", "receipt-offer")
    answer = yield from _thank(talk, offers)
    while isinstance(answer, Key):
        if answer.pressed == ADD:
            if not (yield from _record(talk)):
                return
            answer = yield from _thank(talk, offers)
        elif answer.pressed in (QUESTIONS, URGENT, AGAIN):
            said = yield from _more(talk, answer.pressed)
            answer = yield from talk.offer(said + offers, talk.line.limits.patience)
        else:
            return


def _more(talk: Conversation, key: str) -> Story[tuple[Clip, ...]]:
    """Do what an offer promised, and return what is said before the offers are repeated."""
    if key == QUESTIONS:
        yield from _questions(talk)
    if key == URGENT:
        yield from do(Note("urgent", value=True))
        return talk.say("urgent-noted")
    return ()


def _thank(talk: Conversation, offers: tuple[Clip, ...]) -> Story[Key | Silence]:
    """Say that it is sent, while the last of it is sealed, then how much was kept, then the offers."""
    answer = yield from talk.ask(talk.say("recorded-thanks"))
    if isinstance(answer, Key):
        return answer
    kept = yield from do(AskKept())
    told: tuple[Clip, ...] = ()
    if isinstance(kept, Kept):
        minutes = min(round(kept.seconds / 60), MOST_MINUTES_SAID)
        told = talk.say(f"recorded-minutes.{minutes}" if minutes else "recorded-under-a-minute")
        told += () if kept.voice else talk.say("heard-no-voice")
        told += () if kept.complete else talk.say("record-full")
    return (yield from talk.offer(told + offers, talk.line.limits.patience))


def _questions(talk: Conversation) -> Story[None]:
    """Ask what makes a testimony usable, each answer a part of its own; `#` skips, `0` leaves."""
    before = talk.say("question-how")
    for about in ASKED_ABOUT:
        answer = yield from talk.ask(before + talk.say(f"question-{about}"))
        before = ()
        if isinstance(answer, Key) and answer.pressed in (HOME, UP):
            return
        if isinstance(answer, Key) and answer.pressed == "#":
            continue
        if not (yield from _record(talk, about)):
            return
