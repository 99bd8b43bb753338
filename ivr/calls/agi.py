"""The AGI wire: commands to Asterisk and their replies, over a FastAGI socket or a script's standard streams.

The rules are those of Asterisk's `res/res_agi.c`: one command a line, one reply a line (`520` takes several),
and a bare `HANGUP` line that may come at any time once the caller is gone.
"""

import os
import re
import select
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from ivr.calls.presses import Presses

T = TypeVar("T")

LONGEST_LINE = 8192
LONGEST_COMMAND = 2046  # bytes: Asterisk reads 2048 with the line's end (AGI_BUF_LEN), the rest as another command
MOST_VARIABLES = 200
ANY_KEY = "0123456789*#"
QUICK = 10.0  # seconds for a command that waits for nobody
SLACK = 15.0  # seconds more than a prompt or a recording may take
LONGEST_SOUND = 120.0
SAMPLES_A_SECOND = 8000
TONE = "!1000/400"  # Hertz and milliseconds, once
TONE_SECONDS = 0.4
LAST_KEY = 127  # Asterisk gives a key as its ASCII code
_NUMBER = "[0-9]{1,10}"
_BREAK = re.compile(r"[\r\n\0]")
_REPLY = re.compile(
    rf"200 result=(-?{_NUMBER})(?: \((?P<text>[^)]*)\))?(?: endpos=(?P<end>{_NUMBER}))?(?: Gosub [a-z ]+)?\s*$"
)


class CallerHungUp(Exception):
    """The caller is gone: normal life, not an error."""


class WireBroken(Exception):
    """The other side does not speak AGI, or not in time; the connection is of no more use."""


class SoundMissing(Exception):
    """Asterisk could not open a sound."""


def first_there(sounds: Iterable[str], play: Callable[[str], T]) -> T:
    """Play the first of these sounds that Asterisk can open; raise SoundMissing where it opens none."""
    for sound in sounds:
        with suppress(SoundMissing):
            return play(sound)
    raise SoundMissing


class CannotRecord(Exception):
    """Asterisk could not write the recording."""


@dataclass(frozen=True)
class Reply:
    """The number, the word in brackets, and the position in samples where a sound ended."""

    result: int
    text: str = ""
    end: int = 0


@dataclass(frozen=True)
class Tape:
    """A recording that is over while the caller is still there; `in_time` is false where its time ran out."""

    seconds: float
    in_time: bool


class Wire:
    """Lines over two file descriptors; every read has a time-out, in seconds."""

    def __init__(self, reads: int, writes: int) -> None:
        self._reads, self._writes = reads, writes
        self._pending = b""
        self._poll = select.poll()
        self._poll.register(reads, select.POLLIN)

    def line(self, seconds: float) -> str:
        """Return the next line; raise `CallerHungUp` at the end, `WireBroken` when it is late or too long."""
        if b"\n" not in self._pending:
            self._wait_for_a_line(time.monotonic() + seconds)
        line, _, self._pending = self._pending.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    def _wait_for_a_line(self, deadline: float) -> None:
        while b"\n" not in self._pending:
            if len(self._pending) > LONGEST_LINE:
                raise WireBroken("a line is longer than AGI's lines are.")
            self._more(deadline - time.monotonic())

    def _more(self, seconds: float) -> None:
        if seconds <= 0 or not self._poll.poll(seconds * 1000):
            raise WireBroken("no reply came in time.")
        try:
            data = os.read(self._reads, 65536)
        except ConnectionError:
            data = b""
        if not data:
            raise CallerHungUp
        self._pending += data

    def send(self, line: str) -> None:
        """Write one line; raise `ValueError` for one that Asterisk would read as two."""
        data = f"{line}\n".encode()
        if len(data) > LONGEST_COMMAND:
            raise ValueError("an AGI command must fit into Asterisk's memory for one: shorten its arguments.")
        try:
            while data:
                data = data[os.write(self._writes, data) :]
        except (BrokenPipeError, ConnectionError):
            raise CallerHungUp from None


