"""The studio: a volunteer with a PIN publishes notices and ends them, by keys alone."""

from collections.abc import Collection
from datetime import date, timedelta

from ivr.callflow.actions import Clip, Look, Reached, Silence, Story, do
from ivr.callflow.conversation import TWICE, Conversation, TimeIsUp
from ivr.callflow.errands import (
    Announced,
    AskInForce,
    CheckPin,
    EndNotice,
    InForce,
    Locked,
    Publish,
    Volunteer,
)
from ivr.callflow.line import AGAIN, CHOICES, NEXT, UP, Entry, Line

LANGUAGES = ("en", "fr")  # in which the studio speaks
PIN, HOUR = 8, 4  # digits
TRIES = 3
NEW, IN_FORCE = "1", "2"
CANCELLED, MOVED = "1", "2"
TODAY, TOMORROW, WEEKDAY = "1", "2", "3"
YES = "1"
WEEK = 7
DAYS = ("1", "2", "3", "4", "5", "6", "7")


def call(line: Line) -> Story[None]:
    """Tell one call of the studio; the story ends by returning, and is closed on hang-up."""
    talk = Conversation(line, Entry())
    yield from do(Reached("", "studio"))
    try:
        volunteer = yield from _enter(talk)
        if volunteer is None:
            return
        yield from do(Reached(talk.voices[0], "studio"))
        yield from _menu(talk)
        yield from talk.last_words("goodbye")
    except TimeIsUp:
        yield from talk.last_words("time-over")


def _enter(talk: Conversation) -> Story[Volunteer | None]:
    """Ask for the PIN; from then on the studio speaks one language only."""
    said = _in_all(talk, "studio-pin")
    for _ in range(TRIES):
        digits = yield from talk.digits(said, PIN)
        if len(digits) < PIN:
            break
        found = yield from do(CheckPin(digits))
        if isinstance(found, Volunteer):
            own = [code for code in found.languages if code in LANGUAGES]
            talk.language = next(filter(None, map(talk.line.language, (*own, *LANGUAGES))), None)
            return found
        if isinstance(found, Locked):
            yield from talk.ask(_in_all(talk, "studio-locked"))
            break
        said = _in_all(talk, "studio-pin-wrong", "studio-pin")
    return None


def _in_all(talk: Conversation, *ids: str) -> tuple[Clip, ...]:
    return tuple(Clip(code, clip) for code in LANGUAGES if talk.line.language(code) for clip in ids)


def _menu(talk: Conversation) -> Story[None]:
    while key := (yield from _choose(talk, talk.say("studio-menu"), (NEW, IN_FORCE))):
        if key == NEW:
            yield from _new_notice(talk)
        else:
            yield from _in_force(talk)


def _choose(talk: Conversation, said: tuple[Clip, ...], keys: Collection[str]) -> Story[str]:
    """Return which of the keys was pressed; nothing for star, or when nothing useful came three times."""
    useless = 0
    before: tuple[Clip, ...] = ()
    while useless <= TWICE:
        answer = yield from talk.ask(before + said, talk.line.limits.patience)
        before = ()
        if isinstance(answer, Silence):
            useless += 1
        elif answer.pressed in keys:
            return answer.pressed
        elif answer.pressed == UP:
            return ""
        elif answer.pressed != AGAIN:
            useless += 1
            before = talk.say("wrong-menu")
    return ""


def _new_notice(talk: Conversation) -> Story[None]:
    """Ask for a service, what is new and until when, read it back, and publish it."""
    service = yield from _service(talk)
    change = service and (yield from _choose(talk, talk.say("studio-change"), (CANCELLED, MOVED)))
    at = (yield from _hour(talk)) if change == MOVED else ""
    if not change or (change == MOVED and not at):
        return
    today = (yield from do(Look())).at.date()
    last = yield from _last_day(talk, today)
    if last is None:
        return
    announced = Announced(service, at, last)
    said = (*_told(talk, announced, today), *talk.say("studio-publish"))
    if (yield from _choose(talk, said, (YES,))):
        published = yield from do(Publish(announced, today))
        yield from talk.ask(talk.say("studio-published" if published else "studio-not-published"))


def _service(talk: Conversation) -> Story[str]:
    """Let a service be chosen, six at a time; nothing for none."""
    services, page = talk.line.services, 0
    pages = [services[start : start + len(CHOICES)] for start in range(0, len(services), len(CHOICES))]
    said = talk.say("studio-which")
    while pages:
        named = dict(zip(CHOICES, pages[page], strict=False))
        numbered = [clip for key, name in named.items() for clip in talk.say(f"digit.{key}", f"service.{name}")]
        key = yield from _choose(talk, (*said, *numbered), (*named, NEXT))
        if key != NEXT:
            return named.get(key, "")
        page, said = (page + 1) % len(pages), ()
    return ""


def _hour(talk: Conversation) -> Story[str]:
    """Return an hour like 18:30, of those that every language can say; nothing when it does not come."""
    said = talk.say("studio-time")
    for _ in range(TRIES):
        digits = yield from talk.digits(said, HOUR)
        if len(digits) < HOUR:
            break
        hours, minutes = digits[:2], digits[2:]
        if hours < "24" and minutes in ("00", "30"):
            return f"{hours}:{minutes}"
        said = talk.say("studio-time-wrong", "studio-time")
    return ""


def _last_day(talk: Conversation, today: date) -> Story[date | None]:
    """Return the last day of a notice, within a week from today."""
    key = yield from _choose(talk, talk.say("studio-until"), (TODAY, TOMORROW, WEEKDAY))
    if key == WEEKDAY:
        day = yield from _choose(talk, talk.say("studio-weekday"), DAYS)
        days = (int(day) - today.isoweekday() - 1) % WEEK + 1 if day else None
    else:
        days = {TODAY: 0, TOMORROW: 1}.get(key)
    return None if days is None else today + timedelta(days=days)


def _told(talk: Conversation, announced: Announced, today: date) -> tuple[Clip, ...]:
    """Return what a notice says, with its last day."""
    change = ("notice-new-time", f"at.{announced.at.replace(':', '-')}") if announced.at else ("notice-cancelled",)
    days = (announced.last - today).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"day-{announced.last.isoweekday()}")
    return talk.say(f"service.{announced.service}", *change, "studio-last-day", day)


def _in_force(talk: Conversation) -> Story[None]:
    """Read out what is in force; one key ends it, another goes on."""
    moment = yield from do(Look())
    notices = yield from do(AskInForce(moment.at))
    if not notices:
        yield from talk.ask(talk.say("studio-none"))
    for notice in notices:
        key = yield from _choose(talk, (*_heard(talk, notice, moment.at.date()), *talk.say("studio-end")), (YES, NEXT))
        if key == YES:
            yield from do(EndNotice(notice.id))
            yield from talk.ask(talk.say("studio-ended"))
        elif key != NEXT:
            return


def _heard(talk: Conversation, notice: InForce, today: date) -> tuple[Clip, ...]:
    return _told(talk, notice.announced, today) if notice.announced else talk.say(f"service.{notice.service}")
