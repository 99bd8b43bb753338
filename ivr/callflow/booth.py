"""The recording booth of the studio: sentences of the line spoken and judged by volunteers, and notices in words."""

from ivr.callflow.actions import Clip, Full, Story, do
from ivr.callflow.conversation import Conversation
from ivr.callflow.errands import (
    AskToJudge,
    AskToRecord,
    Judge,
    KeepTake,
    Speak,
    Unheard,
    Volunteer,
)
from ivr.callflow.line import CHOICES, NEXT, Language

LONGEST = 60.0  # seconds: of a sentence or a notice
RECORD = "1"
KEEP, ANEW = "1", "2"
GOOD, BAD = "1", "2"


def record_sentences(talk: Conversation, volunteer: Volunteer) -> Story[None]:
    """Say sentence after sentence of a language that no person speaks yet, and record the volunteer saying it."""
    language = yield from _language(talk, volunteer)
    if language is None:
        return
    for clip in (yield from do(AskToRecord(language.code))):
        if not (yield from _sentence(talk, clip)):
            return
    yield from talk.ask(talk.say("studio-all-recorded"))


def judge(talk: Conversation) -> Story[None]:
    """Let what others recorded be heard, after the sentence as the line says it now, and be judged."""
    for waits in (yield from do(AskToJudge())):
        said = (waits.clip, waits.spoken, *talk.say("studio-judge"))
        key = yield from talk.choose(said, (GOOD, BAD, NEXT))
        if not key:
            return
        if key != NEXT:
            done = yield from do(Judge(waits.spoken, good=key == GOOD))
            judged = "studio-good" if key == GOOD else "studio-bad"
            yield from talk.ask(talk.say(judged if done else "studio-not-kept"))
    yield from talk.ask(talk.say("studio-all-judged"))


def own_words(talk: Conversation, volunteer: Volunteer) -> Story[tuple[Clip, ...]]:
    """Return what a volunteer said in each of their languages in which they wanted to."""
    spoken: list[Clip] = []
    for language in _own(talk, volunteer):
        said = (Clip(language.code, "language-name"), *talk.say("studio-words"))
        key = yield from talk.choose(said, (RECORD, NEXT))
        if not key:
            return ()
        heard = (yield from _speak(talk, language.code)) if key == RECORD else None
        spoken += [heard] if heard else []
    return tuple(spoken)


def _own(talk: Conversation, volunteer: Volunteer) -> list[Language]:
    """Return the volunteer's languages that callers can choose."""
    return [language for code in volunteer.languages if (language := talk.line.language(code))]


def _language(talk: Conversation, volunteer: Volunteer) -> Story[Language | None]:
    """Let one of the volunteer's languages be chosen where there are several."""
    numbered = dict(zip(CHOICES, _own(talk, volunteer), strict=False))
    if len(numbered) <= 1:
        return numbered.get(CHOICES[0])
    said: list[Clip] = []
    for key, language in numbered.items():
        said += [*talk.say(f"digit.{key}"), Clip(language.code, "language-name")]
    return numbered.get((yield from talk.choose(tuple(said), numbered)))


def _sentence(talk: Conversation, clip: Clip) -> Story[bool]:
    """Say a sentence and record it as often as the volunteer likes; tell whether they want another one."""
    said = (clip, *talk.say("studio-record"))
    while (key := (yield from talk.choose(said, (RECORD, NEXT)))) == RECORD:
        spoken = yield from _speak(talk, clip.language)
        if spoken:
            kept = yield from do(KeepTake(clip, spoken))
            yield from talk.ask(talk.say("studio-kept" if kept else "studio-not-kept"))
            return True
    return key == NEXT


def _speak(talk: Conversation, language: str) -> Story[Clip | None]:
    """Record the volunteer until they keep what they hear of it; nothing where they leave it."""
    while True:
        yield from talk.last_words("speak-after-tone")
        heard = yield from do(Speak(language, LONGEST))
        if isinstance(heard, Full):
            yield from talk.ask(talk.say("studio-not-kept"))
            return None
        if isinstance(heard, Unheard):
            yield from talk.ask(talk.say("heard-no-voice"))
            continue
        key = yield from talk.choose((heard.clip, *talk.say("studio-keep")), (KEEP, ANEW))
        if key != ANEW:
            return heard.clip if key == KEEP else None
