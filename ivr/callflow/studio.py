"""The studio: a volunteer with a PIN publishes notices and ends them, by keys or in their own words."""

from datetime import date, timedelta

from ivr.callflow import booth
from ivr.callflow.actions import Clip, Look, Reached, Story, do
from ivr.callflow.conversation import Conversation, TimeIsUp
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
from ivr.callflow.line import CHOICES, NEXT, Entry, Line

LANGUAGES = ("en", "fr")  # in which the studio speaks
PIN, HOUR = 8, 4  # digits
TRIES = 3
NEW, IN_FORCE, RECORD, JUDGE = "1", "2", "3", "4"
CANCELLED, MOVED, OWN_WORDS = "1", "2", "3"
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
        yield from _menu(talk, volunteer)
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


def _menu(talk: Conversation, volunteer: Volunteer) -> Story[None]:
    said = talk.say("studio-menu", "studio-menu-takes")
    while key := (yield from talk.choose(said, (NEW, IN_FORCE, RECORD, JUDGE))):
        if key == NEW:
            yield from _new_notice(talk, volunteer)
        elif key == IN_FORCE:
            yield from _in_force(talk)
        elif key == RECORD:
            yield from booth.record_sentences(talk, volunteer)
        else:
            yield from booth.judge(talk)


def _new_notice(talk: Conversation, volunteer: Volunteer) -> Story[None]:
    """Ask for a service, what is new and until when, let it be heard, and publish it."""
    service = yield from _service(talk)
    change = service and (yield from talk.choose(talk.say("studio-change"), (CANCELLED, MOVED, OWN_WORDS)))
    at = (yield from _hour(talk)) if change == MOVED else ""
    spoken = (yield from booth.own_words(talk, volunteer)) if change == OWN_WORDS else ()
    if not change or (change == MOVED and not at) or (change == OWN_WORDS and not spoken):
        return
    today = (yield from do(Look())).at.date()
    last = yield from _last_day(talk, today)
    if last is None:
        return
    announced = Announced(service, at, last)
    said = (*_told(talk, announced, today, spoken), *talk.say("studio-publish"))
    if (yield from talk.choose(said, (YES,))):
        published = yield from do(Publish(announced, today, spoken))
        heard = "studio-published-words" if spoken else "studio-published"
        yield from talk.ask(talk.say(heard if published else "studio-not-published"))


def _service(talk: Conversation) -> Story[str]:
    """Let a service be chosen, six at a time; nothing for none."""
    services, page = talk.line.services, 0
    pages = [services[start : start + len(CHOICES)] for start in range(0, len(services), len(CHOICES))]
    said = talk.say("studio-which")
    while pages:
        named = dict(zip(CHOICES, pages[page], strict=False))
        numbered = [clip for key, name in named.items() for clip in talk.say(f"digit.{key}", f"service.{name}")]
        key = yield from talk.choose((*said, *numbered), (*named, NEXT))
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
    key = yield from talk.choose(talk.say("studio-until"), (TODAY, TOMORROW, WEEKDAY))
    if key == WEEKDAY:
        day = yield from talk.choose(talk.say("studio-weekday"), DAYS)
        days = (int(day) - today.isoweekday() - 1) % WEEK + 1 if day else None
    else:
        days = {TODAY: 0, TOMORROW: 1}.get(key)
    return None if days is None else today + timedelta(days=days)


def _told(talk: Conversation, announced: Announced, today: date, spoken: tuple[Clip, ...] = ()) -> tuple[Clip, ...]:
    """Return what a notice says, with its last day."""
    change = talk.say("notice-cancelled")
    if announced.at:
        change = talk.say("notice-new-time", f"at.{announced.at.replace(':', '-')}")
    days = (announced.last - today).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"day-{announced.last.isoweekday()}")
    return (*talk.say(f"service.{announced.service}"), *(spoken or change), *talk.say("studio-last-day", day))


def _in_force(talk: Conversation) -> Story[None]:
    """Read out what is in force; one key ends it, another goes on."""
    moment = yield from do(Look())
    notices = yield from do(AskInForce(moment.at))
    if not notices:
        yield from talk.ask(talk.say("studio-none"))
    for notice in notices:
        key = yield from talk.choose((*_heard(talk, notice, moment.at.date()), *talk.say("studio-end")), (YES, NEXT))
        if key == YES:
            yield from do(EndNotice(notice.id))
            yield from talk.ask(talk.say("studio-ended"))
        elif key != NEXT:
            return


def _heard(talk: Conversation, notice: InForce, today: date) -> tuple[Clip, ...]:
    if notice.announced:
        return _told(talk, notice.announced, today)
    return (*talk.say(f"service.{notice.service}"), *notice.spoken)
