"""Mails to the readers: at fixed hours how many reports wait, soon that one is urgent; never its content."""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from ivr.reports import outbox, shelf
from ivr.reports.folder import State
from ivr.reports.outbox import Mail

_PATIENCE: Final = 20.0  # seconds for each word of the mail server
_SOON: Final = 4  # minutes; urgent mails leave at full fours, so that they do not tell the minute of a call

Send = Callable[[Mail, Sequence[str]], None]


class MailHeldUp(Exception):
    """The mail server did not take a mail; it stays in the outbox and is tried again."""


@dataclass(frozen=True)
class Post:
    """A mail server; `security` is `tls` (port 465), `starttls` (587), or `plain` on this machine."""

    host: str
    port: int
    sender: str
    security: Literal["tls", "starttls", "plain"] = "tls"
    user: str = ""
    password: str = ""

    def send(self, mail: Mail, to: Sequence[str]) -> None:
        """Send one mail. Raises MailHeldUp."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, ", ".join(to), mail.subject
        message.set_content(mail.text + "\n")
        try:
            with self._connect() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise MailHeldUp(f"{self.host} did not take a mail ({error}); it is tried again.") from error

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_PATIENCE)


def count(reports: Path, mails: Path, now: datetime, hours: Sequence[int]) -> None:
    """Post the number of waiting reports, once for each of the fixed `hours` of the day that has come."""
    past = [hour for hour in hours if hour <= now.hour]
    mark = mails / ".counted"
    this = f"{now.date()} {max(past, default=-1)}"
    if not past or (mark.exists() and mark.read_text(encoding="utf-8") == this):
        return
    cards = [card for _, card in shelf.cards(reports) if card.state is State.NEW]
    if cards:
        broken = sum(not card.complete for card in cards)
        text = f"Reports that nobody has opened yet: {len(cards)}. Of these broke off or still go on: {broken}."
        outbox.post(mails, Mail("Reports wait for you", text), "count")
    mails.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.write_text(this, encoding="utf-8")


def deliver(mails: Path, readers: Sequence[str], send: Send, now: datetime) -> int:
    """Send what waits in the outbox; a mail leaves the outbox when the server took it. Return how many left.

    Raises MailHeldUp at the first mail that the server does not take; the others stay as well.
    """
    ready = [row for row in outbox.waiting(mails) if not row[1].soon or now.minute % _SOON == 0]
    sent = 0
    for (subject, _), rows in groupby(sorted(ready, key=_alike), key=_alike):
        same = list(rows)
        mail = same[0][1]
        several = replace(mail, subject=f"{subject} ({len(same)})") if len(same) > 1 else mail
        to = mail.to or tuple(readers)
        if to:
            send(several, to)
            sent += 1
        for path, _ in same:
            path.unlink()
    return sent


def _alike(row: tuple[Path, Mail]) -> tuple[str, tuple[str, ...]]:
    return row[1].subject, row[1].to
