"""A reader at the microphone: the words of each clip, a recorder program that starts and stops, what came of it."""

import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from ivr.content.utterance import Utterance
from ivr.problems import ToMend
from ivr.prompts.bring import Brought, TakeRefused, bring

RECORDERS = (  # the first that is here records; `{file}` is where to
    "rec -q -c 1 -b 16 -r 48000 {file}",  # sox
    "arecord -q -c 1 -f S16_LE -r 48000 {file}",  # alsa-utils
)
PLAYERS = ("play -q {file}", "aplay -q {file}")
PATIENCE = 10  # seconds in which a recorder that is told to stop must have stopped


class Answer(Enum):
    """What the reader wants done with what they just said."""

    KEEP = "k"
    AGAIN = "a"
    SKIP = "s"
    QUIT = "q"


class RecorderMissing(ToMend):
    """There is no program that records here."""


def first_of(programs: Sequence[str]) -> str | None:
    """Return the first command line whose program is on this machine."""
    return next((one for one in programs if shutil.which(one.split()[0])), None)


def recorder(named: str = "") -> str:
    """Return the command line that records into `{file}`; raise RecorderMissing."""
    if named and "{file}" not in named:
        raise RecorderMissing("The recorder's command needs {file}: where it is to record to.")
    found = first_of((named,) if named else RECORDERS)
    if not found:
        raise RecorderMissing("There is no recorder here: apt-get install sox, or name one with --recorder.")
    return found


class Reader:
    """One person's reading; `ask` shows a sentence and returns what was typed, `say` shows one.

    A clip is recorded from Enter to Enter, shown and played, and kept in `folder` only if the reader says so.
    """

    def __init__(self, folder: Path, command: str, ask: Callable[[str], str], say: Callable[[str], None]) -> None:
        self._folder = folder
        self._command = command
        self._ask = ask
        self._say = say

    def read(self, clips: Sequence[Utterance]) -> int:
        """Walk through the clips until the last one, or until the reader has had enough; return how many are kept."""
        kept = 0
        for number, said in enumerate(clips, start=1):
            answer = self._one(said, f"{number} of {len(clips)}")
            kept += answer is Answer.KEEP
            if answer is Answer.QUIT:
                break
        return kept

    def _one(self, said: Utterance, place: str) -> Answer:
        slowly = " (slowly: people write it down)" if said.slow else ""
        self._say(f"\n{place}: {said.language}/{said.id}{slowly}\n\n    {said.text}\n")
        answer = Answer.AGAIN
        while answer is Answer.AGAIN:
            typed = self._ask("Enter to record, s to skip, q to stop")
            answer = Answer(typed) if typed in ("s", "q") else self._recorded(said)
        return answer

    def _recorded(self, said: Utterance) -> Answer:
        with tempfile.TemporaryDirectory() as made:
            file, trial = Path(made) / f"{said.id}.wav", Path(made) / "trial"
            self._record(file)
            try:
                self._say(shown(bring(file, said, trial)))
            except TakeRefused as refused:
                self._say(str(refused))
                return Answer.AGAIN
            _play(trial / said.language / f"{said.id}.wav")
            answer = _choice(self._ask("k to keep it, a to do it again, s to skip, q to stop"))
            if answer is Answer.KEEP:
                bring(file, said, self._folder)
            return answer

    def _record(self, file: Path) -> None:
        with subprocess.Popen(_filled(self._command, file), stdin=subprocess.DEVNULL) as recording:
            self._ask("Speak now. Enter when you have finished")
            recording.send_signal(signal.SIGINT)  # so that it finishes its file
            try:
                recording.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                recording.kill()


def shown(brought: Brought) -> str:
    """Return how a take was and is, in two lines."""
    return "\n".join(
        f"{when}: {one.seconds:5.1f} s  {one.loudness:6.1f} LUFS  peak {one.peak:6.1f} dB"
        for when, one in (("before", brought.before), ("after ", brought.after))
    )


def _choice(typed: str) -> Answer:
    """Return what was chosen; whatever is no choice means once more, for that loses nothing."""
    return Answer(typed) if typed in {one.value for one in Answer} else Answer.AGAIN


def _play(file: Path) -> None:
    if player := first_of(PLAYERS):
        subprocess.run(_filled(player, file), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _filled(command: str, file: Path) -> list[str]:
    return [part.replace("{file}", str(file)) for part in shlex.split(command)]
