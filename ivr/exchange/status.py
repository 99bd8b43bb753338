"""How the line is, for a person who asks: what runs, what callers hear, what is due. Never a witness's call."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.content import plan
from ivr.problems import ToMend
from ivr.prompts.release import open_current
from ivr.prompts.telephone import RECORD, Desk, unbrought
from ivr.reports import trial
from ivr.reports.alive import is_sealing

from .asterisk import AsteriskFailed
from .canary import last
from .instance import Exchange

_OLD = 40  # days; a private Asterisk is fetched anew each month
_LISTENS = "0A"  # a socket's state in /proc/net/tcp


@dataclass(frozen=True)
class Look:
    """Where to look: `root` is the folder of the private Asterisk, `agi_port` the server's, `canary` its folder.

    `waiting` is the folder of takes that nobody has judged yet, `telephone` where those go that were found good.
    """

    exchange: Exchange
    root: Path
    agi_port: int
    prompts: Path
    reports: Path
    waiting: Path
    telephone: Desk
    canary: Path


@dataclass(frozen=True)
class Status:
    """What was found. `age` is the days since the private Asterisk was fetched, None where the system's own runs.

    `calls` counts those that came in for information; None where Asterisk does not run. `stopped` names what
    does not run: the line is open when nothing does. `canary` is what it heard last.
    """

    stopped: tuple[str, ...]
    release: str
    languages: tuple[str, ...]
    calls: int | None
    age: int | None
    canary: str
    due: tuple[str, ...]


def status(look: Look, today: date) -> Status:
    """Look at everything once; nothing is changed, and nothing is asked of a call."""
    release, languages = _heard(look.prompts)
    calls = _calls(look.exchange)
    runs = {
        "Asterisk": calls is not None,
        "server": _listening(look.agi_port),
        "sealer": is_sealing(look.reports),
    }
    age = _age(look)
    due = (_old(age), _full(look.exchange.memory), _silent(look, today), _unjudged(look), _unbrought(look))
    return Status(
        tuple(name for name, running in runs.items() if not running),
        release,
        languages,
        calls,
        age,
        _sang(look.canary),
        tuple(sentence for sentence in due if sentence),
    )


def _heard(prompts: Path) -> tuple[str, tuple[str, ...]]:
    """Return the live release and the languages that it offers; empty without one."""
    try:
        with open_current(prompts) as release:
            line = plan.from_json(release.line_json())
            return release.name, tuple(language.code for language in line.offered)
    except ToMend:
        return "", ()


def _calls(exchange: Exchange) -> int | None:
    """Count the calls that came in on `line` or `line-<language>`."""
    try:
        told = exchange.tell("core show channels concise")
    except AsteriskFailed:
        return None
    entries = (line.split("!")[2] for line in told.splitlines() if line.count("!") > 2)  # noqa: PLR2004 - the extension
    return sum(entry == "line" or entry.startswith("line-") for entry in entries)


def _listening(port: int) -> bool:
    """Tell whether a program listens on a port of loopback, without becoming a call of it."""
    listed = (line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:])
    return any(fields[1].endswith(f":{port:04X}") and fields[3] == _LISTENS for fields in listed)


def _age(look: Look) -> int | None:
    if not look.exchange.asterisk.modules.is_relative_to(look.root):
        return None
    return int((time.time() - look.root.stat().st_mtime) // 86400)


def _old(age: int | None) -> str:
    if age is None or age <= _OLD:
        return ""
    return f"Asterisk is {age} days old: fetch it anew for its security fixes (scripts/asterisk-root)."


def _sang(canary: Path) -> str:
    found = last(canary)
    if found is None:
        return "has not called yet"
    return f"{found.at:%d %B %Y, %H:%M}: {found.heard or f'NOT HEARD. {found.why}'}"


def _full(memory: Path) -> str:
    try:
        room = json.loads((memory / "kept/room.json").read_bytes())["room"]
    except (OSError, ValueError, KeyError):
        return ""
    return "" if room else "The disk is full: free some space, or reports are turned away."


def _silent(look: Look, today: date) -> str:
    count = len(trial.silent(look.reports, today))
    return f"{count} of those entrusted have not shown this month that they can open reports." if count else ""


def _unjudged(look: Look) -> str:
    count = len(list(look.waiting.glob(f"*/*/*/{RECORD}")))
    return f"Recordings by telephone that another volunteer is to judge: {count}." if count else ""


def _unbrought(look: Look) -> str:
    count = len(unbrought(look.telephone))
    return f"Recordings by telephone that were found good: {count}. `ivr build` brings them." if count else ""


def told(found: Status, say: Callable[[str], object]) -> None:
    """Say it in lines for a person."""
    say(f"The line is CLOSED: not running: {', '.join(found.stopped)}." if found.stopped else "The line is open.")
    say(f"Release    {found.release or 'none: run `ivr build`'}")
    say(f"Languages  {' '.join(found.languages) or 'none'}")
    say(f"Calls now  {'unknown' if found.calls is None else found.calls} (for information)")
    own = "the system's own"
    say(f"Asterisk   {own if found.age is None else f'fetched {found.age} days ago'}")
    say(f"Canary     {found.canary}")
    for sentence in found.due or ("nothing",):
        say(f"Due        {sentence}")
