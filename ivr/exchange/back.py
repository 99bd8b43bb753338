"""What Asterisk needs to call somebody back; without the setting none of it is there.

<etc>/back.conf           the entry `callback`, which asks the server and rejects the call
<etc>/back-modules.conf   the modules that read the spool and the number of who called
"""

from pathlib import Path
from typing import Final

DIALPLAN: Final = "back.conf"
MODULES: Final = "back-modules.conf"
_LOADED: Final = ("pbx_spool.so", "res_pjsip_header_funcs.so")
# The number goes from SIP's From header to the server, and nowhere else. 21 is SIP's 403: the call was never answered.
_STEPS: Final = """[entries](+)
exten = callback,1,Set(TOLD=${{FILTER(+0-9<:@,${{PJSIP_HEADER(read,From)}})}})
 same = n,AGI(agi://127.0.0.1:{port}/callback,,${{TOLD}})
 same = n,Hangup(21)
"""


def write(folder: Path, port: int, *, calls_back: bool) -> None:
    """Write both files into the folder of Asterisk's own, or remove those of an earlier time."""
    if not calls_back:
        for name in (DIALPLAN, MODULES):
            (folder / name).unlink(missing_ok=True)
        return
    (folder / DIALPLAN).write_text(_STEPS.format(port=port), encoding="ascii")
    (folder / MODULES).write_text("".join(f"load = {name}\n" for name in _LOADED), encoding="ascii")


def forget(outgoing: Path) -> None:
    """Remove what waited when Asterisk ended: nobody is called back hours later, and no number waits with it.

    Beside `outgoing` lies what a server that was killed left unfinished.
    """
    for waiting in (*outgoing.glob("*.call"), *outgoing.parent.glob(".*")):
        waiting.unlink(missing_ok=True)
