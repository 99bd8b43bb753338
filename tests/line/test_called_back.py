"""Called back: a real call that is rejected, a real call that comes back, and a number that nothing keeps."""

import time
from collections.abc import Iterator

import pytest

from tests.line.callee import HERE, Callee
from tests.line.test_persons import TRUNK, Reachable
from tests.line.test_traces import traces
from tests.phone import CallRefused, Phone
from tests.phone.heard import FRAME
from tests.release import Published
from tests.running_line import running_line

pytestmark = pytest.mark.long(14)

NATIONAL, WHOLE = "0698765432", "+33698765432"
SCARCE = ("0799000001", "0799000002")  # of their prefix one is called in an hour
RINGS, SHOWN = "33300000009", "33300000001"
TERMS = f"""
trunk: provider
country: "33"
shows: "{SHOWN}"
prefixes: {{"+336": 9, "+3379": 1}}
"""
COMES_FROM = f"""
[provider]
type = identify
endpoint = provider
match = {HERE}
"""


@pytest.fixture(scope="module")
def reachable(release: Published, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reachable]:
    terms = tmp_path_factory.mktemp("back") / "call_back.yaml"
    terms.write_text(TERMS)
    with Callee(WHOLE) as caller:
        trunk = TRUNK.replace("PORT", str(caller.port)).replace(
            "type = endpoint", f"type = endpoint\nset_var = LEADS_{RINGS}=callback"
        )
        with running_line(release, trunk=trunk + COMES_FROM, call_back=terms) as line:
            yield Reachable(line, caller)


def ring(reachable: Reachable, number: str) -> None:
    """Ring the number that costs nothing, and be rejected."""
    with Phone(reachable.line.asterisk.sip, number=number, address=HERE) as phone:
        with pytest.raises(CallRefused) as refused:
            phone.call(RINGS, timeout=30)
        assert refused.value.status == 403


def test_who_rings_is_called_back_within_thirty_seconds_and_hears_the_line(reachable: Reachable) -> None:
    line, caller = reachable.line, reachable.alice
    began = time.monotonic()
    ring(reachable, NATIONAL)
    line.asterisk.wait_for(lambda: bool(caller.calls), 30, "the call back")
    assert time.monotonic() - began < 30
    assert b"INVITE sip:%s@" % WHOLE.encode() in caller.calls[0]
    assert f"<sip:{SHOWN}@".encode() in caller.calls[0]
    first = line.release.clips["en/language-choice"]
    assert caller.hears(first[4 * FRAME : 8 * FRAME])
    caller.hang_up()
    line.asterisk.wait_channels(0)
    assert list((line.asterisk.memory / "spool").rglob("*.call")) == []
    places = (line.state, line.asterisk.memory, line.asterisk.exchange.state)
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() + str(path).encode() for path in files}
    would_tell = list(traces((line.state / "receipts/salt").read_bytes()))
    assert [path for path, text in kept.items() if any(trace in text for trace in would_tell)] == []


def test_who_rings_thrice_is_called_once_no_more_than_the_prefix_allows_and_nobody_abroad(reachable: Reachable) -> None:
    line, before = reachable.line, len(reachable.alice.calls)
    for number in ("0044207946000", "0899123456", NATIONAL, NATIONAL, WHOLE[1:], *SCARCE):
        ring(reachable, number)

    def over() -> bool:
        line.asterisk.rx("channel request hangup all")  # those who were called back listen until somebody hangs up
        waiting = list((line.asterisk.memory / "spool/outgoing").glob("*.call"))
        return not waiting and not line.asterisk.channels()

    line.asterisk.wait_for(over, 60, "the end of the calls")
    called = [call.split(b"@")[0].removeprefix(b"INVITE sip:").decode() for call in reachable.alice.calls[before:]]
    assert sorted(called) == sorted([WHOLE, f"+33{SCARCE[0][1:]}"])
