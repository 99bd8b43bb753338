"""The prompt works: what a clip costs beside its engine, a full build beside espeak-ng, a change beside nothing."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from ivr.content.check import check
from ivr.content.utterance import Utterance
from ivr.prompts.engines import engine
from ivr.prompts.make import make
from ivr.prompts.manifest import Voice, Wanted
from ivr.prompts.prepare import prepared
from ivr.prompts.release import live
from ivr.settings import Settings
from tests import release as releases
from tests.bench.processes import seconds_of_children
from tests.line.listeners import Listener, listen
from tests.release import Published
from tests.running_line import IVR, RunningLine, running_line

CLIPS, RUNS = 40, 5
FIVE = "Free hot food is served every day at six in the evening. The place is near the port."
CORES = len(os.sched_getaffinity(0))
NOON = "2026-11-23 11:00:30"  # UTC, a Monday: the evening meal is the third thing that is open next
SERVICE, HOUR = "services/evening-meal.yaml", "18:00"
HOURS = ("19:15", "19:20", "19:25")
OPEN_NOW = "1"
PATIENCE = 90.0


def measure(_long: bool) -> None:
    """Print what the pipeline costs, and how long a full build takes, one of nothing new, one of one hour."""
    with tempfile.TemporaryDirectory(prefix="calais-bench-") as made:
        folder = Path(made)
        shutil.copytree(Settings().content, folder / "content")
        pipeline(folder / "shelf")
        full(folder)
        nothing(folder)
        hour(folder)


def pipeline(shelf: Path) -> None:
    """Print the processor time of a clip of five seconds, beyond that of its engine."""
    shelf.mkdir()
    voice, said = Voice("en", "espeak", "en+f2", 140), Utterance("en", "five", FIVE, FIVE, slow=False)
    speech = engine("espeak").speak(FIVE, voice, slow=False)
    fives = len(speech.pcm) / 2 / speech.rate / 5
    spoken = processor(lambda _: engine("espeak").speak(FIVE, voice, slow=False))
    whole = processor(lambda number: make(Wanted(said, f"clip{number}", voice), shelf))
    beyond = (whole - spoken) / fives * 1000
    print(
        f"  5 s of a clip cost {beyond:.1f} ms of a processor beyond the engine's {spoken / fives * 1000:.1f} ms: "
        f"cleaned, made equally loud, coded in all codecs, checked, written (aim: 25)",
        flush=True,
    )


def processor(work: Callable[[int], object]) -> float:
    """Return the processor seconds of a piece of work, in the middle of many."""
    spent = []
    for number in range(CLIPS):
        began = time.process_time()
        work(number)
        spent.append(time.process_time() - began)
    return median(spent)


def full(folder: Path) -> None:
    """Print how long all languages take, built from nothing, and by the program espeak-ng run once a clip."""
    ours = timed(lambda: build(folder))
    words = list(program_words(folder))
    theirs = timed(lambda: espeak_ng(words, folder / "espeak-ng"))
    print(
        f"  {len(words)} clips of all languages: built in {ours[0]:.1f} s ({ours[1]:.1f} s of processors), spoken by "
        f"espeak-ng, once a clip, {CORES} at a time, in {theirs[0]:.1f} s ({theirs[1]:.1f} s): "
        f"{ours[0] / theirs[0]:.2f} times (aim: 1.6), {ours[1] / theirs[1]:.2f} of processors",
        flush=True,
    )


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a piece of work in other processes takes, and their processor seconds."""
    began, spent = time.monotonic(), seconds_of_children()
    work()
    return time.monotonic() - began, seconds_of_children() - spent


def build(folder: Path) -> str:
    """Run `ivr build`; return what it says last."""
    ours = {"content": folder / "content", "prompts": folder / "prompts", "state": folder / "state"}
    variables = {f"IVR_{name.upper()}": str(value) for name, value in ours.items()}
    built = subprocess.run([IVR, "build"], env={**os.environ, **variables}, capture_output=True, text=True, check=True)
    return built.stdout.splitlines()[-1]


def program_words(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield what espeak-ng is told for each clip of the release: the same words as its library gets, as prepared."""
    checked = check(folder / "content")
    languages = {one.code: one for one in checked.content.languages}
    for code in {name.partition("/")[0] for name in releases.read(folder / "prompts").clips}:
        language = languages[code]
        voice = {"ti+f2": "am+f2"}.get(language.voices["espeak"], language.voices["espeak"])  # Debian's has no Tigrinya
        for said in checked.words[code]:
            words = prepared(said.speech, "espeak", code)
            yield "-v", voice, "-s", str(language.speed), "-w", f"{code}.{said.id}.wav", words


def espeak_ng(words: Sequence[Sequence[str]], to: Path) -> None:
    """Run the program once a clip, as many at a time as there are cores."""
    to.mkdir()
    each = ("xargs", "-0", "-P", str(CORES), "-n", "7", "espeak-ng")
    told = "\0".join(word for clip in words for word in clip)
    subprocess.run(each, cwd=to, input=told.encode(), check=True)
    assert len(list(to.iterdir())) == len(words)


def nothing(folder: Path) -> None:
    """Print how long a build takes for which nothing has changed."""
    times = [timed(lambda: build(folder)) for _ in range(RUNS)]
    middle, computed = (median(values) for values in zip(*times, strict=True))
    print(
        f"  nothing changed: {middle:.2f} s in the middle of {RUNS} ({computed:.2f} s of processors; aim: 0.5)",
        flush=True,
    )


def hour(folder: Path) -> None:
    """Print how long it takes from an hour that is saved to the release that calls hear, in every language."""
    before = releases.read(folder / "prompts")
    service = folder / "content" / SERVICE
    written = service.read_text()
    assert f'"{HOUR}"' in written
    times = []
    with running_line(before, at=NOON) as line:
        for new in HOURS:
            service.write_text(written.replace(f'"{HOUR}"', f'"{new}"'))
            switched = Switched(folder / "prompts")
            told = build(folder)
            times.append(switched.after())
            after = releases.read(folder / "prompts")
            made = {name for name in after.clips if name not in before.clips}
            heard = callers(line, after, f"at.{new.replace(':', '-')}")
            before = after
            print(f"  {HOUR} → {new}: {times[-1]:.2f} s; {told}", flush=True)
            print(f"    new: {', '.join(sorted({name.partition('/')[2] for name in made}))}; {heard}", flush=True)
    print(f"  an hour changed, live in every language: {median(times):.2f} s in the middle (aim: 3)", flush=True)


class Switched:
    """Waits, from now on, for the release that calls hear to change."""

    def __init__(self, prompts: Path) -> None:
        self._began, self._first, self._prompts = time.monotonic(), live(prompts), prompts
        self._seconds = 0.0
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        while live(self._prompts) == self._first:
            time.sleep(0.005)
        self._seconds = time.monotonic() - self._began

    def after(self) -> float:
        """Return how many seconds it took."""
        self._thread.join(PATIENCE)
        assert self._seconds
        return self._seconds


def callers(line: RunningLine, release: Published, clip: str) -> str:
    """Call in every language and ask what is open now; say in how many the clip was heard, byte for byte."""
    codes = [one["code"] for one in release.line["languages"] if one["ready"]]
    calls = [Listener(line.asterisk.sip, f"line-{code}", OPEN_NOW, [release.clips[f"{code}/{clip}"]]) for code in codes]
    listen(calls, len(calls), PATIENCE)
    heard = [code for code, call in zip(codes, calls, strict=True) if not call.waits_for]
    return f"{clip} heard in {len(heard)} of {len(codes)} languages"
