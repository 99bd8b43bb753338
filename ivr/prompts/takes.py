"""Human takes: what people recorded, one WAV file a clip, in a folder a language."""

import hashlib
import wave
from pathlib import Path

from ivr.prompts.engines import Speech, SynthesisFailed
from ivr.prompts.manifest import Take


def takes_in(recorded: Path) -> dict[tuple[str, str], Take]:
    """Return the takes of a folder by language and clip: `recorded/<language>/<clip>.wav`."""
    return {
        (path.parent.name, path.stem): Take(str(path), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(recorded.glob("*/*.wav"))
    }


def recorded_speech(take: Take) -> Speech:
    """Return what a person recorded; raise SynthesisFailed for anything but a mono WAV of 16 bits."""
    try:
        with wave.open(take.path) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise SynthesisFailed("The take is not mono with 16 bits: save it as such a WAV file.")
            return Speech(file.readframes(file.getnframes()), file.getframerate())
    except (wave.Error, EOFError) as error:
        raise SynthesisFailed(f"The take is no WAV file that can be read ({error}): save it again.") from None
