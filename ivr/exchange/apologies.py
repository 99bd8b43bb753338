"""The dialplan's own apologies: copies beside Asterisk, for a day on which the release itself is gone."""

import contextlib
import shutil
from pathlib import Path

APOLOGY = "apology-witness"


def keep(prompts: Path, folder: Path) -> None:
    """Copy the apology of every language of the live release into `folder`, one folder a language.

    Those of an earlier time stay where nothing is live. What cannot be copied is left out: an apology that is
    missing must not keep the line closed.
    """
    for sound in sorted((prompts / "current").glob(f"*/{APOLOGY}.*")):
        kept = folder / sound.parent.name / sound.name
        with contextlib.suppress(OSError):
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = kept.with_name(f".{kept.name}")
            shutil.copyfile(sound, new)
            new.replace(kept)
