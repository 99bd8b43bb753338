"""One call by pyst2, as its users write it: Asterisk starts this for each call, with the folder of the menus."""

import contextlib
import json
import sys
from pathlib import Path

from asterisk.agi import AGI, AGIException

PATIENCE = 4000


def call(agi: AGI, folder: Path) -> None:
    """Walk the menus until the caller hangs up."""
    agi.answer()
    place = "languages"
    while True:
        node = json.loads((folder / f"{place}.json").read_text(encoding="utf-8"))
        key = ""
        for clip in node["clips"]:
            key = key or agi.stream_file(clip, "0123456789*#")
        key = key or agi.wait_for_digit(PATIENCE)
        place = node["keys"].get(key, node["then"])


if __name__ == "__main__":
    with contextlib.suppress(AGIException):  # the caller is gone
        call(AGI(), Path(sys.argv[1]))
