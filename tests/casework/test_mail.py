"""Writing mail: in the transaction of what it tells of, in fixed words, about nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import mail, notifications
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Mail, MailKind, NoticeKind
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

URL = "https://linkwork.example/p/abc123"


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    """Emails are written."""
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender="linkwork@moorvale.example")


def written() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_nothing_is_written_where_no_mail_server_is_named(app: Flask, cast: Cast) -> None:
    app.config["SMTP"] = None
    assert mail.queue(cast.amina, MailKind.URGENT, at=NOW) is None
    assert mail.queue_link("a@b.example", MailKind.PLAN, URL, at=NOW) is None
    assert written() == []


def test_what_is_rolled_back_is_not_sent(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    db.session.commit()
    notifications.tell(cast.amina, NoticeKind.CASE_GIVEN, case=case, at=NOW)
    assert len(written()) == 1
    db.session.rollback()
    assert written() == []


def test_a_link_goes_to_one_address_in_fixed_words(cast: Cast) -> None:
    for kind in (MailKind.PLAN, MailKind.ANSWER, MailKind.INVITATION):
        letter = mail.queue_link("somebody@home.example", kind, URL, at=NOW)
        assert letter is not None
        assert letter.body is not None
        assert letter.body.count(URL) == 1
        assert letter.subject == mail.TEXTS[kind][0]


TWO = [
    "a@b.example, x@y.example",
    "x,a@b.example",
    "x;a@b.example",
    "a@b.example;",
    "x <a@b.example>",
]


@pytest.mark.parametrize(
    "address", ["", "nobody", "@", "a@", "a@b.example\nBcc: x@y.example", *TWO]
)
def test_what_is_no_address_is_refused(cast: Cast, address: str) -> None:
    with pytest.raises(RuleBroken, match="not an email address"):
        mail.queue_link(address, MailKind.PLAN, URL, at=NOW)


def test_a_plain_notice_is_not_repeated_for_four_hours(cast: Cast) -> None:
    assert mail.queue(cast.amina, MailKind.NOTICE, at=NOW)
    assert mail.queue(cast.amina, MailKind.NOTICE, at=NOW) is None
    [letter] = written()
    letter.sent_at = NOW
    assert mail.queue(cast.amina, MailKind.NOTICE, at=NOW + timedelta(hours=3)) is None
    assert mail.queue(cast.amina, MailKind.NOTICE, at=NOW + timedelta(hours=5))


def test_an_urgent_one_never_waits_for_another(cast: Cast) -> None:
    assert mail.queue(cast.amina, MailKind.URGENT, at=NOW)
    assert mail.queue(cast.amina, MailKind.URGENT, at=NOW)
    written()[0].sent_at = NOW
    assert mail.queue(cast.amina, MailKind.URGENT, at=NOW)


def test_nobody_is_written_to_whose_account_is_shut(cast: Cast) -> None:
    cast.amina.disabled_at = NOW
    assert mail.queue(cast.amina, MailKind.URGENT, at=NOW) is None


def test_a_death_stops_what_waits_to_be_sent_of_the_case(cast: Cast) -> None:
    case, other = (make.case(cast.northside, worker=cast.amina) for _ in range(2))
    for of in (case, other):
        mail.queue_link("somebody@home.example", MailKind.PLAN, URL, case=of, at=NOW)
    notifications.stop(case, at=NOW)
    db.session.expire_all()
    stopped, kept = written()
    assert (stopped.given_up_at, stopped.body, stopped.to) == (NOW, None, "")
    assert kept.body
    claimed = mail.claim(at=NOW)
    assert claimed is not None
    assert claimed.id == kept.id


def test_what_was_sent_is_forgotten_after_ninety_days(cast: Cast) -> None:
    mail.queue(cast.amina, MailKind.URGENT, at=NOW)
    mail.queue(cast.ben, MailKind.URGENT, at=NOW)
    written()[0].sent_at = NOW
    mail.tidy(at=NOW + timedelta(days=89))
    assert len(written()) == 2
    mail.tidy(at=NOW + timedelta(days=91))
    assert [letter.user_id for letter in written()] == [cast.ben.id]  # it was never sent


PARTS = ("given_name", "family_name", "preferred_name", "address", "alert", "access_needs")
WORDS = st.text(st.characters(categories=["L"]), min_size=4, max_size=20).map("Zq{}".format)


@given(facts=st.fixed_dictionaries(dict.fromkeys(PARTS, WORDS)))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.one_engine
def test_no_word_of_any_record_is_ever_in_an_email(cast: Cast, facts: dict[str, Any]) -> None:
    person = make.person(date_of_birth=date(1951, 3, 12), phone="07700 900321", **{
        **facts,
        "given_name_folded": facts["given_name"].lower(),
        "family_name_folded": facts["family_name"].lower(),
    })  # fmt: skip
    case = make.case(cast.northside, worker=cast.amina, person=person)
    contact = make.contact(case, by=cast.amina, notes=facts["address"])
    for letter in written():
        letter.sent_at = NOW - timedelta(days=2)  # what was written for the example before
        letter.made_at = NOW - timedelta(days=2)
    for kind in NoticeKind:
        notifications.choose(cast.amina, list(NoticeKind), by=cast.amina)
        notifications.tell(cast.amina, kind, case=case, at=NOW)
    mail.queue(cast.amina, MailKind.REMINDER, waiting=7, at=NOW)
    mail.queue_link("a@b.example", MailKind.PLAN, URL, case=case, at=NOW)
    mail.queue_link("a@b.example", MailKind.ANSWER, URL, case=case, at=NOW)
    texts = [f"{letter.subject}\n{letter.body}" for letter in written()]
    assert len(texts) >= 4
    secret = {*facts.values(), "1951", "07700", str(person.nhs_number), case.key, person.key}
    secret |= {contact.key, cast.amina.name, "Northside"}
    assert [word for word in secret for text in texts if word.lower() in text.lower()] == []
    db.session.rollback()
