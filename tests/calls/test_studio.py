"""What becomes of a volunteer's errands: nothing before the right PIN, and a mail to everyone after."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ivr.callflow.actions import Clip
from ivr.callflow.errands import (
    Announced,
    AskInForce,
    CheckPin,
    EndNotice,
    Errand,
    InForce,
    Nobody,
    Publish,
    Volunteer,
)
from ivr.calls.board import Board
from ivr.calls.booth import Booth
from ivr.calls.house import House
from ivr.calls.publications import Publications
from ivr.calls.recordings import Recordings
from ivr.calls.studio import Studio
from ivr.calls.volunteers import WRONG_AN_HOUR, Volunteers
from ivr.prompts.manifest import Manifest
from ivr.reports import notify, outbox
from tests.callflow.telling import small_line
from tests.calls.playing import LONGEST, NOON, Desk, Played, handler, story

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
CANCELLED = Publish(Announced("supper", "", TUESDAY), MONDAY)


@pytest.fixture
def publications(tmp_path: Path) -> Publications:
    board, volunteers = Board(tmp_path / "notices"), Volunteers(tmp_path / "volunteers")
    return Publications(board, volunteers, tmp_path / "mails", Recordings(tmp_path / "memory", tmp_path / "studio"))


@pytest.fixture
def pin(publications: Publications) -> str:
    publications.volunteers.add("bob", ["ar"], "bob@example.org")
    return publications.volunteers.add("alice", ["en"], "alice@example.org")


@pytest.fixture
def studio(publications: Publications, pin: str) -> Studio:
    """The studio after the right PIN."""
    studio = a_call(publications)
    assert studio.perform(CheckPin(pin)) == Volunteer("alice", ("en",))
    return studio


def a_call(publications: Publications) -> Studio:
    return Studio(publications, Booth(Played(), publications.recordings, small_line(), no_manifest, lambda: NOON))


def no_manifest() -> Manifest:
    return Manifest("", (), "")


def mails(publications: Publications) -> list[outbox.Mail]:
    return [mail for _, mail in outbox.waiting(publications.mails)]


@pytest.mark.parametrize("errand", [CANCELLED, AskInForce(NOON), EndNotice("supper-1")])
def test_nothing_is_done_before_the_right_pin(publications: Publications, pin: str, errand: Errand[Any]) -> None:
    studio = a_call(publications)
    assert studio.perform(CheckPin(f"{(int(pin) + 1) % 10**8:08d}")) == Nobody()
    with pytest.raises(PermissionError):
        studio.perform(errand)
    assert publications.board.current() == ()


def test_no_other_call_reaches_the_studio(publications: Publications) -> None:
    phone = Played()
    handler(phone, House(Desk(), LONGEST)).run(story(CANCELLED), ("en",))
    assert phone.heard == ["en/apology", "en/goodbye", "IVR_DONE=yes"]
    assert publications.board.current() == ()


def test_a_call_of_the_studio_hands_its_errands_on(studio: Studio, publications: Publications) -> None:
    answers: list[object] = []
    handler(Played(), House(Desk(), LONGEST, studio)).run(story(CANCELLED, answers=answers), ("en",))
    assert answers == [True]
    assert [one.service for one in publications.board.current()] == ["supper"]


def test_an_errand_that_nobody_knows_is_a_fault(studio: Studio) -> None:
    with pytest.raises(TypeError):
        studio.perform(Errand())


def test_a_notice_is_told_back_as_it_was_made(studio: Studio) -> None:
    moved = Announced("clinic", "15:30", TUESDAY)
    assert studio.perform(Publish(moved, MONDAY)) is True
    (told,) = studio.perform(AskInForce(NOON))
    assert told == InForce(told.id, "clinic", moved)


def test_words_alone_are_told_back_without_keys(studio: Studio, publications: Publications) -> None:
    words = {"change": "none", "spoken": ("fr",)}
    publications.board.publish(by="x", service="clinic", **words, **{"from": MONDAY, "to": MONDAY})
    (told,) = studio.perform(AskInForce(NOON))
    assert told == InForce(told.id, "clinic", None, (Clip("fr", f"notice.{told.id}"),))


def test_each_publication_and_each_end_is_mailed_to_every_volunteer(studio: Studio, publications: Publications) -> None:
    studio.perform(CANCELLED)
    (first,) = mails(publications)
    assert first.to == ("alice@example.org", "bob@example.org")
    assert first.subject == "Notice: supper, cancelled, until Tuesday 24 November 2026"
    (notice,) = publications.board.current()
    assert f"Published by alice. If it is wrong: `ivr notices end {notice.id}`." in first.text
    studio.perform(EndNotice(notice.id))
    assert {mail.subject for mail in mails(publications)} == {
        first.subject,
        "Notice ended: supper, cancelled, until Tuesday 24 November 2026",
    }


def test_the_mails_of_notices_go_to_volunteers_and_never_to_readers(studio: Studio, publications: Publications) -> None:
    studio.perform(CANCELLED)
    studio.perform(Publish(Announced("clinic", "15:30", MONDAY), MONDAY))
    sent: list[tuple[str, tuple[str, ...]]] = []
    notify.deliver(publications.mails, ["reader@example.org"], lambda mail, to: sent.append((mail.subject, to)), NOON)
    assert sorted(sent) == [
        ("Notice: clinic, begins at 15:30, until Monday 23 November 2026", ("alice@example.org", "bob@example.org")),
        ("Notice: supper, cancelled, until Tuesday 24 November 2026", ("alice@example.org", "bob@example.org")),
    ]


def test_without_an_address_no_mail_is_posted(publications: Publications) -> None:
    publications.publish("alice", Publish(Announced("supper", "", MONDAY), MONDAY))
    assert mails(publications) == []


def test_the_wrong_pin_that_locks_the_studio_is_told_by_mail_once(publications: Publications, pin: str) -> None:
    studio = a_call(publications)
    for step in range(1, WRONG_AN_HOUR + 4):
        studio.perform(CheckPin(f"{(int(pin) + step) % 10**8:08d}"))
    (mail,) = mails(publications)
    assert mail.subject == "The studio is locked"
    assert pin not in json.dumps(mail.text)


def test_a_notice_that_is_gone_already_is_ended_without_a_word(studio: Studio) -> None:
    assert studio.perform(EndNotice("supper-1")) is None


def test_a_notice_that_callers_hear_counts_as_published_and_ended_where_no_mail_can_be_written(
    studio: Studio, publications: Publications, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "mails").write_text("in the way")
    assert studio.perform(CANCELLED) is True
    (notice,) = publications.board.current()
    studio.perform(EndNotice(notice.id))
    assert publications.board.current() == ()
    told = [record.getMessage() for record in caplog.records]
    assert [sentence.partition("mail '")[2].partition(":")[0] for sentence in told] == ["Notice", "Notice ended"]


def test_a_notice_that_cannot_be_kept_is_not_published(
    studio: Studio, publications: Publications, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "notices").write_text("in the way")
    assert studio.perform(CANCELLED) is False
    assert "could not be published" in caplog.text
