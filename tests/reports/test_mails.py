"""Mails through a real SMTP server, which is sometimes down; and the clock by which they go."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ivr.callflow.errands import Announced, CheckPin, Publish
from ivr.calls.board import Board
from ivr.calls.booth import Booth
from ivr.calls.publications import Publications
from ivr.calls.recordings import Recordings
from ivr.calls.studio import Studio
from ivr.calls.volunteers import Volunteers
from ivr.prompts.manifest import Manifest
from ivr.reports import notify, outbox, pinned, rounds, shelf
from ivr.reports.folder import State
from ivr.reports.keys import Reader
from ivr.reports.outbox import Mail
from ivr.reports.retain import retain
from tests.callflow.telling import small_line
from tests.calls.playing import Played
from tests.reports.sealed_line import SealedLine, speech

READERS = ["alice@example.org", "bob@example.org"]
MORNING = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
TODAY = date(2026, 11, 23)


class Letterbox:
    def __init__(self) -> None:
        self.mails: list[tuple[list[str], str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd calls it so
        content: Any = envelope.content
        message = message_from_bytes(content)
        self.mails.append((envelope.rcpt_tos, str(message["Subject"]), str(message.get_payload())))
        return "250 OK"


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(letterbox: Letterbox) -> Iterator[Controller]:
    """A mail server that is down until a test starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    yield controller
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def post(server: Controller) -> notify.Post:
    return notify.Post("127.0.0.1", server.port, "line@example.org", "plain")


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


def test_a_mail_that_met_an_outage_is_sent_when_the_server_is_back(
    mails: Path, server: Controller, post: notify.Post, letterbox: Letterbox
) -> None:
    outbox.post(mails, Mail("Hello", "text"))
    with pytest.raises(notify.MailHeldUp, match="tried again"):
        notify.deliver(mails, READERS, post.send, MORNING)
    server.start()
    assert notify.deliver(mails, READERS, post.send, MORNING) == 1
    assert letterbox.mails == [(READERS, "Hello", "text\r\n")]


def test_a_mail_that_was_sent_is_not_sent_again(
    mails: Path, server: Controller, post: notify.Post, letterbox: Letterbox
) -> None:
    server.start()
    outbox.post(mails, Mail("Hello", "text"))
    for _ in range(2):
        notify.deliver(mails, READERS, post.send, MORNING)
    assert len(letterbox.mails) == 1


@pytest.mark.parametrize("in_charge", [("carol@example.org", "dan@example.org"), ()])
def test_the_canary_s_mails_go_to_those_in_charge_else_to_those_entrusted(
    mails: Path, post: notify.Post, server: Controller, letterbox: Letterbox, tmp_path: Path, in_charge: tuple[str, ...]
) -> None:
    server.start()
    outbox.post(tmp_path / "canary", Mail("The line is down", "text", soon=True))
    readers = tuple(Reader("age1", "", address) for address in READERS)
    plan = rounds.Plan(tmp_path / "reports", mails, readers, post, (), canary=tmp_path / "canary", in_charge=in_charge)
    rounds.go(plan, MORNING.replace(minute=4))
    told = [to for to, subject, _ in letterbox.mails if subject == "The line is down"]
    assert told == [list(in_charge or READERS)]
    assert outbox.waiting(tmp_path / "canary") == []


def test_the_rounds_also_send_what_waits_in_the_studios_own_outbox(
    tmp_path: Path, mails: Path, server: Controller, post: notify.Post, letterbox: Letterbox
) -> None:
    server.start()
    outbox.post(tmp_path / "studio", Mail("A notice", "text", ("carol@example.org",)))
    rounds.go(rounds.Plan(tmp_path / "reports", mails, (), post, hours=(), also=tmp_path / "studio"), MORNING)
    assert [(to, subject) for to, subject, _ in letterbox.mails if subject == "A notice"] == [
        (["carol@example.org"], "A notice")
    ]
    assert outbox.waiting(tmp_path / "studio") == []


def test_a_notice_by_telephone_is_mailed_to_every_volunteer_through_the_mail_server(
    tmp_path: Path, mails: Path, server: Controller, post: notify.Post, letterbox: Letterbox
) -> None:
    recordings = Recordings(tmp_path / "memory", tmp_path / "recordings")
    board, volunteers = Board(tmp_path / "notices"), Volunteers(tmp_path / "volunteers")
    publications = Publications(board, volunteers, tmp_path / "studio", recordings)
    pin = publications.volunteers.add("alice", ["en"], "alice@example.org")
    publications.volunteers.add("zoe", ["fr"], "zoe@example.org")
    server.start()
    plan = rounds.Plan(tmp_path / "reports", mails, (Reader("carol", "carol@example.org", "key"),), post, hours=())
    call = Studio(
        publications, Booth(Played(), recordings, small_line(), lambda: Manifest("", (), ""), lambda: MORNING)
    )
    for errand in (CheckPin(pin), Publish(Announced("supper", "18:30", TODAY), TODAY)):
        call.perform(errand)
    rounds.go(replace(plan, also=publications.mails), MORNING)
    ((to, subject, text),) = [mail for mail in letterbox.mails if "Notice" in mail[1]]
    assert to == ["alice@example.org", "zoe@example.org"]
    assert subject == "Notice: supper, begins at 18:30, until Monday 23 November 2026"
    assert "Published by alice." in text


def sent(mails: Path, now: datetime) -> list[str]:
    subjects: list[str] = []
    notify.deliver(mails, READERS, lambda mail, _: subjects.append(mail.subject), now)
    return subjects


