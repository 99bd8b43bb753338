"""Who speaks each clip: the best that can; where an engine fails, the next one, clip by clip."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.prompts import clips
from ivr.prompts.clips import Finished
from ivr.prompts.manifest import Failure, Wanted
from ivr.prompts.workers import Crew

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many


@dataclass(frozen=True)
class Fallback:
    """A clip whose take or engine could not speak it, who does instead, and why."""

    language: str
    id: str
    instead_of: str
    engine: str
    why: str

    def __str__(self) -> str:
        """Return the one line that the volunteer reads."""
        return f"{self.language}/{self.id}: {self.engine} speaks, for {self.instead_of} could not. {self.why}"


def by_reason(fallbacks: Iterable[Fallback]) -> dict[Fallback, int]:
    """Return the first fallback of each kind (a language, two engines, a reason) and how many there are of it."""
    kinds: dict[tuple[str, ...], list[Fallback]] = {}
    for one in fallbacks:
        kinds.setdefault((one.language, one.instead_of, one.engine, one.why), []).append(one)
    return {some[0]: len(some) for some in kinds.values()}


@dataclass
class Spoken:
    """What came of it: who speaks which clip, how many were made anew, and what nobody could say."""

    clips: list[tuple[Wanted, Finished]] = field(default_factory=list)
    made: int = 0
    fallbacks: list[Fallback] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def spoken(choices: Iterable[tuple[Wanted, ...]], shelf: Path, crew: Crew, progress: Progress) -> Spoken:
    """Have every clip on the shelf, each spoken by the first of its choice that can.

    What failed its check once is not made again; an engine that was out of reach is asked anew each time.
    """
    waiting, done = list(choices), Spoken()
    while waiting:
        ready, why_not = _tried(waiting, shelf, crew, progress)
        done.made += sum(new for _, new in ready.values())
        again = []
        for first, *others in waiting:
            if first.digest in ready:
                done.clips.append((first, ready[first.digest][0]))
            elif others:
                done.fallbacks.append(_fallback(first, others[0], why_not[first.digest]))
                again.append(tuple(others))
            else:
                done.failed.append(Failure(first.utterance.language, first.utterance.id, why_not[first.digest]))
        waiting = again
    return done


def _tried(
    waiting: Sequence[tuple[Wanted, ...]], shelf: Path, crew: Crew, progress: Progress
) -> tuple[dict[str, tuple[Finished, bool]], dict[str, str]]:
    """Make what is new of the first choices; return by digest what is there (and whether it is new), or why not."""
    firsts = {may[0].digest: may for may in waiting}
    ready = {digest: (known, False) for digest in firsts if (known := clips.finished(shelf, digest))}
    lacking = {digest: may for digest, may in firsts.items() if digest not in ready}
    refused = {digest: clips.refused(shelf, digest) for digest, may in lacking.items() if may[1:]}
    why_not = {digest: why for digest, why in refused.items() if why}
    new = [may[0] for digest, may in lacking.items() if digest not in why_not]
    for need, why in _made(new, crew, progress):
        if known := clips.finished(shelf, need.digest):
            ready[need.digest] = (known, True)
        else:
            why_not[need.digest] = why or "It is gone again: build once more."
    return ready, why_not


def _made(new: Sequence[Wanted], crew: Crew, progress: Progress) -> Iterator[tuple[Wanted, str | None]]:
    """Make clips on all cores; yield each with None, or why it could not be made."""
    if new:
        progress("clips", 0, len(new))
    for done, (need, why) in enumerate(crew.make(new), start=1):
        progress("clips", done, len(new))
        yield need, why


def _fallback(first: Wanted, instead: Wanted, why: str) -> Fallback:
    return Fallback(first.utterance.language, first.utterance.id, first.engine, instead.engine, why)
