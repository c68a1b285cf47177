"""Telling users: once until it is read, in the app and by email as each chooses."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork import access
from linkwork.casework import notifications
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.errors import NotYours
from linkwork.forms.notifications import KINDS
from linkwork.models import Mail, MailKind, NoticeKind, Notification
from linkwork.web.notifications import SENTENCES
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import plan_of, watching


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    """Emails are written."""
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender="linkwork@moorvale.example")


def kinds_of_mail() -> list[MailKind]:
    return list(db.session.scalars(select(Mail.kind).order_by(Mail.id)))


def test_every_kind_is_said_in_a_sentence_and_can_be_chosen() -> None:
    assert set(SENTENCES) == set(KINDS) == set(NoticeKind)


def test_what_was_not_read_yet_is_not_told_twice(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for _ in range(2):
        notifications.tell(cast.amina, NoticeKind.CASE_GIVEN, case=case, at=NOW)
    assert notifications.unread(cast.amina) == 1
    [notice], total = notifications.listed(cast.amina)
    notifications.read(notice, at=NOW)
    notifications.tell(cast.amina, NoticeKind.CASE_GIVEN, case=case, at=NOW)
    assert (notifications.unread(cast.amina), total) == (1, 1)


def test_counting_stops_at_ninety_nine_and_uses_an_index(cast: Cast) -> None:
    db.session.add_all(
        Notification(user_id=cast.amina.id, kind=NoticeKind.TASK_DUE, at=NOW) for _ in range(120)
    )
    db.session.flush()
    with watching():
        assert notifications.unread(cast.amina) == 99
    some = "SELECT id FROM notification WHERE user_id = 1 AND read_at IS NULL LIMIT 99"
    assert "ix_notification_user_id" in plan_of(some, ())


def test_only_ones_own_are_listed_found_and_read(cast: Cast) -> None:
    notifications.tell(cast.amina, NoticeKind.TASK_DUE, at=NOW)
    notifications.tell(cast.ben, NoticeKind.TASK_DUE, at=NOW)
    db.session.flush()
    [mine], _ = notifications.listed(cast.amina)
    with pytest.raises(NotYours):
        access.find(Notification, mine.key, user=cast.ben)
    notifications.read_all(cast.amina, at=NOW)
    db.session.expire_all()
    assert (notifications.unread(cast.amina), notifications.unread(cast.ben)) == (0, 1)


def test_what_comes_while_all_is_being_read_stays_unread(cast: Cast) -> None:
    notifications.tell(cast.amina, NoticeKind.TASK_DUE, at=NOW)
    notifications.tell(cast.amina, NoticeKind.CASE_GIVEN, at=NOW + timedelta(seconds=1))
    notifications.read_all(cast.amina, at=NOW)
    assert notifications.unread(cast.amina) == 1


def test_emails_follow_the_choice_and_without_one_what_is_usual(cast: Cast) -> None:
    notifications.tell(cast.amina, NoticeKind.PROVIDER_ANSWERED, at=NOW)
    assert kinds_of_mail() == []
    notifications.tell(cast.amina, NoticeKind.VISIT_OVERDUE, at=NOW)
    assert kinds_of_mail() == [MailKind.URGENT]
    notifications.choose(cast.ben, [NoticeKind.PROVIDER_ANSWERED], by=cast.ben)
    notifications.tell(cast.ben, NoticeKind.PROVIDER_ANSWERED, at=NOW)
    notifications.tell(cast.ben, NoticeKind.VISIT_OVERDUE, at=NOW)
    assert kinds_of_mail() == [MailKind.URGENT, MailKind.NOTICE]
    notifications.choose(cast.ben, [], by=cast.ben)
    assert notifications.by_email(cast.ben) == frozenset()


def test_choosing_again_takes_the_place_of_the_earlier_choice(cast: Cast) -> None:
    notifications.choose(cast.ben, list(NoticeKind), by=cast.ben)
    notifications.choose(cast.ben, [NoticeKind.TASK_DUE], by=cast.ben)
    assert notifications.by_email(cast.ben) == {NoticeKind.TASK_DUE}


def test_somebody_is_reminded_once_a_day_even_after_reading_it(cast: Cast) -> None:
    assert notifications.remind(cast.amina, NoticeKind.TASK_DUE, at=NOW)
    notifications.read_all(cast.amina, at=NOW)
    assert not notifications.remind(cast.amina, NoticeKind.TASK_DUE, at=NOW)
    assert notifications.remind(cast.amina, NoticeKind.TASK_DUE, at=NOW + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 2


@pytest.mark.parametrize("kind", sorted(notifications.URGENT))
def test_the_next_emergency_is_told_and_mailed_though_the_last_was_not_read(
    cast: Cast, kind: NoticeKind
) -> None:
    case = None if kind is NoticeKind.PUBLIC_DANGER else make.case(cast.northside)
    for minutes in (0, 1):
        notifications.tell(cast.amina, kind, case=case, at=NOW + timedelta(minutes=minutes))
    assert notifications.unread(cast.amina) == 2
    assert kinds_of_mail() == [MailKind.URGENT, MailKind.URGENT]
