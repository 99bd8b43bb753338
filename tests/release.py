"""The release under test: the clips that callers must hear, byte for byte, and their words."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Published:
    """`clips` and `texts` by `language/clip`, as the phone of the tests names what it hears."""

    folder: Path
    clips: dict[str, bytes]
    texts: dict[str, str]
    line: dict

    def coded(self, form: str) -> dict[str, bytes]:
        """Return the clips in another codec than A-law, as the live release holds them: `ulaw`, `g722`."""
        current = self.folder / "current"
        return {name: (current / f"{name}.{form}").read_bytes() for name in self.clips}


def read(prompts: Path) -> Published:
    current = prompts / "current"
    listed = json.loads((current / "manifest.json").read_text())["clips"]
    names = {f"{clip['language']}/{clip['id']}": clip for clip in listed}
    clips = {name: (current / clip["files"]["alaw"]).read_bytes() for name, clip in names.items()}
    texts = {name: clip["text"] for name, clip in names.items()}
    return Published(prompts, clips, texts, json.loads((current / "line.json").read_text()))
