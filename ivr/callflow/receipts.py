"""Receipts on the telephone: twelve digits given after a report, and pressed to come back to it."""

from ivr.callflow.actions import (
    Clip,
    FindReceipt,
    Found,
    HearAnswer,
    IssueReceipt,
    Key,
    Later,
    Receipt,
    Silence,
    Story,
    do,
)
from ivr.callflow.conversation import Conversation
from ivr.callflow.line import AGAIN

DIGITS = 12
GROUP = 3
TRIES = 3
BETWEEN_GROUPS = 0.8
SAID_UNASKED = 2


def give(talk: Conversation) -> Story[None]:
    """Say the receipt of a new report in groups, twice unasked, and as often as key 7 asks for it."""
    if talk.has_receipt:
        return
    receipt = yield from do(IssueReceipt())
    if isinstance(receipt, Later):
        yield from talk.ask(talk.say("receipt-later"))
        return
    times = 0
    while times < SAID_UNASKED:
        answer = yield from _say(talk, receipt)
        if isinstance(answer, Key) and answer.pressed != AGAIN:
            return
        times = 0 if isinstance(answer, Key) else times + 1


def _say(talk: Conversation, receipt: Receipt) -> Story[Key | Silence]:
    for voice in talk.voices:
        answer = yield from talk.ask((Clip(voice, "receipt-intro"),), BETWEEN_GROUPS)
        for start in range(0, DIGITS, GROUP):
            if isinstance(answer, Key):
                return answer
            group = tuple(Clip(voice, f"digit.{digit}") for digit in receipt.digits[start : start + GROUP])
            answer = yield from talk.ask(group, BETWEEN_GROUPS)
        if isinstance(answer, Key):
            return answer
    return (yield from talk.ask(talk.say("receipt-again"), talk.line.limits.patience))


def find(talk: Conversation) -> Story[None]:
    """Let the caller press a receipt; whatever comes of it, the way to a new report stays open."""
    said = talk.say("enter-receipt")
    while talk.receipts_tried < TRIES:
        digits = yield from talk.digits(said, DIGITS)
        if len(digits) < DIGITS:
            return
        talk.receipts_tried += 1
        found = yield from do(FindReceipt(digits))
        if isinstance(found, Found):
            talk.has_receipt = True
            yield from _welcome_back(talk, found)
            return
        if isinstance(found, Later):
            yield from talk.ask(talk.say("receipt-busy"))
            return
        said = talk.say("receipt-wrong", "enter-receipt")
    yield from talk.ask(talk.say("receipt-too-many"))


def _welcome_back(talk: Conversation, found: Found) -> Story[None]:
    if not found.answer:
        yield from talk.ask(talk.say("receipt-found", "no-answer-yet"))
        return
    yield from talk.ask(talk.say("receipt-found", "answer-follows"))
    while True:
        answer = yield from do(HearAnswer())
        if isinstance(answer, Silence):
            answer = yield from talk.ask(talk.say("hint-again"), talk.line.limits.after_section)
        if not (isinstance(answer, Key) and answer.pressed == AGAIN):
            return
