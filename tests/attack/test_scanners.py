"""sipvicious against the line: it finds what is open to everybody, and no account, no registration, no password."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.tools import found, from_elsewhere, scan, weak_registrar
from tests.running_line import RunningLine

pytestmark = pytest.mark.long(11)

OPEN = {"line", "line-en", "line-ar", "witness", "studio"}
NAMES = [*OPEN, "admin", "phones", "trunk", "provider", "entries", "call", "after", "s", "h", "0033612345678", "test"]
NUMBERS = ["100", "101", "200", "1000", "1001", "2000", "9000", "*97", "0"]
BETWEEN = "0.15"  # seconds between two names; after the last one, twenty times as long is waited for answers
PASSWORDS = ["", "phones", "line", "admin", "1234", "secret", "calais", "anonymous", "asterisk"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scans")
    (made / "names").write_text("\n".join(sorted([*NAMES, *NUMBERS])))
    (made / "passwords").write_text("\n".join(PASSWORDS))
    return made


@pytest.fixture(scope="module")
def printed(line: RunningLine, folder: Path) -> Iterator[dict[str, str]]:
    """What each scan has printed, from this machine and, by name, from `elsewhere`."""
    methods = ("OPTIONS", "REGISTER", "INVITE")
    with from_elsewhere(line.asterisk.sip) as door, weak_registrar("phones", "1234") as weak:
        here, elsewhere = str(line.asterisk.sip_port), str(door)
        crack = ["svcrack", "-u", "phones", "-d", "passwords", "--maximumtime"]
        guess = ["svwar", "--force", "-d", "names", "-t", BETWEEN]
        yield scan(
            folder,
            {
                **{f"map {method}": ["svmap", "-d", "-m", method, "-p", here] for method in methods},
                **{f"guess {method}": [*guess, "-m", method, "-p", here] for method in methods},
                **{f"guess {method} elsewhere": [*guess, "-m", method, "-p", elsewhere] for method in methods},
                "crack": [*crack, "3", "-p", here],
                "crack elsewhere": [*crack, "3", "-p", elsewhere],
                "crack weak": [*crack, "20", "-p", str(weak)],
            },
        )


def test_a_scan_finds_a_telephone_and_not_which_program_it_is(printed: dict[str, str]) -> None:
    for method in ("OPTIONS", "REGISTER", "INVITE"):
        told = printed[f"map {method}"]
        assert "| telephone " in told, told
        assert "asterisk" not in told.lower()


@pytest.mark.parametrize("method", ["OPTIONS", "INVITE"])
def test_guessed_names_find_the_entries_that_are_open_to_everybody(printed: dict[str, str], method: str) -> None:
    assert found(printed[f"guess {method}"]) == OPEN


def test_nothing_can_be_registered(printed: dict[str, str]) -> None:
    told = printed["guess REGISTER"]
    assert "501 Not Implemented" in told
    assert not found(told) & {*NAMES, *NUMBERS}


@pytest.mark.parametrize("method", ["OPTIONS", "REGISTER", "INVITE"])
def test_from_an_address_that_is_not_known_no_name_is_found(printed: dict[str, str], method: str) -> None:
    told = printed[f"guess {method} elsewhere"]
    assert "found nothing" in told, told
    assert found(told) == set()


def test_no_password_opens_anything(printed: dict[str, str]) -> None:
    assert found(printed["crack weak"]) == {"phones"}  # it can find one, where there is one
    for door in ("crack", "crack elsewhere"):
        assert "found nothing" in printed[door], printed[door]
        assert found(printed[door]) == set()
