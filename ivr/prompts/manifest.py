"""Which clips the content needs, and the manifest of a release (pure: no file is read or written here)."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from ivr.content.utterance import Utterance
from ivr.problems import ToMend

PIPELINE = "1"  # part of every digest: raise it when sound.py or codecs.py change what is heard


class ManifestBroken(ToMend):
    """A manifest is not what this program wrote; the sentence says where."""


@dataclass(frozen=True)
class Voice:
    """Who speaks a language: the engine, its own name for the voice, and a speed in words a minute.

    `folder` is where voices lie that somebody fetched; it decides no sound, so it is in no digest.
    """

    language: str
    engine: str
    name: str
    speed: int
    folder: str = ""


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
    instead_of: str = ""  # the take or the engine that was to speak and could not


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


def wanted(  # noqa: PLR0913 - all that decides a clip's sound
    utterances: Iterable[Utterance],
    voices: Mapping[str, Sequence[Voice]],
    takes: Mapping[tuple[str, str], Take],
    versions: Mapping[tuple[str, str], str],
    formats: Sequence[str],
    *,
    pins: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Iterator[tuple[Wanted, ...] | Failure]:
    """Yield for each clip that a release needs who may speak it, the best first, or why nobody can.

    `voices` goes by language, in order of preference; a take always wins, then the engine that `pins` names
    for this language and clip. `versions` goes by language and engine and says all that, besides the words
    and the voice, decides what an engine says (its own version, what prepares its words).
    `formats` are the codecs that each clip is made in.
    """
    pipeline = (PIPELINE, *formats)
    for said in utterances:
        key = (said.language, said.id)
        recorded = [takes[key]] if key in takes else []
        may = [Wanted(said, digest_of(pipeline, "take", take.sha256, said.text), take=take) for take in recorded]
        for voice in sorted(voices.get(said.language, ()), key=lambda one: one.engine != pins.get(key)):
            settings = (voice.engine, voice.name, voice.speed, versions[voice.language, voice.engine], said.slow)
            may.append(Wanted(said, digest_of(pipeline, said.speech, *settings), voice=voice))
        why = "no voice here speaks the language: record a take, or name another engine in languages.yaml."
        yield tuple(may) or Failure(said.language, said.id, why)


def unspoken(
    utterances: Iterable[Utterance], voices: Mapping[str, Sequence[Voice]], takes: Mapping[tuple[str, str], Take]
) -> frozenset[str]:
    """Return the languages that are not ready: a clip of theirs has neither a voice nor a take."""
    return frozenset(
        said.language for said in utterances if said.language not in voices and (said.language, said.id) not in takes
    )
