"""Handing letters to the mail server: one connection, a few seconds each, and never twice at once.

Each letter is taken and the taking committed before anything is sent, so that nothing of the
database is held while another machine is waited for. A server that is away, refuses us or stalls
ends the run; what was not sent stays where it is, and is tried again later.
"""

import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from linkwork.casework import mail
from linkwork.casework.mail import Letter
from linkwork.config import Smtp
from linkwork.database import db

MOST_AT_ONCE = 200
REPLY_SECONDS = 10.0
LETTER_SECONDS = 30.0
FOR_GOOD = range(500, 600)

log = logging.getLogger("linkwork.mail")


@dataclass(slots=True)
class Report:
    """What came of one run: letters sent, letters that failed, and what ended the run early."""

    sent: int = 0
    failed: int = 0
    ended: str | None = None


def send_waiting(smtp: Smtp, *, at: datetime) -> Report:
    """Send what waits, at most ``MOST_AT_ONCE`` letters. Commits after each."""
    report, server = Report(), None
    try:
        while report.sent + report.failed < MOST_AT_ONCE and not report.ended:
            letter = mail.claim(at=at)
            db.session.commit()
            if letter is None:
                break
            try:
                server = server or _connected(smtp)
                with _no_longer_than(server, LETTER_SECONDS):
                    server.send_message(_written(letter, smtp, at))
                mail.sent(letter, at=at)
                report.sent += 1
            except Exception as error:
                _note(letter, error, report, at)
            db.session.commit()
    finally:
        _hang_up(server)
    return report


def _note(letter: Letter, error: Exception, report: Report, at: datetime) -> None:
    """Keep what failed: whose fault it was says whether the next letter is worth a try."""
    db.session.rollback()
    kind, code = type(error).__name__, _code(error)
    said = f"{kind} {code}" if code else kind
    refused = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    unwritable = isinstance(error, ValueError | smtplib.SMTPNotSupportedError)
    mail.failed(letter, said, for_good=unwritable or (refused and code in FOR_GOOD), at=at)
    report.failed += 1
    if not (refused or unwritable):
        report.ended = said
    log.warning("mail %s was not sent: %s", letter.key, said)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _connected(smtp: Smtp) -> smtplib.SMTP:
    """A connection that is signed in where that is asked, and that nobody on the way can read."""
    if smtp.security == "tls":
        safe = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(timeout=REPLY_SECONDS, context=safe)
    else:
        server = smtplib.SMTP(timeout=REPLY_SECONDS)
    server._host = smtp.host  # type: ignore[attr-defined]  # noqa: SLF001 - whose certificate
    try:
        with _no_longer_than(server, LETTER_SECONDS):
            server.connect(smtp.host, smtp.port)
            if smtp.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if smtp.user:
                server.login(smtp.user, smtp.password)
    except BaseException:
        server.close()
        raise
    return server


@contextmanager
def _no_longer_than(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the line when the time is over: a server that answers a letter at a time never times out.

    Each answer has its own, shorter time as well.
    """

    def cut() -> None:
        line = getattr(server, "sock", None)
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _written(letter: Letter, smtp: Smtp, at: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = f"Linkwork <{smtp.sender}>", letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    # The same each time it is tried: a server that had it already can tell.
    message["Message-ID"] = f"<{letter.key}@{smtp.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, cte="quoted-printable")
    return message


def _hang_up(server: smtplib.SMTP | None) -> None:
    if server is not None:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()
