"""What the line is compared with, in the same Asterisk: a native dialplan, and a pyst2 script for each call."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from pathlib import Path

from tests.asterisk_fixture import RunningAsterisk
from tests.bench.load.graph import PATIENCE, START, Node, graph
from tests.release import Published

SCRIPT = Path(__file__).with_name("pyst2_call.py")


class Kind(Enum):
    """Who answers; the value is the extension that is called."""

    NATIVE = "native"
    OURS = "line"
    PYST2 = "pyst2"


def dialplan(nodes: Mapping[str, Node], sounds: Path, script: Path, folder: Path) -> str:
    """Return the dialplan of both peers: `sounds` is the folder of the clips, a context for each node."""
    entries = (
        "\n[phones](+)\n"
        f"exten = native,1,Answer()\n same = n,Goto(native-{START},s,1)\n"
        f"exten = pyst2,1,AGI({script},{folder})\n same = n,Hangup()\n"
    )
    return entries + "".join(_context(name, node, sounds) for name, node in nodes.items())


def _context(name: str, node: Node, sounds: Path) -> str:
    played = "&".join(f"{sounds}/{clip}" for clip in node.clips)
    lines = [
        f"\n[native-{name}]",
        f"exten = s,1,Background({played})",
        f" same = n,WaitExten({PATIENCE})",
        f" same = n,Goto(native-{node.then},s,1)",
        *(f"exten = {key},1,Goto(native-{there},s,1)" for key, there in node.keys.items()),
        "exten = i,1,Goto(s,1)",
        "exten = t,1,Goto(s,1)\n",
    ]
    return "\n".join(lines)


def install(asterisk: RunningAsterisk, release: Published, folder: Path) -> None:
    """Add both peers to a running Asterisk; what the script needs lies in `folder`, a file a node."""
    nodes = graph(release)
    sounds = (release.folder / "current").resolve()
    for name, node in nodes.items():
        clips = [f"{sounds}/{clip}" for clip in node.clips]
        (folder / f"{name}.json").write_text(json.dumps({**asdict(node), "clips": clips}), encoding="utf-8")
    script = folder / "call"
    script.write_text(f"#!{sys.executable}\n{SCRIPT.read_text(encoding='utf-8')}", encoding="utf-8")
    script.chmod(0o755)
    with (asterisk.exchange.configuration / "extensions.conf").open("a", encoding="utf-8") as file:
        file.write(dialplan(nodes, sounds, script, folder))
    asterisk.rx("dialplan reload")
