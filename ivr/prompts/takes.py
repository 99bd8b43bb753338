"""Human takes: what people recorded, a WAV file a clip in a folder a language, each with the words it says.

<folder>/<language>/<clip>.wav            what callers hear, mono, 16 bits
<folder>/<language>/<clip>.json           the words that were spoken, and the SHA-256 of that WAV file
<folder>/<language>/originals/<clip>.m4a  what was brought, as it was
<folder>/<language>/set-aside/            takes that another one replaced, or that a listener refused
<folder>/<language>/originals/set-aside/  what was brought before
"""

import hashlib
import json
import wave
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.content.utterance import Utterance
from ivr.prompts import clips
from ivr.prompts.engines import Speech, SynthesisFailed
from ivr.prompts.manifest import Take

Key = tuple[str, str]  # language, clip
ORIGINALS, SET_ASIDE = "originals", "set-aside"


@dataclass(frozen=True)
class Sorted:
    """The takes that speak, and those whose words have changed (or whose clip is gone), by language and clip.

    `aside` tells of the languages of the utterances alone.
    """

    speaking: dict[Key, Take]
    aside: dict[Key, Take]


def takes_in(*folders: Path) -> dict[Key, tuple[Take, ...]]:
    """Return every take of these folders by language and clip, in the order of the folders; raise OSError."""
    found: dict[Key, tuple[Take, ...]] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*/*.wav"))):
        key = (path.parent.name, path.stem)
        found[key] = (*found.get(key, ()), _take(path))
    return found


def _take(path: Path) -> Take:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        record = json.loads(_record(path).read_bytes())
        words = record["words"] if record["sha256"] == sha256 else None  # of the WAV file before this one
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        words = None
    return Take(str(path), sha256, words)


def sort(utterances: Iterable[Utterance], takes: Mapping[Key, tuple[Take, ...]]) -> Sorted:
    """Find for each clip the first take that says its words; a take without written words says any.

    A take belongs to `Utterance.text`, the words that a person reads out: when they change it is set aside
    (nothing is moved or deleted), and when they change back it speaks again.
    """
    speaking, languages = {}, set()
    for said in utterances:
        key = (said.language, said.id)
        languages.add(said.language)
        fits = [take for take in takes.get(key, ()) if take.words in (None, said.text)]
        if fits:
            speaking[key] = fits[0]
    aside = {key: some[0] for key, some in takes.items() if key not in speaking and key[0] in languages}
    return Sorted(speaking, aside)


def adopt(utterances: Iterable[Utterance], speaking: Mapping[Key, Take]) -> dict[Key, Take]:
    """Write down the words of takes that were put there by hand: from now on they belong to these words.

    Return all takes, with their words. Raise OSError.
    """
    words = {(said.language, said.id): said.text for said in utterances}
    return {key: take if take.words else _adopted(take, words[key]) for key, take in speaking.items()}


def _adopted(take: Take, words: str) -> Take:
    _write(_record(Path(take.path)), _recorded(words, take.sha256))
    return replace(take, words=words)


def keep(folder: Path, said: Utterance, wav: bytes, original: Path | None = None) -> Take:
    """Keep a finished take of an utterance in a folder of takes; return it.

    `wav` is a whole WAV file, mono with 16 bits (`ivr.prompts.bring.bring` makes it from what a phone or a
    recorder made). `original` is copied beside it. The take before it and its original are set aside: nothing
    that people recorded is ever deleted. Raise OSError.
    """
    path = folder / said.language / f"{said.id}.wav"
    set_aside(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if original:
        _keep_original(path, original)
    sha256 = hashlib.sha256(wav).hexdigest()
    _write(_record(path), _recorded(said.text, sha256))  # first: a record without its take says nothing
    _write(path, wav)
    return Take(str(path), sha256, said.text)


def _keep_original(path: Path, original: Path) -> None:
    originals = path.parent / ORIGINALS
    originals.mkdir(exist_ok=True)
    for before in originals.iterdir():
        if before.stem == path.stem:
            before.replace(_aside(before))
    _write(originals / f"{path.stem}{original.suffix.lower()}", original.read_bytes())


def _aside(path: Path) -> Path:
    """Return where a file is kept when another one takes its place, by its own digest."""
    aside = path.parent / SET_ASIDE
    aside.mkdir(exist_ok=True)
    return aside / f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}{path.suffix}"


def set_aside(path: Path) -> Path | None:
    """Move a take (its WAV file) out of the way, so that it speaks no more; return where it is kept.

    Without a take there it does nothing. Raise OSError.
    """
    if not path.exists():
        return None
    kept = _aside(path)
    path.replace(kept)
    if _record(path).exists():
        _record(path).replace(_record(kept))
    return kept


def missing(utterances: Iterable[Utterance], takes: Mapping[Key, tuple[Take, ...]]) -> list[Utterance]:
    """Return the clips that no person has spoken in their words of today, in the order of the line."""
    said = list(utterances)
    speaking = sort(said, takes).speaking
    return [one for one in said if (one.language, one.id) not in speaking]


def recorded_speech(take: Take) -> Speech:
    """Return what a person recorded; raise SynthesisFailed for anything but a mono WAV of 16 bits."""
    try:
        with wave.open(take.path) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise SynthesisFailed("The take is not mono with 16 bits: bring it with `ivr take add`.")
            return Speech(file.readframes(file.getnframes()), file.getframerate())
    except (wave.Error, EOFError) as error:
        raise SynthesisFailed(f"The take is no WAV file that can be read ({error}): save it again.") from None


def _record(path: Path) -> Path:
    return path.with_suffix(".json")


def _recorded(words: str, sha256: str) -> bytes:
    return (json.dumps({"words": words, "sha256": sha256}, ensure_ascii=False, indent=1) + "\n").encode()


def _write(path: Path, octets: bytes) -> None:
    """Write a file that is there whole or not at all."""
    new = path.with_name(f"{clips.UNFINISHED}{path.name}.part")
    new.unlink(missing_ok=True)
    clips.write_durably(new, octets)
    new.replace(path)
