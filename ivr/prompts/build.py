"""Build: make the clips that are new, on all cores, and publish a release when every clip is there."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.content.words import Utterance
from ivr.prompts import clips, release
from ivr.prompts.engines import engine
from ivr.prompts.manifest import Clip, Failure, Manifest, ManifestBroken, Take, Voice, Wanted, wanted
from ivr.prompts.prepare import preparation
from ivr.prompts.takes import Key, adopt, sort, takes_in
from ivr.prompts.workers import Crew

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


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


def _silent(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""


def build(  # noqa: PLR0913 - all but the first four have a default, and say what is built where
    utterances: Iterable[Utterance],
    voices: Sequence[Voice],
    line_json: str,
    folder: Path,
    *,
    takes: Sequence[Path] = (),
    cores: int | None = None,
    progress: Progress = _silent,
) -> Summary:
    """Make what is new and publish it in `folder`; human takes lie in its `recorded`, or in the folders `takes`.

    `voices` are in order of preference: the first one that this machine has speaks its language. If any clip
    fails, nothing is published and the live release stays. A second build waits for the first. Raise
    ReleaseBroken or OSError if a release cannot be written.
    """
    began = time.monotonic()
    shelf = folder / "clips"
    shelf.mkdir(parents=True, exist_ok=True)
    with _alone(folder, progress):
        _tidy(folder)
        said = list(utterances)
        recorded = sort(said, takes_in(*(takes or (folder / "recorded",))))
        needed = _needed(said, voices, adopt(said, recorded.speaking))
        clips_wanted = [need for need in needed if isinstance(need, Wanted)]
        known = {need.digest: clips.finished(shelf, need.digest) for need in clips_wanted}
        new = {need.digest: need for need in clips_wanted if known[need.digest] is None}
        unmade = list(_make(list(new.values()), shelf, cores or len(os.sched_getaffinity(0)), progress))
        known |= {digest: clips.finished(shelf, digest) for digest in new}
        failed = [need for need in needed if isinstance(need, Failure)] + unmade
        published = not failed and _publish(folder, _manifest(clips_wanted, known, line_json), line_json)
        return Summary(
            made=len(new) - len(unmade),
            kept=len(clips_wanted) - len(new),
            failed=tuple(failed),
            live=release.live(folder),
            published=published,
            seconds=time.monotonic() - began,
            aside=tuple(sorted(recorded.aside)),
        )


def speaking(voices: Iterable[Voice]) -> dict[str, Voice]:
    """Return by language the first voice that this machine has; raise SynthesisFailed: no such engine."""
    first: dict[str, Voice] = {}
    for voice in voices:
        if voice.language not in first and engine(voice.engine).can_speak(voice):
            first[voice.language] = voice
    return first


def _needed(
    utterances: Iterable[Utterance], voices: Iterable[Voice], takes: Mapping[Key, Take]
) -> list[Wanted | Failure]:
    speakers = speaking(voices)
    versions = {
        language: f"{engine(voice.engine).version()} {preparation(voice.engine, language)}"
        for language, voice in speakers.items()
    }
    return list(wanted(utterances, speakers, takes, versions, clips.FORMATS))


def _make(new: Sequence[Wanted], shelf: Path, cores: int, progress: Progress) -> Iterator[Failure]:
    if not new:
        return
    progress("clips", 0, len(new))
    with Crew(shelf, min(cores, len(new))) as crew:
        for done, (need, why_not) in enumerate(crew.make(new), start=1):
            progress("clips", done, len(new))
            if why_not:
                yield Failure(need.utterance.language, need.utterance.id, why_not)


def _manifest(needed: Iterable[Wanted], known: Mapping[str, clips.Finished | None], line_json: str) -> Manifest:
    made = sorted((_clip(need, known[need.digest]) for need in needed), key=lambda clip: (clip.language, clip.id))
    return Manifest("", tuple(made), hashlib.sha256(line_json.encode()).hexdigest())


def _clip(need: Wanted, known: clips.Finished | None) -> Clip:
    said = need.utterance
    if known is None:
        raise release.ReleaseBroken(f"The clip {said.language} {said.id} is gone again: build once more.")
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
    )


def _publish(folder: Path, manifest: Manifest, line_json: str) -> bool:
    """Publish unless callers hear the same already; tell whether it was published."""
    if _is_live(folder, manifest):
        return False
    release.publish(folder, manifest, line_json)
    release.prune(folder)
    clips.forget(folder / "clips", frozenset(clip.digest for clip in manifest.clips))
    return True


def _is_live(folder: Path, manifest: Manifest) -> bool:
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
