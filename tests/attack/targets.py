"""What strangers' and volunteers' bytes reach: each target takes any bytes, and breaks only where the line would."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.calls import agi
from ivr.content.check import check
from ivr.content.load import _Reader
from ivr.content.models import (
    BudgetsFile,
    FactsFile,
    LanguagesFile,
    Lexicon,
    MenuFile,
    Model,
    PhrasesFile,
    SectionFile,
    ServiceFile,
)
from ivr.reports.memory import Memory
from ivr.reports.receipt import Window
from tests.content.sound import sound_content
from tests.wire.scripted import ENVIRONMENT, Scripted

Target = Callable[[bytes], None]
OWN = (agi.CallerHungUp, agi.WireBroken, agi.SoundMissing, agi.CannotRecord)
FILES: dict[str, type[Model]] = {
    "languages.yaml": LanguagesFile,
    "facts.yaml": FactsFile,
    "phrases.yaml": PhrasesFile,
    "budgets.yaml": BudgetsFile,
    "menus/main.yaml": MenuFile,
    "leaflet/meals.yaml": SectionFile,
    "services/supper.yaml": ServiceFile,
    "lexicons/fr.yaml": Lexicon,
}
PO = b'#, fuzzy\n#~ msgctxt "a"\nmsgid ""\nmsgid_plural "b"\nmsgstr[0] "c"\n"\\n\\t\\x41"\n#| msgid "x"\n'
COMMANDS: tuple[Callable[[agi.Agi], object], ...] = (
    lambda call: call.play("x"),
    lambda call: call.wait(0),
    lambda call: call.record("x", 0),
    lambda call: call.set_variable("IVR_DONE", "yes"),
    agi.Agi.answer,
)


def wire(octets: bytes) -> None:
    """Take bytes as what Asterisk says: an environment, or after a sound one the replies to a few commands."""
    environment, replies = (octets[1:], b"") if octets[:1] < b"\x20" else (ENVIRONMENT, octets)
    with Scripted(replies, environment=environment, closes=True) as scripted, contextlib.suppress(*OWN):
        call = scripted.agi()
        for place in range(20):
            with contextlib.suppress(agi.SoundMissing, agi.CannotRecord):
                COMMANDS[place % len(COMMANDS)](call)


@contextlib.contextmanager
def targets() -> Iterator[dict[str, Target]]:
    """Yield the targets by name, on a small sound content and memory of their own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        content = sound_content(Path(folder) / "content")
        memory = Memory(Path(folder) / "memory")
        memory.make()
        window = Window(Path(folder) / "reports", b"salt", memory)

        def in_place_of(name: str, octets: bytes, read: Callable[[_Reader], object]) -> None:
            """Read a file with other bytes in it; where it alone is sound, check whether all fits together."""
            file, reader = content / name, _Reader(content)
            before = file.read_bytes()
            file.write_bytes(octets)
            try:
                read(reader)
                problems = reader.problems or check(content).problems
                assert all("\n" not in str(problem) for problem in problems), problems
            finally:
                file.write_bytes(before)

        def yaml(octets: bytes) -> None:
            name, model = list(FILES.items())[octets[0] % len(FILES) if octets else 0]
            in_place_of(name, octets[1:], lambda reader: reader.one(name, model))

        def po(octets: bytes) -> None:
            in_place_of("translations/fr.po", octets, lambda reader: reader.translations({}))

        def question(octets: bytes) -> None:
            assert window.answer(octets) in ({}, {"unknown": True}, {"later": True})

        yield {"wire": wire, "yaml": yaml, "po": po, "receipts": question}


def seeds(target: str) -> Iterator[bytes]:
    """Yield sound bytes of a target, to be changed."""
    if target == "wire":
        yield b"\0" + ENVIRONMENT
        yield b"200 result=49 endpos=8000\n200 result=-1\nHANGUP\n200 result=0 (timeout) endpos=16000\n"
        yield b"520-Usage\n520 End\n511 Command Not Permitted on a dead channel\n"
    elif target == "receipts":
        yield from (b'{"issue": "abcdef0123456789"}\n', b'{"find": "1234"}\n', b'{"heard": "a1.sln"}\n')
    else:
        yield from (b"\0languages:\n- &a {code: !!str en, name: |\n   x}\n- ? b\n  : [c, 1.5, ~, *a]\n", PO)
        with tempfile.TemporaryDirectory() as folder:
            content = sound_content(Path(folder) / "content")
            names = FILES if target == "yaml" else ["translations/fr.po"]
            for place, name in enumerate(names):
                whole = (content / name).read_bytes()[:3000]
                yield bytes([place]) + whole if target == "yaml" else whole
