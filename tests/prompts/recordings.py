"""Recordings as people bring them: a sentence, in the forms that phones and recorders write."""

import subprocess
import wave
from pathlib import Path

from ivr.prompts.engines import Speech, engine
from tests.prompts import spoken

FORMS = {  # what ffmpeg is told, by the file's ending
    "wav": "",
    "mp3": "-c:a libmp3lame",
    "m4a": "-c:a aac",
    "ogg": "-c:a libvorbis",
    "opus": "-c:a libopus",
    "3gp": "-c:a aac",
}
SAID = spoken.LINE[0]


def speech() -> Speech:
    return engine("espeak").speak(SAID.speech, spoken.VOICES[0], slow=False)


def wav(path: Path, heard: Speech | None = None) -> Path:
    heard = heard or speech()
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, heard.rate, 0, "NONE", ""))
        file.writeframes(heard.pcm)
    return path


def converted(source: Path, path: Path, options: str) -> Path:
    """Let ffmpeg write a recording in another form, as a phone's own program would."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", source, *options.split(), path]
    subprocess.run(command, check=True)
    return path


def from_an_old_phone(source: Path, path: Path) -> Path:
    """Write a recording in AMR, as phones do that are no smartphones; ffmpeg reads that, but only sox writes it."""
    amr = path.with_name("said.amr-nb")
    subprocess.run(["sox", source, "-r", "8000", "-c", "1", amr], check=True)
    return converted(amr, path, "-c:a copy")
