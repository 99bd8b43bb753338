"""Which clips the content needs, and the manifest of a release (pure: no file is read or written here)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from ivr.content.words import Utterance
from ivr.problems import ToMend

PIPELINE = "1"  # part of every digest: raise it when sound.py or codecs.py change what is heard


class ManifestBroken(ToMend):
    """A manifest is not what this program wrote; the sentence says where."""


@dataclass(frozen=True)
class Voice:
    """Who speaks a language: the engine, its own name for the voice, and a speed in words a minute."""

    language: str
    engine: str
    name: str
    speed: int


@dataclass(frozen=True)
class Take:
    """A recording by a person: the WAV file's path, the SHA-256 of its bytes, and the words that it says.

    `words` is None where nobody has written them down yet: a WAV file that was put there by hand.
    """

    path: str
    sha256: str
    words: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A clip that a release needs, and all that its sound depends on; `digest` names the finished clip."""

    utterance: Utterance
    digest: str
    voice: Voice | None = None
    take: Take | None = None

    @property
    def engine(self) -> str:
        """Return who speaks the clip: `take` for a person, else the engine's name."""
        return self.voice.engine if self.voice else "take"


@dataclass(frozen=True)
class Failure:
    """A clip that could not be made, and a sentence that says why and what to do."""

    language: str
    id: str
    why: str

    def __str__(self) -> str:
        """Return the one line that the volunteer reads."""
        return f"{self.language} {self.id}: {self.why}"


@dataclass(frozen=True)
class Clip:
    """A clip of a release; `files`, `bytes` and `sha256` go by format, paths are relative to the manifest."""

    id: str
    language: str
    text: str
    seconds: float
    engine: str
    files: dict[str, str]
    digest: str
    letters_per_second: float
    bytes: dict[str, int]
    sha256: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """What a release holds; `line` is the SHA-256 of its line.json."""

    release: str
    clips: tuple[Clip, ...]
    line: str

    def same_sound(self, other: "Manifest") -> bool:
        """Tell whether a caller of either release would hear and reach the same."""
        return (self.line, self.clips) == (other.line, other.clips)


_MANIFEST = TypeAdapter(Manifest)


def written(manifest: Manifest) -> bytes:
    """Return the manifest as JSON, UTF-8."""
    return _MANIFEST.dump_json(manifest, indent=1)


def read(text: bytes) -> Manifest:
    """Return the manifest that `written` wrote; raise ManifestBroken for anything else."""
    try:
        return _MANIFEST.validate_json(text)
    except ValidationError as error:
        raise ManifestBroken(f"The manifest cannot be read ({error.errors()[0]['msg']}): build again.") from None


def digest_of(*parts: object) -> str:
    """Return the SHA-256, in hexadecimal, of plain values in their order."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def wanted(
    utterances: Iterable[Utterance],
    voices: Mapping[str, Voice],
    takes: Mapping[tuple[str, str], Take],
    versions: Mapping[str, str],
    formats: Sequence[str],
) -> Iterator[Wanted | Failure]:
    """Yield each clip that a release needs, or why nobody can speak it.

    `voices` goes by language; a take always wins. `versions` goes by language and says all that, besides the
    words and the voice, decides what an engine says (its own version, what prepares its words).
    `formats` are the codecs that each clip is made in.
    """
    pipeline = (PIPELINE, *formats)
    for said in utterances:
        take, voice = takes.get((said.language, said.id)), voices.get(said.language)
        if take:
            yield Wanted(said, digest_of(pipeline, "take", take.sha256, said.text), take=take)
        elif voice:
            settings = (voice.engine, voice.name, voice.speed, versions[said.language], said.slow)
            yield Wanted(said, digest_of(pipeline, said.speech, *settings), voice=voice)
        else:
            why = "no voice here speaks the language: record a take, or name another engine in languages.yaml."
            yield Failure(said.language, said.id, why)


def unspoken(
    utterances: Iterable[Utterance], voices: Mapping[str, Voice], takes: Mapping[tuple[str, str], Take]
) -> frozenset[str]:
    """Return the languages that are not ready: a clip of theirs has neither a voice nor a take."""
    return frozenset(
        said.language for said in utterances if said.language not in voices and (said.language, said.id) not in takes
    )
