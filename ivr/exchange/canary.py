"""The canary: a call of the line to itself, every hour, that listens, presses keys and checks what it hears.

It goes as far as the welcome of the witness line and hangs up before the tone: nothing is recorded. It comes in by an
entry of its own, so that no figure counts it, whatever happens to it. People in charge get a mail when the line is not
heard, and one when it is heard again.

<folder>/last.json   when it called last, what it heard, or why nothing
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ivr.callflow.line import MAIN, WITNESS, Choice, Language, Line
from ivr.content import plan
from ivr.problems import ToMend
from ivr.prompts.release import Release, open_current
from ivr.reports import disk, outbox
from ivr.reports.outbox import Mail

from .telephone import NotReached, Telephone, frames

PAUSE = 20.0
"""Seconds before a line that was not heard is called once more: one stumble is no outage."""
PATIENCE = 20.0
"""Seconds until a clip begins."""
_RINGS: Final = 30.0  # seconds: a full line lets its callers wait for twenty
_HEARD: Final = 0.8  # of a clip: a busy machine may drop a frame
_APOLOGY: Final = 0.2  # of one: enough to know it by, and long before the dialplan begins to record
_BUSY: Final = 486
_FRAME: Final = 0.02  # seconds
_APOLOGIES: Final = ("apology", "apology-witness")


class NotHeard(Exception):
    """The line is down; the sentence says what was not heard."""


@dataclass(frozen=True)
class Last:
    """The last call: `at` has a zone; `heard` or else `why` not is a sentence; `since` is when it fell silent."""

    at: datetime
    heard: str = ""
    why: str = ""
    since: datetime | None = None


_LAST: Final = TypeAdapter(Last)


def call(prompts: Path, port: int) -> str:
    """Call the line on this machine, and say what was heard. Raises NotHeard."""
    try:
        with open_current(prompts) as release:
            line = plan.from_json(release.line_json())
            return _Call(release, line, line.offered[0]).make(port)
    except (ToMend, OSError, IndexError) as error:
        raise NotHeard(f"There is nothing to hear: {error}") from error


class _Call:
    """One call in one language, and the clips that must come, each after a key."""

    def __init__(self, release: Release, line: Line, language: Language) -> None:
        self._release = release
        self._line = line
        self._language = language
        most_used = {language.code, *line.most_used}
        self._apologies = [self._sound(clip, code) for clip in _APOLOGIES for code in most_used]

    def make(self, port: int) -> str:
        began = time.monotonic()
        with Telephone(port, f"canary-{self._language.code}") as telephone:
            try:
                telephone.call(_RINGS)
                for key, clip in self._steps():
                    if key:
                        telephone.press(key)
                    self._hear(telephone, clip)
            except NotReached as error:
                if error.status == _BUSY:
                    return "The line is open, and every place is taken."
                raise NotHeard(f"The call did not come through: {error}.") from error
        return f"The line was heard, from its menu to the witness line, in {time.monotonic() - began:.0f} s."

    def _steps(self) -> Iterator[tuple[str, str]]:
        """Yield the main menu, a menu below it, and the welcome of the witness line: a key and a clip each."""
        menus = self._line.menus
        yield "", _first(menus[MAIN].id, menus[MAIN].choices)
        key, below = next(((key, one.menu) for key, one in menus[MAIN].choices.items() if one.menu), ("", ""))
        if below:
            yield key, _first(below, menus[below].choices)
        yield WITNESS, "witness-welcome"

    def _hear(self, telephone: Telephone, clip: str) -> None:
        """Return when a clip was heard; raise NotHeard, at once where callers hear an apology instead."""
        wanted = self._sound(clip, self._language.code)

        def told() -> bool:
            if any(telephone.share(apology) > _APOLOGY for apology in self._apologies):
                raise NotHeard("Callers hear the apology: the server is gone, or broken.")
            return telephone.share(wanted) >= _HEARD

        if not telephone.hears(told, PATIENCE + len(wanted) * _FRAME):
            raise NotHeard(f"The clip {self._language.code}/{clip} was not heard.")

    def _sound(self, clip: str, code: str) -> frozenset[bytes]:
        return frames(Path(f"{self._release.sound(code, clip)}.alaw").read_bytes())


def _first(menu: str, choices: Mapping[str, Choice]) -> str:
    return f"{menu}.{next(iter(choices))}"


def watch(listen: Callable[[], str], folder: Path, mails: Path, clock: Callable[[], datetime]) -> Last:
    """Call, a second time where the line is not heard, and mail once when it falls silent and once when it is back."""
    before, found = last(folder), _listened(listen, clock)
    if found.why:
        time.sleep(PAUSE)
        found = _listened(listen, clock)
    silent = before.since if before else None
    if found.why:
        found = replace(found, since=silent or found.at)
    if found.why and not silent:
        outbox.post(mails, _down(found.why), "down")
    if before and silent and not found.why:
        (mails / "down.json").unlink(missing_ok=True)  # not sent yet: the other mail says it all
        outbox.post(mails, _back(before, silent), "back")
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    disk.put(folder / "last.json", _LAST.dump_json(found, indent=1))
    return found


def _listened(listen: Callable[[], str], clock: Callable[[], datetime]) -> Last:
    try:
        return Last(clock(), heard=listen())
    except NotHeard as error:
        return Last(clock(), why=str(error))


def _down(why: str) -> Mail:
    text = f"{why}\n\nOn the machine, `ivr status` says what does not run. You get one more mail, when it is back."
    return Mail("The line is down", text, soon=True)


def _back(before: Last, since: datetime) -> Mail:
    text = f"It was not heard since {since:%A %d %B %Y, %H:%M}. What was found then: {before.why}"
    return Mail("The line is back", text, soon=True)


def last(folder: Path) -> Last | None:
    """Return the last call of the canary; None before the first, or where it cannot be read."""
    try:
        return _LAST.validate_json((folder / "last.json").read_bytes())
    except (OSError, ValidationError):
        return None
