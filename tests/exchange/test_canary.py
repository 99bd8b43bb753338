"""When the canary sends a mail: once for each outage, and once when it is over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr import wiring
from ivr.exchange import canary
from ivr.exchange.canary import Last, NotHeard, last, watch
from ivr.exchange.telephone import frames
from ivr.reports import outbox
from ivr.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
UP, DOWN = "heard", ""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[outbox.Mail]]:
    """Call once; `told` is what the calls of this hour hear, the second one as well. Return the mails of this call."""
    monkeypatch.setattr(canary, "PAUSE", 0.0)
    now = NOON

    def call(*told: str) -> list[outbox.Mail]:
        nonlocal now
        hears = iter(told)

        def listen() -> str:
            if heard := next(hears):
                return heard
            raise NotHeard("Nothing but the sea.")

        watch(listen, tmp_path / "canary", tmp_path / "mails", lambda: now)
        now += timedelta(hours=1)
        mails = outbox.waiting(tmp_path / "mails")
        for path, _ in mails:
            path.unlink()
        return [mail for _, mail in mails]

    return call


def test_a_line_that_is_heard_sends_no_mail(calls, tmp_path: Path) -> None:
    assert [calls(UP), calls(UP)] == [[], []]
    assert last(tmp_path / "canary") == Last(NOON + timedelta(hours=1), heard=UP)


def test_one_stumble_is_no_outage(calls) -> None:
    assert [calls(UP), calls(DOWN, UP), calls(UP)] == [[], [], []]


@pytest.mark.parametrize("before", [[], [UP]])
def test_an_outage_sends_one_mail_however_long_it_lasts_and_one_when_it_is_over(calls, before: list[str]) -> None:
    for one in before:
        calls(one)
    (down,) = calls(DOWN, DOWN)
    assert (down.subject, down.text.splitlines()[0]) == ("The line is down", "Nothing but the sea.")
    assert [calls(DOWN, DOWN), calls(DOWN, DOWN)] == [[], []]
    (back,) = calls(UP)
    assert back.subject == "The line is back"
    assert f"since Monday 23 November 2026, {12 + len(before)}:00" in back.text
    assert calls(UP) == []
    assert len(calls(DOWN, DOWN)) == 1


def test_a_mail_that_the_outage_held_up_is_replaced_by_that_it_is_over(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(canary, "PAUSE", 0.0)
    hears = iter((False, False, True))

    def listen() -> str:
        if next(hears):
            return UP
        raise NotHeard("Nothing but the sea.")

    for _ in range(2):
        watch(listen, tmp_path / "canary", tmp_path / "mails", lambda: NOON)
    (mail,) = (mail for _, mail in outbox.waiting(tmp_path / "mails"))
    assert mail.subject == "The line is back"
    assert mail.text.endswith("What was found then: Nothing but the sea.")


def test_what_the_canary_kept_may_be_damaged(calls, tmp_path: Path) -> None:
    (tmp_path / "canary").mkdir()
    (tmp_path / "canary/last.json").write_text("[")
    assert last(tmp_path / "canary") is None
    assert calls(UP) == []


def test_silence_is_no_part_of_what_must_be_heard() -> None:
    assert frames(bytes([0xD5]) * 160 + bytes(range(160)) + b"rest") == {bytes(range(160))}


@pytest.mark.parametrize(
    ("public", "here"),
    [("127.0.0.1", "127.0.0.2"), ("0.0.0.0", "127.0.0.2"), ("192.0.2.7", "127.0.0.1")],  # noqa: S104
)
def test_telephones_on_this_machine_call_the_same_address_whatever_the_public_one_is(
    monkeypatch: pytest.MonkeyPatch, public: str, here: str
) -> None:
    monkeypatch.setenv("IVR_SIP_ADDRESS", public)
    assert wiring.here(Settings()) == here
