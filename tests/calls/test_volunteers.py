"""Who may publish: PINs that are kept nowhere, and a lock that nobody outruns."""

import threading
from pathlib import Path

import pytest

from ivr.callflow.errands import Locked, Nobody, Volunteer
from ivr.calls.volunteers import HOUR, WRONG_AN_HOUR, VolunteerRefused, Volunteers
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock[float]:
    return Clock(1_800_000_000.0)


@pytest.fixture
def volunteers(tmp_path: Path, clock: Clock[float]) -> Volunteers:
    return Volunteers(tmp_path / "volunteers", clock)


def wrong_of(pin: str, step: int = 1) -> str:
    return f"{(int(pin) + step) % 10**8:08d}"


def test_a_pin_has_eight_digits_and_is_its_volunteers_alone(volunteers: Volunteers) -> None:
    alice, bob = volunteers.add("alice", ["en", "fr"]), volunteers.add("bob", ["ar"], "bob@example.org")
    assert len(alice) == len(bob) == 8
    assert (alice + bob).isdigit()
    assert volunteers.whose(alice) == Volunteer("alice", ("en", "fr"))
    assert volunteers.whose(bob) == Volunteer("bob", ("ar",))
    assert volunteers.mails() == ("bob@example.org",)


def test_no_file_holds_a_pin_and_nobody_else_may_read_the_folder(volunteers: Volunteers, tmp_path: Path) -> None:
    pin = volunteers.add("alice", ["en"])
    volunteers.whose(pin)
    volunteers.whose(wrong_of(pin))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if any(one.encode() in path.read_bytes() for one in (pin, wrong_of(pin)))]
    assert (tmp_path / "volunteers").stat().st_mode & 0o077 == 0


def test_without_volunteers_nobody_is_let_in(volunteers: Volunteers, tmp_path: Path) -> None:
    assert volunteers.whose("12345678") == Nobody()
    assert not volunteers.locked()
    volunteers.unlock()
    assert not (tmp_path / "volunteers").exists()


def test_five_wrong_pins_lock_the_right_one_out_for_an_hour(volunteers: Volunteers, clock: Clock[float]) -> None:
    pin = volunteers.add("alice", ["en"])
    for step in range(1, WRONG_AN_HOUR + 1):
        assert not volunteers.locked()
        assert volunteers.whose(wrong_of(pin, step)) == Nobody()
    assert volunteers.locked()
    assert volunteers.whose(pin) == Locked()
    clock.now += HOUR
    assert volunteers.whose(pin) == Volunteer("alice", ("en",))


def test_right_pins_never_lock_and_forgive_no_wrong_one(volunteers: Volunteers) -> None:
    pin = volunteers.add("alice", ["en"])
    for step in range(1, WRONG_AN_HOUR):
        volunteers.whose(wrong_of(pin, step))
        assert isinstance(volunteers.whose(pin), Volunteer)
        assert isinstance(volunteers.whose(pin), Volunteer)
    volunteers.whose(wrong_of(pin))
    assert volunteers.whose(pin) == Locked()


def test_the_lock_outlasts_a_restart_and_a_person_opens_it(
    volunteers: Volunteers, tmp_path: Path, clock: Clock[float]
) -> None:
    pin = volunteers.add("alice", ["en"])
    for step in range(1, WRONG_AN_HOUR + 1):
        volunteers.whose(wrong_of(pin, step))
    again = Volunteers(tmp_path / "volunteers", clock)
    assert again.whose(pin) == Locked()
    again.unlock()
    assert isinstance(again.whose(pin), Volunteer)


def test_many_guesses_at_once_are_not_more_guesses(volunteers: Volunteers) -> None:
    pin = volunteers.add("alice", ["en"])
    found: list[object] = []
    guesses = [
        threading.Thread(target=lambda step=step: found.append(volunteers.whose(wrong_of(pin, step))))
        for step in range(1, 13)
    ]
    for guess in guesses:
        guess.start()
    for guess in guesses:
        guess.join()
    assert found.count(Nobody()) == WRONG_AN_HOUR
    assert found.count(Locked()) == len(guesses) - WRONG_AN_HOUR


def test_who_is_removed_is_let_in_no_more(volunteers: Volunteers) -> None:
    pin = volunteers.add("alice", ["en"])
    volunteers.remove("alice")
    assert volunteers.all() == []
    assert volunteers.whose(pin) == Nobody()


@pytest.mark.parametrize("name", ["", "Alice", "../x", "a b", "wrong", "x" * 40])
def test_a_name_that_is_none_is_refused(volunteers: Volunteers, name: str) -> None:
    with pytest.raises(VolunteerRefused, match="no name"):
        volunteers.add(name, ["en"])


def test_nobody_is_added_twice_or_removed_unknown(volunteers: Volunteers) -> None:
    volunteers.add("alice", ["en"])
    with pytest.raises(VolunteerRefused, match="is on the list"):
        volunteers.add("alice", ["fr"])
    with pytest.raises(VolunteerRefused, match="is not on the list"):
        volunteers.remove("bob")
