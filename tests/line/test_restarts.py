"""The server dies in the midst of calls, and Asterisk is restarted gracefully; `ivr run` brings both back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Barrier

import pytest

from ivr.exchange import asterisk
from ivr.exchange.instance import Exchange
from tests.asterisk_fixture import CACHE
from tests.line.run import Run, opened_run
from tests.line.witness import QUIET, frames, frames_missing, hears_tone, pause, speech
from tests.phone import CallRefused, Phone
from tests.release import Published
from tests.running_line import IVR

pytestmark = pytest.mark.long(63)

EVERYBODY = ("ar/apology-witness", "en/apology-witness", "fr/apology-witness")
ENGLISH, FRENCH, ARABIC = (("en/apology-witness",), ("fr/apology-witness",), ("ar/apology-witness",))
RECORDING, STUDIO = "speaking", "the studio"
NORMAL_AGAIN = 30.0  # seconds; on a machine that does nothing else it is a tenth of that


@dataclass(frozen=True)
class Step:
    """A step of a call: how to get there, by which clips and which keys after each, and what is heard when it dies."""

    entry: str
    way: tuple[tuple[str, str], ...]
    clip: str
    apologies: tuple[str, ...]


STEPS = {
    "choosing a language": Step("line", (), "en/language-choice", EVERYBODY),
    "on the second page of languages": Step("line", (("en/language-choice", "0"),), "vi/language-choice", EVERYBODY),
    "in the main menu": Step("line-fr", (), "fr/main.2", FRENCH),
    "in a menu below": Step("line-ar", (("ar/main.1", "2"),), "ar/daily.1", ARABIC),
    "in a section": Step("line-en", (("en/main.1", "21"),), "en/old-facts", ENGLISH),
    "hearing what is open now": Step("line-fr", (("fr/main.1", "1"),), "fr/old-facts", FRENCH),
    "after a wrong key": Step("line-en", (("en/main.1", "8"),), "en/wrong-menu", ENGLISH),
    "consenting": Step("witness", (("en/language-choice", "1"),), "en/consent", ENGLISH),
    "telling a receipt": Step("witness", (("en/language-choice", "12"),), "en/enter-receipt", ENGLISH),
    RECORDING: Step("line-en", (("en/main.1", "9"), ("en/witness-welcome", "5")), "", ()),
    "after speaking": Step("line-en", (("en/main.1", "9"), ("en/witness-welcome", "5")), "en/recorded-thanks", ENGLISH),
    STUDIO: Step("studio", (), "en/studio-pin", ("en/apology",)),
}


@pytest.fixture(scope="module")
def run(release: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with opened_run(tmp_path_factory.mktemp("restarts"), release.folder) as opened:
        yield opened


def words(name: str) -> bytes:
    return speech(2, 100 + list(STEPS).index(name))


def leads(name: str, phone: Phone) -> None:
    """Go to a step and be there."""
    step = STEPS[name]
    phone.call(step.entry, timeout=30)
    for clip, keys in step.way:
        phone.hears(clip, timeout=30)
        phone.press(keys)
    if name in (RECORDING, "after speaking"):
        hears_tone(phone)
        pause(phone, 1)
        phone.say(speech(2, 99))
    if name == "after speaking":
        phone.press("#")
    if step.clip:
        phone.hears(step.clip, timeout=30)


def is_told(name: str, phone: Phone, recorded: Callable[[], None]) -> float:
    """Hear the apology to its end, leave a word once everybody is `recorded`; return when the first apology began."""
    step = STEPS[name]
    began = phone.hears(step.apologies[0], timeout=30).begins if step.apologies else 0.0
    if step.apologies[1:]:
        phone.hears_whole(*step.apologies[1:], timeout=60)
    elif name not in (RECORDING, STUDIO):
        rest = len(phone.clips[step.apologies[0]])
        pause(phone, rest / 8000)
    if name == STUDIO:
        phone.wait_hung_up(30)
        return began
    recorded()
    pause(phone, 1)
    phone.say(words(name) + QUIET)
    phone.hang_up()
    return began


def everybody_is_recorded(run: Run, phones: Barrier) -> None:
    """Return when there is a recording for each of these phones, on a busy machine too."""
    until = time.monotonic() + 60
    while len(list((run.memory / "recordings").iterdir())) < phones.parties:
        assert time.monotonic() < until, f"not everybody is recorded:\n{run.printed()}"
        time.sleep(0.1)
    phones.wait(60)  # before any of them hangs up and its recording is sealed


def test_at_each_step_a_dying_server_is_apologised_for_the_caller_is_recorded_and_the_next_call_is_normal(
    run: Run, release: Published
) -> None:
    phones = {name: run.phone(release) for name in STEPS}
    recorded = partial(everybody_is_recorded, run, Barrier(len(STEPS) - 1))  # but who publishes a notice
    with ThreadPoolExecutor(len(STEPS)) as at_once:
        list(at_once.map(leads, phones, phones.values()))
        os.kill(run.started()["serve"], signal.SIGKILL)
        died = time.monotonic()
        told = [at_once.submit(is_told, name, phone, recorded) for name, phone in phones.items()]
        normal = run.wait_answers(release) - died
        began = [one.result() for one in told]
    for phone in phones.values():
        phone.vanish()
    kept = [frames(part.sound) for report in run.sealed_since(set()) for part in report.parts]
    missing = {name: [frames_missing(words(name), [one]) for one in kept] for name in STEPS}
    # A busy Asterisk drops a frame now and then.
    assert {name: sum(count <= 1 for count in counts) for name, counts in missing.items()} == {
        name: int(name != STUDIO) for name in STEPS
    }, missing
    assert max(began) - died < 5
    assert normal < NORMAL_AGAIN


def exchange(run: Run) -> Exchange:
    return Exchange(asterisk.find(CACHE / "asterisk-root"), run.folder / "state/asterisk", run.memory)


def hears_a_menu(phone: Phone) -> None:
    """Press a key, and hear what it leads to."""
    phone.press("2")
    phone.hears_whole("en/daily.1", "en/daily.2", timeout=40)
    phone.hang_up()


def callers(run: Run, release: Published) -> list[Phone]:
    phones = [run.phone(release) for _ in range(10)]
    for phone in phones:
        phone.dial("line-en")
    for phone in phones:
        phone.hears("en/main.1", timeout=30)
    return phones


def all_finish(phones: list[Phone]) -> float:
    """Let every caller hear another menu; return when the last has hung up."""
    with ThreadPoolExecutor(len(phones)) as at_once:
        list(at_once.map(hears_a_menu, phones))
    for phone in phones:
        phone.vanish()
    return time.monotonic()


def is_refused(run: Run, release: Published) -> int:
    """Call until Asterisk has understood that it is to take no more calls; return what it says then."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with run.phone(release) as phone:
                phone.call("line-en")
        except CallRefused as refused:
            return refused.status
    raise AssertionError("new calls were still taken")