def test_an_urgent_mail_leaves_within_five_minutes_at_no_telling_minute(mails: Path) -> None:
    outbox.urgent(mails, "aaaaaaaa.1.abc")
    leaves = [minute for minute in range(60) if sent_at(mails, minute)]
    assert leaves == list(range(0, 60, 4))


def sent_at(mails: Path, minute: int) -> list[str]:
    outbox.urgent(mails, "aaaaaaaa.1.abc")
    return sent(mails, MORNING.replace(minute=minute))


def test_several_urgent_reports_are_one_mail_that_says_how_many(mails: Path) -> None:
    for name in ("aaaaaaaa.1.abc", "bbbbbbbb.1.def"):
        outbox.urgent(mails, name)
    assert sent(mails, MORNING.replace(minute=4)) == ["An urgent report (2)"]


def test_a_mail_tells_how_many_reports_wait_and_nothing_in_them(line: SealedLine, mails: Path) -> None:
    for name in ("aaaaaaaa", "bbbbbbbb"):
        line.sealed(speech(3), name, notes=[{"language": "ps"}])
    notify.count(line.reports, mails, MORNING, [8, 18])
    [(_, mail)] = outbox.waiting(mails)
    assert mail.text == "Reports that nobody has opened yet: 2. Of these broke off or still go on: 0."


def test_the_count_is_posted_once_an_hour_that_was_fixed(line: SealedLine, mails: Path) -> None:
    line.sealed(speech(3))
    posted = []
    for hour in range(24):
        notify.count(line.reports, mails, MORNING.replace(hour=hour), [8, 18])
        posted += [hour] * len(sent(mails, MORNING))
    assert posted == [8, 18]


def test_no_mail_is_posted_when_nothing_waits(line: SealedLine, mails: Path) -> None:
    shelf.mark(line.sealed(speech(3)), State.OPENED, TODAY)
    notify.count(line.reports, mails, MORNING, [8])
    assert outbox.waiting(mails) == []


def test_a_new_reader_is_announced_to_the_old_and_the_new(line: SealedLine, mails: Path) -> None:
    alice, bob, carol = (Reader(f"age1{name}", name, f"{name}@example.org") for name in ("alice", "bob", "carol"))
    line.reports.mkdir()
    pinned.announce(line.reports, mails, [alice, bob])
    assert outbox.waiting(mails) == []
    assert pinned.announce(line.reports, mails, [alice, carol])
    [(_, mail)] = outbox.waiting(mails)
    assert mail.to == ("alice@example.org", "bob@example.org", "carol@example.org")
    assert "New: carol" in mail.text
    assert "No longer: bob" in mail.text


def test_an_unchanged_list_of_readers_is_not_announced_again(line: SealedLine, mails: Path) -> None:
    line.reports.mkdir()
    people = [Reader("age1a", "a", "a@example.org")]
    pinned.announce(line.reports, mails, people)
    assert not pinned.announce(line.reports, mails, people)


def days_kept(line: SealedLine, mails: Path, state: State) -> tuple[list[int], list[int]]:
    """Return after which days a deletion was announced, and after which the report was gone."""
    report = line.sealed(speech(3))
    shelf.mark(report, state, TODAY)
    announced, gone = [], []
    for day in range(1, 40):
        retain(line.reports, mails, 30, date.fromordinal(TODAY.toordinal() + day))
        announced += [day] * len(sent(mails, MORNING.replace(minute=0)))
        gone += [day] * (not report.path.exists())
    return announced, gone[:1]


def test_a_report_that_is_done_is_deleted_after_its_days_and_announced_the_day_before(
    line: SealedLine, mails: Path
) -> None:
    assert days_kept(line, mails, State.DONE) == ([29], [30])


@pytest.mark.parametrize("state", [State.NEW, State.OPENED])
def test_a_report_that_is_not_done_is_never_deleted(line: SealedLine, mails: Path, state: State) -> None:
    assert days_kept(line, mails, state) == ([], [])


def test_a_line_that_was_off_announces_first_and_deletes_the_day_after(line: SealedLine, mails: Path) -> None:
    report = line.sealed(speech(3))
    shelf.mark(report, State.DONE, TODAY)
    late = TODAY.toordinal() + 100
    retain(line.reports, mails, 30, date.fromordinal(late))
    assert report.path.exists()
    retain(line.reports, mails, 30, date.fromordinal(late + 1))
    assert not report.path.exists()


def test_a_deletion_announced_today_waits_for_tomorrow_however_often_the_rounds_go(
    line: SealedLine, mails: Path
) -> None:
    report = line.sealed(speech(3))
    shelf.mark(report, State.DONE, TODAY)
    for _ in range(3):
        retain(line.reports, mails, 1, TODAY)
    assert report.path.exists()


def test_a_report_taken_back_after_the_announcement_stays(line: SealedLine, mails: Path) -> None:
    report = line.sealed(speech(3))
    shelf.mark(report, State.DONE, TODAY)
    retain(line.reports, mails, 1, TODAY)
    shelf.mark(report, State.OPENED, TODAY)
    retain(line.reports, mails, 1, date.fromordinal(TODAY.toordinal() + 1))
    assert report.path.exists()


def test_a_deletion_is_logged_with_name_and_day_alone(line: SealedLine) -> None:
    shelf.delete(line.sealed(speech(3)), TODAY)
    assert (line.reports / "deleted.log").read_text() == "2026-11-23 aaaaaaaa\n"
    assert not (line.reports / "aaaaaaaa").exists()
