"""Reminders: what is due is told once a day, whoever asks and however often."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import onward_referrals, reminders
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.models import Mail, MailKind, NoticeKind, Notification, Supervision
from linkwork.models.supervision import SupervisionKind
from linkwork.models.task import Task
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    """Emails are written."""
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender="linkwork@moorvale.example")


@pytest.fixture
def had_supervision(cast: Cast) -> None:
    """Everybody had supervision yesterday, so that nobody is reminded of it."""
    for worker in (cast.amina, cast.ben, cast.cath):
        held = Supervision(
            worker_id=worker.id, recorded_by_id=worker.id, with_whom="A", held_on=TODAY - DAY,
            kind=SupervisionKind.PEER, next_due_on=TODAY + 27 * DAY,
        )  # fmt: skip
        db.session.add(held)
    db.session.flush()


def told() -> list[tuple[int, NoticeKind]]:
    query = select(Notification.user_id, Notification.kind).order_by(Notification.id)
    return [(row.user_id, row.kind) for row in db.session.execute(query)]


def task(cast: Cast, due_in: int, **facts: object) -> Task:
    case = make.case(cast.northside, worker=cast.amina)
    made = Task(
        case=case, owner_id=cast.amina.id, what="Ring", due_on=TODAY + due_in * DAY,
        promised_at=NOW, promised_by_id=cast.amina.id, **facts,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def test_tasks_that_are_due_are_told_once_with_one_email(cast: Cast, had_supervision: None) -> None:
    task(cast, 0)
    task(cast, -3)
    assert reminders.make(at=NOW) == 1
    assert reminders.make(at=NOW + timedelta(minutes=5)) == 0
    assert told() == [(cast.amina.id, NoticeKind.TASK_DUE)]
    [letter] = db.session.scalars(select(Mail)).all()
    assert letter.kind is MailKind.REMINDER
    assert letter.subject == "You have 1 thing waiting in Linkwork"


def test_what_is_not_due_done_or_of_a_closed_case_is_not_told(
    cast: Cast, had_supervision: None
) -> None:
    task(cast, 1)
    task(cast, -1, done_at=NOW)
    task(cast, -1, cancelled_at=NOW)
    task(cast, -1).case.closed_at = NOW
    db.session.flush()
    assert reminders.make(at=NOW) == 0


def test_providers_who_say_nothing_for_ten_days_are_told_to_the_worker(
    cast: Cast, had_supervision: None
) -> None:
    case = make.case(cast.northside, worker=cast.ben)
    make.onward_referral(case, by=cast.ben, sent_at=NOW - 9 * DAY)
    assert reminders.make(at=NOW) == 0
    make.onward_referral(case, by=cast.ben, sent_at=NOW - 10 * DAY)
    assert reminders.make(at=NOW) == 1
    assert told() == [(cast.ben.id, NoticeKind.PROVIDER_SILENT)]


def test_nobody_is_reminded_of_a_silence_that_today_does_not_list(
    cast: Cast, had_supervision: None
) -> None:
    case, paused = (make.case(cast.northside, worker=cast.ben) for _ in range(2))
    asked = make.onward_referral(case, by=cast.ben, sent_at=NOW - 30 * DAY)
    asked.chased_at = NOW - DAY
    make.onward_referral(paused, by=cast.ben, sent_at=NOW - 30 * DAY)
    paused.paused_at = NOW
    assert onward_referrals.silent(cast.ben, on=NOW.date()) == []
    assert reminders.make(at=NOW) == 0
    asked.chased_at = NOW - 10 * DAY
    db.session.flush()
    assert reminders.make(at=NOW) == 1


def test_link_workers_without_supervision_are_told_and_nobody_else(cast: Cast) -> None:
    assert reminders.make(at=NOW) == 3
    assert set(told()) == {
        (worker.id, NoticeKind.SUPERVISION_DUE) for worker in (cast.amina, cast.ben, cast.cath)
    }


def test_nobody_is_reminded_in_the_night(cast: Cast) -> None:
    assert reminders.make(at=NOW.replace(hour=6, minute=59)) == 0
    assert reminders.make(at=NOW.replace(hour=7)) == 3


def test_two_who_remind_at_once_tell_it_once(cast: Cast, make_app: Callable[..., Flask]) -> None:
    made = at_once(make_app, *[lambda _: _make()] * 2)
    assert sum(made) == 3
    assert len(told()) == 3


def _make() -> int:
    number = reminders.make(at=NOW)
    db.session.commit()
    return number