def wait_restarted(run: Run, before: int) -> None:
    until = time.monotonic() + 40
    while run.started().get("asterisk", before) == before:
        assert time.monotonic() < until, run.printed()
        time.sleep(0.1)


def test_a_graceful_restart_of_asterisk_lets_calls_finish_and_refuses_new_ones_until_it_is_back(
    run: Run, release: Published
) -> None:
    run.wait_answers(release)
    before = run.started()["asterisk"]
    phones = callers(run, release)
    with subprocess.Popen([*exchange(run)._asterisk(), "-rx", "core restart gracefully"]) as console:
        assert is_refused(run, release) == 503
        finished = all_finish(phones)
        assert run.wait_answers(release) - finished < NORMAL_AGAIN
        console.wait(20)
    assert run.started()["asterisk"] != before


def test_an_asterisk_that_is_asked_to_leave_takes_calls_until_nobody_calls(run: Run, release: Published) -> None:
    run.wait_answers(release)
    before = run.started()["asterisk"]
    phones = callers(run, release)
    subprocess.run([IVR, "asterisk", "leave"], env={**os.environ, **run.settings}, check=True)
    with run.phone(release) as late:
        late.call("line-en")
        late.hears("en/main.1")
    assert run.started()["asterisk"] == before
    finished = all_finish(phones)
    wait_restarted(run, before)
    assert run.wait_answers(release) - finished < NORMAL_AGAIN
