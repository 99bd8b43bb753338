"""No name leads out of its folder: neither on the command line, nor over the wire, nor out of a file."""

import json
import os
import string
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ivr.calls.server import entry_of
from ivr.calls.volunteers import MAIL
from ivr.prompts import release
from ivr.reports.memory import Memory, part_of
from ivr.reports.receipt import Window
from tests.attack.command_line import ivr, tree

UP = (
    "..",
    ".",
    "~",
    "",
    "/",
    "etc",
    "outside",
    "passwd",
    "000001-x",
    "abcdef0123456789",
    "current",
    "\udcff",
    "%2e%2e",
)
PATHS = st.lists(st.sampled_from(UP), min_size=1, max_size=6).map("/".join)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
WORDS |= st.binary(max_size=40).map(lambda octets: os.fsdecode(octets.replace(b"\0", b"")))  # as argv brings them
NAMES = PATHS | WORDS | st.builds("{}{}".format, PATHS, st.text(string.printable, max_size=8))
VERBS: dict[str, Callable[[str], list[str]]] = {
    "rollback": lambda name: ["rollback", "--", name],
    "mark": lambda name: ["reports", "mark", "--", name, "done"],
    "delete": lambda name: ["reports", "delete", "--", name],
    "test": lambda name: ["reports", "test", "--", name],
    "sync": lambda name: ["reports", "sync", "--to", name],
    "notice": lambda name: ["notices", "end", "--", name],
    "remove": lambda name: ["volunteers", "remove", "--", name],
    "add": lambda name: ["volunteers", "add", "--languages", "en", "--", f"{name}/x"],
    "mail": lambda name: ["volunteers", "add", "--languages", "en", "--mail", f"{name}\n@x", "alice"],
    "volunteer's language": lambda name: ["volunteers", "add", "--languages", f"en,/{name}", "alice"],
    "clip": lambda name: ["take", "add", "x.wav", "--language", "en", "--clip", name],
    "take's language": lambda name: ["take", "add", "x.wav", "--clip", "goodbye", "--language", f"/{name}"],
    "list's language": lambda name: ["take", "list", "--language", f"/{name}"],
    "session's language": lambda name: ["take", "session", "--language", f"/{name}"],
    "seconds": lambda name: ["seconds", "--", name],
    "graph": lambda name: ["graph", "--language", name],
    "simulate": lambda name: ["simulate", "--", name],
    "open": lambda name: ["reports", "open", f"nowhere/{name}", "--key", "my.key"],
}


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(VERBS)), NAMES)
@example("rollback", "../outside/000001-x")
@example("mark", "../outside/abcdef0123456789")
@example("remove", "../outside/passwd")
@example("sync", "-e touch outside/touched:x")
@example("test", "\udcff")
@example("simulate", "line-../../outside")
def test_no_argument_leads_out_of_its_folder(home: Path, verb: str, name: str) -> None:
    before = tree(home)
    if verb == "sync":
        name = f"{home}/nowhere/{name}".replace(":", "") if not name.startswith("-") else name
    code, told = ivr(*VERBS[verb](name))
    if code == 0:  # `ivr rollback ''` and the like mean what stands without a name
        assert verb in {"test", "simulate"}, told
    else:
        assert code in {1, 2}, told
        assert told
        assert "Traceback" not in told
    assert tree(home) == before


@given(NAMES)
def test_a_release_is_named_and_never_reached(home: Path, name: str) -> None:
    assert release.names(home / "prompts") == []
    with pytest.raises(release.ReleaseBroken, match="There is no release"):
        release.rollback(home / "prompts", name)


@given(NAMES)
def test_a_receipt_is_issued_and_an_answer_removed_in_their_own_folders_alone(home: Path, name: str) -> None:
    memory = Memory(home / "memory")
    memory.make()
    window = Window(home / "state/reports", b"salt", memory)
    before = tree(home)
    for asked in ({"issue": name}, {"heard": name}, {"find": name}):
        assert window.answer(json.dumps(asked).encode()) in ({}, {"unknown": True})
    assert tree(home) == before


@given(NAMES)
def test_a_recording_of_any_name_belongs_to_a_report_inside_the_shelf(name: str) -> None:
    part = part_of(name)
    assert set(part.report) <= set(string.ascii_lowercase + string.digits)
    assert 0 <= part.number < 10000


@given(st.from_regex(MAIL, fullmatch=True))
def test_a_mail_address_that_is_taken_is_one_address_in_a_mail(address: str) -> None:
    message = EmailMessage()
    message["To"] = address
    assert [one.addr_spec for one in message["To"].addresses] == [address]


@given(NAMES)
def test_an_entry_of_any_name_is_the_line_without_a_file(name: str) -> None:
    came = entry_of(f"line-{name}")
    assert (came.witness, came.studio) == (False, False)
