"""What Asterisk needs to call the people of the rota, and nobody else; without a rota none of it is there.

<etc>/person.conf           the dialplan's context `person`: one extension for each exact number
<etc>/person-modules.conf   the modules that call somebody
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ivr.content.rota import Rota

DIALPLAN: Final = "person.conf"
MODULES: Final = "person-modules.conf"
_LOADED: Final = ("app_dial.so", "app_stack.so", "bridge_simple.so")
# The caller's number stays here: callers are "anonymous" already (pjsip.conf), and nobody on the line can transfer.
# g: the call comes back to the server when the other one hangs up; L: milliseconds that they may speak.
# The backstop of every call (extensions.conf) begins anew: what the rota allows must not be cut off by it.
_STEPS: Final = """exten = {number},1,Set(TIMEOUT(absolute)={longest})
 same = n,Dial(PJSIP/{number}@{trunk},${{ARG1}},gL(${{ARG2}}))
 same = n,Set(IVR_SPOKEN=${{DIALSTATUS}})
 same = n,Return()
"""


def write(folder: Path, rota: "Rota | None", backstop: int) -> None:
    """Write both files into the folder of Asterisk's own; remove those of an earlier rota where there is none.

    `backstop` is the seconds that a call may last which speaks with nobody.
    """
    if rota is None:
        for name in (DIALPLAN, MODULES):
            (folder / name).unlink(missing_ok=True)
        return
    steps = (
        _STEPS.format(number=number, trunk=rota.trunk, longest=person.rings + rota.minutes * 60 + backstop)
        for number, person in rota.people.items()
    )
    (folder / DIALPLAN).write_text("[person]\n" + "".join(steps), encoding="ascii")
    (folder / MODULES).write_text("".join(f"load = {name}\n" for name in _LOADED), encoding="ascii")
