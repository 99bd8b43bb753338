"""The witness line: what sealing costs beside Asterisk's own Record(), and how soon a word is sealed."""

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from ivr.reports.folder import Report
from ivr.reports.memory import Part
from ivr.reports.opening import open_file
from ivr.settings import Settings
from tests import release as releases
from tests.asterisk_fixture import RunningAsterisk, running_asterisk
from tests.bench.processes import processor_time
from tests.line import witness
from tests.line.crowd import Crowd, OneOfMany, Steps, speaks
from tests.phone.alaw import decoded
from tests.phone.heard import FRAME
from tests.release import Published
from tests.running_line import RunningLine, running_line

RUNS = 3
SPEAKERS, SECONDS = 20, 60.0
CROWD, CROWD_SECONDS = 100, 12.0


def measure(long: bool) -> None:
    """Print what a sealed recording costs, the longest lag and, when it may take long, 200 times kill -9."""
    release = releases.read(Settings().prompts)
    with running_line(release) as line, running_asterisk(agi_port=1, prompts=release.folder) as plain:
        cost(line, plain)
        lag(line)
    if long:
        print("200 times kill -9 while twenty speak:", flush=True)
        kills = ("-m", "pytest", "-q", "-n0", "tests/line/test_kills.py", "--kills", "200")
        subprocess.run([sys.executable, *kills], check=False)


def cost(line: RunningLine, plain: RunningAsterisk) -> None:
    """Print the processor time of twenty sealed recordings in pairs with twenty of the dialplan's Record()."""
    ours = [line.asterisk.process.pid, *(process.pid for process in line.processes.values())]
    ratios = []
    for run in range(1, RUNS + 1):
        sealed = spent(line.asterisk, line.release, speaks, lambda: processor_time(*ours))
        recorded = spent(plain, line.release, is_recorded, lambda: processor_time(plain.process.pid))
        ratios.append(sealed / recorded)
        seconds = SPEAKERS * SECONDS
        print(
            f"  {run}: a second recorded and sealed takes {sealed / seconds * 1000:.2f} ms of a processor, "
            f"by Record() {recorded / seconds * 1000:.2f} ms: {ratios[-1]:.2f} times",
            flush=True,
        )
    print(f"  sealed against Record(): {median(ratios):.2f} times in the middle of {RUNS} runs (aim: 1.25)")


def spent(
    asterisk: RunningAsterisk,
    release: Published,
    story: Callable[[OneOfMany, bytes], Steps],
    processors: Callable[[], float],
) -> float:
    """Return the processor seconds of twenty recordings, from the first word until all is where it stays."""
    words = [witness.speech(SECONDS, seed) for seed in range(SPEAKERS)]
    with Crowd(asterisk.sip, release.clips, [partial(story, speech=one) for one in words]) as crowd:
        crowd.wait(lambda: crowd.started == SPEAKERS, 90, "all to speak")
        before = processors()
        crowd.wait_told(SECONDS + 30)
        crowd.hang_up()
        asterisk.wait_channels(0)
    if story is speaks:
        asterisk.wait_for(lambda: not asterisk.recordings(), 60, "the sealing")
    else:
        for file in asterisk.recordings():
            file.unlink()
    return processors() - before


def is_recorded(caller: OneOfMany, speech: bytes) -> Steps:
    """Call a line without a server, whose dialplan records after its apology; speak after the tone."""
    caller.dial("line-en")
    yield lambda: caller.hears("tone")
    until = time.monotonic() + 1
    yield lambda: time.monotonic() > until
    caller.spoke_from = len(caller.sound.said)
    caller.sound.speak(speech)


def lag(line: RunningLine) -> None:
    """Print the longest time from a word to its sealed file, while a hundred speak at once."""
    words = [witness.speech(CROWD_SECONDS, 500 + seed) for seed in range(CROWD)]
    before = witness.reports(line).keys()
    ours = [process.pid for process in line.processes.values()] + [line.asterisk.process.pid]
    with Crowd(line.asterisk.sip, line.release.clips, [partial(speaks, speech=one) for one in words]) as crowd:
        crowd.wait(lambda: crowd.started == CROWD, 90, "all to speak")
        began, at = processor_time(*ours), time.monotonic()
        crowd.wait_told(60)
        share = (processor_time(*ours) - began) / (time.monotonic() - at)
    witness.sealed(line)
    spoken = {frame: at for caller in crowd.callers for frame, at in told(caller)}
    new = [report for name, report in witness.reports(line).items() if name not in before]
    lags = sorted(lag for report in new for lag in lags_of(line, report, spoken))
    print(
        f"  {CROWD} speak at once: a word is sealed after {median(lags):.2f} s in the middle, "
        f"{lags[-1]:.2f} s at the longest (aim: 2.5); the line computes {share:.2f} s a second"
    )


def told(caller: OneOfMany) -> list[tuple[bytes, float]]:
    """Return each loud frame that a caller spoke, as a report holds it, and when it was sent."""
    said = decoded(caller.said)
    frames = [said[place * 2 * FRAME :][: 2 * FRAME] for place in range(len(caller.sent))]
    return [(frame, at) for frame, at in zip(frames, caller.sent, strict=True) if len(set(frame)) > 20]


def lags_of(line: RunningLine, report: Report, spoken: dict[bytes, float]) -> list[float]:
    """Return for each sealed slice how long its first word waited: the file's ctime cannot be set by anybody."""
    key = witness.identity(line)
    lags = []
    for name in report.slices(Part(report.name, 1)):
        sound = open_file(report.path / name, key) or b""
        frames = (sound[place : place + 2 * FRAME] for place in range(0, len(sound), 2 * FRAME))
        if sent := [spoken[frame] for frame in frames if frame in spoken]:
            lags.append((report.path / name).stat().st_ctime - sent[0])
    return lags
