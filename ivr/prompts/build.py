"""Build: make the clips that are new, on all cores, and publish a release when every clip is there."""

import fcntl
import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.content.utterance import Utterance
from ivr.prompts import clips, release
from ivr.prompts.engines import engine
from ivr.prompts.manifest import Clip, Failure, Manifest, ManifestBroken, Take, Voice, Wanted, wanted
from ivr.prompts.prepare import preparation
from ivr.prompts.speaking import Fallback, Progress, Spoken, spoken
from ivr.prompts.takes import Key, adopt, sort, takes_in
from ivr.prompts.voices import speaking
from ivr.prompts.workers import Crew


@dataclass(frozen=True)
class Summary:
    """What a build did; `live` is the release that callers hear, `failed` is why it is not the new one."""

    made: int
    kept: int
    failed: tuple[Failure, ...]
    live: str | None
    published: bool
    seconds: float
    aside: tuple[Key, ...] = ()  # takes that do not speak, for their words have changed: language, clip
    fallbacks: tuple[Fallback, ...] = ()


def _silent(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""


def build(  # noqa: PLR0913 - all but the first four have a default, and say what is built where
    utterances: Iterable[Utterance],
    voices: Sequence[Voice],
    line_json: str,
    folder: Path,
    *,
    takes: Sequence[Path] = (),
    pins: Mapping[Key, str] = MappingProxyType({}),
    crew: Crew | None = None,
    progress: Progress = _silent,
) -> Summary:
    """Make what is new and publish it in `folder`; human takes lie in its `recorded`, or in the folders `takes`.

    `voices` are in order of preference: the first one that this machine has speaks its language, and the next
    one speaks what it could not; `pins` names another engine as the first of a clip. If any clip fails with
    all of them, nothing is published and the live release stays. A second build waits for the first. A `crew`
    that many builds share is not ended. Raise
    ReleaseBroken or OSError if a release cannot be written.
    """
    began = time.monotonic()
    shelf = folder / "clips"
    shelf.mkdir(parents=True, exist_ok=True)
    with _alone(folder, progress):
        _tidy(folder)
        said = list(utterances)
        recorded = sort(said, takes_in(*(takes or (folder / "recorded",))))
        needed = _needed(said, voices, adopt(said, recorded.speaking), pins)
        choices = [need for need in needed if not isinstance(need, Failure)]
        with nullcontext(crew) if crew else Crew(shelf) as makers:
            done = spoken(choices, shelf, makers, progress)
        failed = [*(need for need in needed if isinstance(need, Failure)), *done.failed]
        manifest = _manifest(done, line_json)
        # No look at what is live where a clip had to be made: that is another sound, or a broken one made good.
        published = not failed and (done.made > 0 or not _is_live(folder, manifest))
        if published:
            _publish(folder, manifest, line_json)
        return Summary(
            made=done.made,
            kept=len(done.clips) - done.made,
            failed=tuple(failed),
            live=release.live(folder),
            published=published,
            seconds=time.monotonic() - began,
            aside=tuple(sorted(recorded.aside)),
            fallbacks=tuple(done.fallbacks),
        )


def _needed(
    utterances: Iterable[Utterance], voices: Iterable[Voice], takes: Mapping[Key, Take], pins: Mapping[Key, str]
) -> list[tuple[Wanted, ...] | Failure]:
    speakers = speaking(voices)
    versions = {
        (language, voice.engine): f"{engine(voice.engine).version()} {preparation(voice.engine, language)}"
        for language, some in speakers.items()
        for voice in some
    }
    return list(wanted(utterances, speakers, takes, versions, clips.FORMATS, pins=pins))


def _manifest(spoken: Spoken, line_json: str) -> Manifest:
    instead = {(one.language, one.id): one.instead_of for one in reversed(spoken.fallbacks)}
    made = (_clip(need, known, instead.get(_key(need), "")) for need, known in spoken.clips)
    ordered = sorted(made, key=lambda clip: (clip.language, clip.id))
    return Manifest("", tuple(ordered), hashlib.sha256(line_json.encode()).hexdigest())


def _key(need: Wanted) -> Key:
    return need.utterance.language, need.utterance.id


def _clip(need: Wanted, known: clips.Finished, instead_of: str) -> Clip:
    said = need.utterance
    return Clip(
        id=said.id,
        language=said.language,
        text=said.text,
        seconds=known.seconds,
        engine=need.engine,
        files={form: f"{said.language}/{said.id}.{form}" for form in clips.FORMATS},
        digest=need.digest,
        letters_per_second=known.letters_per_second,
        bytes=known.bytes,
        sha256=known.sha256,
        instead_of=instead_of,
    )


def _publish(folder: Path, manifest: Manifest, line_json: str) -> None:
    release.publish(folder, manifest, line_json)
    release.prune(folder)
    clips.forget(folder / "clips", frozenset(clip.digest for clip in manifest.clips))


def _is_live(folder: Path, manifest: Manifest) -> bool:
    """Tell whether callers hear the same already."""
    try:
        with release.open_current(folder) as current:
            return current.manifest().same_sound(manifest) and current.complete()
    except (release.ReleaseBroken, ManifestBroken, OSError):
        return False


def _tidy(folder: Path) -> None:
    for place in (folder, folder / "clips", folder / "releases"):
        clips.tidy(place)


@contextmanager
def _alone(folder: Path, progress: Progress) -> Iterator[None]:
    """Hold the one lock of all builds; wait for another build, and say so."""
    with (folder / ".building").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another build is running: waiting for it", 0, 0)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