def quoted(argument: str) -> str:
    """Return an argument in quotation marks; raise `ValueError` for what would begin another command."""
    if _BREAK.search(argument):
        raise ValueError("an AGI argument may hold no line break and no NUL.")
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Agi:
    """One call on the wire; `keys` says how they arrive where the wire does not (see the setting dtmf_mode)."""

    def __init__(self, wire: Wire, keys: str = "") -> None:
        self._wire = wire
        self._gone = False
        self.environment = self._read_environment()
        inband = (keys or self.environment.get("agi_arg_1")) == "inband"
        self._presses = Presses() if inband else None

    def _read_environment(self) -> dict[str, str]:
        found: dict[str, str] = {}
        deadline = time.monotonic() + QUICK
        while line := self._wire.line(deadline - time.monotonic()):
            name, colon, value = line.partition(": ")
            if not name.startswith("agi_") or not (colon or line.endswith(":")) or len(found) >= MOST_VARIABLES:
                raise WireBroken("what came first is not an AGI environment.")
            found[name.rstrip(":")] = value
        return found

    def command(self, *words: str, seconds: float = QUICK) -> Reply:
        """Send a command and return its reply; raise `CallerHungUp` where the caller has gone."""
        self._wire.send(" ".join(words))
        deadline = time.monotonic() + seconds
        while (line := self._wire.line(deadline - time.monotonic())) == "HANGUP" or line.startswith("100 "):
            self._gone |= line == "HANGUP"  # 100: GOSUB is on its way
        if line.startswith("520-"):
            self._skip_usage(deadline)
        if found := _REPLY.match(line):
            return Reply(int(found[1]), found["text"] or "", int(found["end"] or 0))
        if line.startswith("511"):
            raise CallerHungUp
        raise WireBroken(f"the reply {line[:60]!r} is none that AGI knows.")

    def _skip_usage(self, deadline: float) -> None:
        """Read the lines with which Asterisk explains a command, so that none is taken for another reply."""
        while not self._wire.line(deadline - time.monotonic()).startswith("520 "):
            pass

    def answer(self) -> None:
        """Answer the call: from here on it may cost the caller something."""
        if self.command("ANSWER").result == -1:
            raise CallerHungUp

    def open_ears(self) -> None:
        """Let a caller hear what is played before the call is answered (early media)."""
        self.command("EXEC", "Progress")
        # The 183 goes out in a thread of Asterisk's own (chan_pjsip), and what is played before it has gone out is
        # lost. What is read of SIP is read in that thread: when this answer is here, so is the 183 on its way.
        self.command("GET VARIABLE", "CHANNEL(pjsip,secure)")

    def play(self, sound: str) -> str | None:
        """Play a sound (a path without its ending) and return the key that cut it."""
        return self._stream(sound, ANY_KEY)

    def say(self, sound: str) -> None:
        """Play a sound that no key cuts."""
        self._stream(sound, "")

    def wait(self, seconds: float) -> str | None:
        """Wait for a key and return it, or nothing."""
        until = time.monotonic() + seconds
        while seconds >= 0:
            reply = self.command("WAIT FOR DIGIT", str(round(seconds * 1000)), seconds=seconds + SLACK)
            if reply.result == -1:
                raise CallerHungUp
            key = self._key(reply)
            if not self._told_again(key):
                return key
            seconds = until - time.monotonic()
        return None

    def record(self, sound: str, seconds: float) -> Tape:
        """Sound the tone, record as `sln` until `#`, the time or a hang-up, and return the length."""
        self._tone()
        limit = str(round(seconds * 1000))
        reply = self.command("RECORD FILE", quoted(sound), "sln", quoted("#"), limit, seconds=seconds + SLACK)
        if reply.text == "writefile":
            raise CannotRecord(sound)
        if reply.result == -1:
            raise CallerHungUp
        if reply.text == "dtmf":
            self._told_again("#")
        return Tape(reply.end / SAMPLES_A_SECOND, in_time=reply.text != "timeout")

    def _tone(self) -> None:
        """Sound a tone that Asterisk makes itself: RECORD FILE's BEEP is silent without a file."""
        self.command("EXEC", "PlayTones", quoted(TONE))
        self.wait(TONE_SECONDS)
        self.command("EXEC", "StopPlayTones")

    def set_variable(self, name: str, value: str) -> None:
        """Set a variable of the channel, for the dialplan."""
        self.command("SET VARIABLE", name, quoted(value))

    def connect(self, number: str, rings: int, longest: int) -> bool:
        """Let the caller speak with a number of the rota (asterisk's `person` context), and tell whether they did.

        It rings so many seconds, and they speak `longest` seconds at the most.
        """
        given = quoted(f"{rings},{longest * 1000}")
        self.command("SET VARIABLE", "IVR_SPOKEN", quoted(""))
        self.command("GOSUB", "person", quoted(number), "1", given, seconds=rings + longest + SLACK)
        return self.command("GET VARIABLE", "IVR_SPOKEN").text == "ANSWER"

    def _stream(self, sound: str, keys: str) -> str | None:
        begin: tuple[str, ...] = ()
        while True:
            words = ("STREAM FILE", quoted(sound), quoted(keys), *begin)
            reply = self.command(*words, seconds=LONGEST_SOUND + SLACK)
            if reply.result == -1:
                if reply.end == 0 and self._still_there():
                    raise SoundMissing(sound)
                raise CallerHungUp
            key = self._key(reply)
            if not self._told_again(key):
                return key
            begin = (str(reply.end),)  # what was cut by no key of the caller's goes on

    def _told_again(self, key: str | None) -> bool:
        return bool(key and self._presses and self._presses.told_again(key))

    def _still_there(self) -> bool:
        """Tell a missing sound from a hang-up, which Asterisk answers alike: of the latter it speaks now."""
        if not self._gone:
            self.command("NOOP")
        return not self._gone

    @staticmethod
    def _key(reply: Reply) -> str | None:
        if reply.result > LAST_KEY:
            raise WireBroken(f"{reply.result} is no key.")
        return chr(reply.result) if reply.result > 0 else None
