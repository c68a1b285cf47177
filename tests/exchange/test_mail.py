"""Handing letters to a mail server: sent once, kept where it fails, never waited for too long."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from linkwork.casework import mail
from linkwork.cli import main
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.exchange import mail as post
from linkwork.models import Mail, MailKind
from tests.cast import Cast
from tests.conftest import NOW, SECRET
from tests.exchange.mail_server import SENDER, closed_port, mail_server
from tests.statements import at_once

URL = "https://linkwork.example/p/abc123"


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    """Emails are written."""
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender=SENDER)


def waiting() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def queue_one(cast: Cast) -> None:
    mail.queue(cast.amina, MailKind.REMINDER, waiting=3, at=NOW)
    db.session.commit()


def test_a_letter_is_sent_once_and_its_words_are_not_kept(cast: Cast) -> None:
    queue_one(cast)
    with mail_server() as server:
        first = post.send_waiting(server.smtp, at=NOW)
        second = post.send_waiting(server.smtp, at=NOW)
    assert (first.sent, first.failed, second.sent) == (1, 0, 0)
    [(to, text)] = server.messages
    assert to == cast.amina.email
    assert "Subject: You have 3 things waiting in Linkwork" in text
    assert f"From: Linkwork <{SENDER}>" in text
    assert "Auto-Submitted: auto-generated" in text
    [kept] = waiting()
    assert (kept.sent_at, kept.body, kept.tries) == (NOW, None, 1)


def test_several_letters_go_on_one_connection_in_order(cast: Cast) -> None:
    for user in (cast.ben, cast.amina, cast.supervisor):
        mail.queue(user, MailKind.URGENT, at=NOW)
    db.session.commit()
    with mail_server() as server:
        assert post.send_waiting(server.smtp, at=NOW).sent == 3
    assert [to for to, _ in server.messages] == [
        user.email for user in (cast.ben, cast.amina, cast.supervisor)
    ]


def test_the_address_of_somebody_without_an_account_goes_with_the_words(cast: Cast) -> None:
    mail.queue_link("someone@home.example", MailKind.PLAN, URL, at=NOW)
    db.session.commit()
    with mail_server() as server:
        post.send_waiting(server.smtp, at=NOW)
    assert URL in server.messages[0][1]
    [kept] = waiting()
    assert (kept.to, kept.body) == ("", None)


@pytest.mark.parametrize("how", ["away", "stalls", "drops", "dribbles", "busy"])
def test_whatever_the_server_does_the_letter_waits_and_is_sent_later(
    cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "REPLY_SECONDS", 0.3)
    monkeypatch.setattr(post, "LETTER_SECONDS", 0.6)
    queue_one(cast)
    began = time.monotonic()
    if how == "away":
        away = Smtp(host="127.0.0.1", port=closed_port(), sender=SENDER, security="none")
        report = post.send_waiting(away, at=NOW)
    else:
        with mail_server(**({"rejects": 450} if how == "busy" else {how: True})) as server:
            report = post.send_waiting(server.smtp, at=NOW)
    assert time.monotonic() - began < 5
    assert (report.sent, report.failed) == (0, 1)
    [kept] = waiting()
    assert kept.sent_at is None
    assert kept.given_up_at is None
    assert kept.body
    assert kept.next_try_at == NOW + timedelta(minutes=5)
    with mail_server() as server:
        assert post.send_waiting(server.smtp, at=NOW).sent == 0
        assert post.send_waiting(server.smtp, at=NOW + timedelta(minutes=5)).sent == 1


def test_a_server_that_is_away_is_asked_once_however_much_waits(cast: Cast) -> None:
    for user in (cast.ben, cast.amina, cast.supervisor):
        mail.queue(user, MailKind.URGENT, at=NOW)
    db.session.commit()
    away = Smtp(host="127.0.0.1", port=closed_port(), sender=SENDER, security="none")
    report = post.send_waiting(away, at=NOW)
    assert (report.failed, report.ended) == (1, "ConnectionRefusedError")
    assert [letter.tries for letter in waiting()] == [1, 0, 0]


def test_an_address_that_is_refused_for_good_is_given_up_and_the_next_is_sent(cast: Cast) -> None:
    queue_one(cast)
    with mail_server(rejects=550) as server:
        report = post.send_waiting(server.smtp, at=NOW)
    assert (report.failed, report.ended) == (1, None)
    [kept] = waiting()
    assert (kept.given_up_at, kept.body, kept.last_error) == (
        NOW,
        None,
        "SMTPRecipientsRefused 550",
    )


def test_it_is_tried_eight_times_further_and_further_apart(cast: Cast) -> None:
    queue_one(cast)
    away = Smtp(host="127.0.0.1", port=closed_port(), sender=SENDER, security="none")
    at, waits = NOW, []
    for _ in range(8):
        assert post.send_waiting(away, at=at).failed == 1
        [kept] = waiting()
        waits.append(kept.next_try_at - at)
        at = kept.next_try_at
    assert waits[:7] == list(mail.WAITS)
    assert (kept.given_up_at is not None, kept.body) == (True, None)


def test_two_who_send_at_once_send_each_letter_once(
    cast: Cast, make_app: Callable[..., Flask]
) -> None:
    for user in cast.users.values():
        mail.queue(user, MailKind.URGENT, at=NOW)
    db.session.commit()
    with mail_server() as server:
        reports = at_once(
            make_app,
            lambda _: post.send_waiting(server.smtp, at=NOW),
            lambda _: post.send_waiting(server.smtp, at=NOW),
        )
    assert sum(report.sent for report in reports) == len(cast.users)
    assert len({to for to, _ in server.messages}) == len(server.messages) == len(cast.users)


def test_one_who_dies_while_sending_leaves_the_letter_for_another(cast: Cast) -> None:
    queue_one(cast)
    assert mail.claim(at=NOW) is not None
    db.session.commit()  # and here the power goes
    with mail_server() as server:
        assert post.send_waiting(server.smtp, at=NOW + timedelta(minutes=9)).sent == 0
        assert post.send_waiting(server.smtp, at=NOW + mail.CLAIMED).sent == 1


def test_the_command_reminds_and_sends_and_says_how_much(
    cast: Cast, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        for name, value in {
            "DATABASE_URL": database_url,
            "LINKWORK_SECRET_KEY": SECRET * 2,
            "LINKWORK_SMTP_HOST": "127.0.0.1",
            "LINKWORK_SMTP_PORT": str(server.port),
            "LINKWORK_SMTP_SECURITY": "none",
            "LINKWORK_SMTP_FROM": SENDER,
        }.items():
            monkeypatch.setenv(name, value)
        first, second = (CliRunner().invoke(main, ["remind"]) for _ in range(2))
        # Supervision of the three link workers, who never had any, is due.
        assert first.output == "Reminders made: 3.\nEmails sent: 3. Failed: 0.\n"
        assert second.output == "Reminders made: 0.\nEmails sent: 0. Failed: 0.\n"
        assert len(server.messages) == 3
        monkeypatch.setenv("LINKWORK_SMTP_PORT", str(closed_port()))
        mail.queue(cast.ben, MailKind.URGENT, at=NOW)
        db.session.commit()
        third = CliRunner().invoke(main, ["remind"])
    assert third.exit_code == 1
    assert "tried again later" in third.output


def test_what_is_logged_and_kept_says_nothing_of_anybody(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    mail.queue_link("rosa.quill@home.example", MailKind.PLAN, URL, at=NOW)
    db.session.commit()
    with caplog.at_level(logging.DEBUG), mail_server(rejects=550) as server:
        post.send_waiting(server.smtp, at=NOW)
    [kept] = waiting()
    for said in (caplog.text, kept.last_error or "", kept.to):
        assert "quill" not in said.lower()
        assert URL not in said
    assert "SMTPRecipientsRefused 550" in caplog.text


def test_a_letter_to_an_account_that_was_shut_is_not_sent(cast: Cast) -> None:
    queue_one(cast)
    cast.amina.disabled_at = NOW
    db.session.commit()
    with mail_server() as server:
        assert post.send_waiting(server.smtp, at=NOW).sent == 0
    assert server.messages == []
    assert waiting()[0].given_up_at == NOW
