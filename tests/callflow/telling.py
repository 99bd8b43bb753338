"""Tells a story to a test: keys go in, what was asked for comes out."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from ivr.callflow import script, studio
from ivr.callflow.actions import (
    Action,
    Ask,
    AskKept,
    Clip,
    Connect,
    Connected,
    FindReceipt,
    Found,
    HearAnswer,
    IssueReceipt,
    Kept,
    Key,
    Later,
    Look,
    Moment,
    Note,
    Reached,
    Receipt,
    Record,
    Recorded,
    Say,
    Silence,
    Unknown,
)
from ivr.callflow.errands import (
    AskInForce,
    AskToJudge,
    AskToRecord,
    CheckPin,
    EndNotice,
    Judge,
    KeepTake,
    Nobody,
    Publish,
    Speak,
    Spoken,
    ToJudge,
    Volunteer,
)
from ivr.callflow.line import Choice, Entry, Language, Limits, Line, Menu, Section

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def small_line(**changes: Any) -> Line:
    """A line of three ready languages, one reserved, two menus and three sections."""
    fields: dict[str, Any] = {
        "languages": (
            Language("en", "1", ready=True),
            Language("fr", "2", ready=True, draft=True),
            Language("ps", "5", ready=False, instead="en"),
            Language("vi", "01", ready=True, draft=True),
        ),
        "most_used": ("en", "fr"),
        "menus": {
            "main": Menu("main", {"1": Choice(now=True), "2": Choice(menu="daily"), "3": Choice(section="rights")}),
            "daily": Menu("daily", {"1": Choice(section="meals")}),
        },
        "sections": {
            "meals": Section("meals", ("meals.when", "meals.phone"), frozenset({"meals.phone"}), old=True),
            "rights": Section("rights", ("rights.one", "rights.two"), legal=True, then="more-rights"),
            "more-rights": Section("more-rights", ("more-rights.one",)),
        },
        "limits": Limits(call=600, report=300),
    }
    return Line(**{**fields, **changes})


class Telling:
    """One story, told as far as the keys reach.

    `keys` are pressed in order, one for each question with patience that is asked: a digit, `.` for silence.
    `cuts` presses a key during a clip: {"meals.when": "#"}, each once. Other answers have a default that a test
    may change.
    """

    def __init__(
        self,
        keys: str = "",
        entry: Entry = Entry(),
        line: Line | None = None,
        cuts: Iterable[tuple[str, str]] = (),
        answers: dict[type[Action[Any]], Callable[[Any], object]] | None = None,
        seconds: float = 1.0,
    ) -> None:
        self.keys = list(keys)
        self.cuts = list(cuts)
        self.said: list[str] = []
        self.done: list[Action[Any]] = []
        self.ended = False
        self.elapsed = 0.0
        self.seconds = seconds
        self._answers = answers or {}
        line = line or small_line()
        self._tell(studio.call(line) if entry.studio else script.call(line, entry))

    def _tell(self, story: Any) -> None:
        answer: object = None
        while len(self.done) < 2000:
            try:
                action = story.send(answer)
            except StopIteration:
                self.ended = True
                return
            self.done.append(action)
            try:
                answer = self._answer(action)
            except EOFError:
                story.close()
                return

    def _answer(self, action: Action[Any]) -> object:
        self.elapsed += self.seconds
        if make := self._answers.get(type(action)):
            return make(action)
        defaults: dict[type[Action[Any]], Callable[[Any], object]] = {
            Ask: self._ask,
            Say: self._hear,
            Look: lambda _: Moment(NOON, self.elapsed),
            Reached: lambda _: None,
            Note: lambda _: None,
            Record: lambda asked: Recorded(min(30.0, asked.longest), in_time=True),
            AskKept: lambda _: Kept(125.0, voice=True),
            IssueReceipt: lambda _: Receipt("123456789012"),
            FindReceipt: lambda asked: Found(answer=False) if asked.digits == "123456789012" else Unknown(),
            HearAnswer: lambda _: Silence(),
            CheckPin: lambda asked: Volunteer("alice", ("fr", "ar")) if asked.digits == "12345678" else Nobody(),
            Publish: lambda _: True,
            AskInForce: lambda _: (),
            EndNotice: lambda _: None,
            Speak: lambda asked: Spoken(Clip(asked.language, f"tape:{len(self.all(Speak))}")),
            AskToRecord: lambda asked: tuple(Clip(asked.language, clip) for clip in ("meals.when", "meals.phone")),
            KeepTake: lambda _: True,
            AskToJudge: lambda _: tuple(ToJudge(Clip("fr", clip), Clip("fr", f"take:{clip}")) for clip in ("a", "b")),
            Judge: lambda _: True,
            Connect: lambda _: Connected(),
        }
        return defaults[type(action)](action)

    def _ask(self, ask: Ask) -> Key | Silence:
        for place, clip in enumerate(ask.clips):
            self._name(clip)
            if self.cuts and self.cuts[0][0] in (clip.id, f"{clip.language}/{clip.id}"):
                return Key(self.cuts.pop(0)[1], place)
        if not ask.patience:
            return Silence()
        if not self.keys:
            raise EOFError
        key = self.keys.pop(0)
        return Silence() if key == "." else Key(key, len(ask.clips))

    def _hear(self, say: Say) -> None:
        for clip in say.clips:
            self._name(clip)

    def _name(self, clip: Clip) -> None:
        self.said.append(f"{clip.language}/{clip.id}")

    def all(self, kind: type[Action[Any]]) -> list[Any]:
        return [action for action in self.done if isinstance(action, kind)]

    @property
    def places(self) -> list[str]:
        return [reached.place for reached in self.all(Reached)]


__all__ = ["Entry", "Later", "Telling", "small_line"]
