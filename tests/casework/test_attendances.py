"""Attendances: on days that have come, each said once, the first of them the first visit."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import answers, attendances
from linkwork.casework.answers import Said, SaidAlready
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    Absent,
    AnswerKind,
    Attendance,
    AuditEntry,
    Notification,
    OnwardReferral,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def came(onward: OnwardReferral, days_ago: int, by: User | None = None) -> None:
    attendances.note(onward, on=TODAY - days_ago * DAY, came=True, by=by, now=NOW)


def missed(onward: OnwardReferral, days_ago: int, by: User | None = None) -> None:
    on = TODAY - days_ago * DAY
    attendances.note(onward, on=on, came=False, reason=Absent.FORGOT, by=by, now=NOW)


def test_the_first_visit_connects_the_case(onward: OnwardReferral) -> None:
    came(onward, 0)
    assert (onward.state, onward.case.state) == ("attending", "connected")
    assert onward.case.connected_at == NOW


def test_the_first_visit_is_the_earliest_date_they_came(onward: OnwardReferral) -> None:
    for days_ago in (1, 2, 0):
        came(onward, days_ago)
    assert onward.first_attended_at is not None
    assert onward.first_attended_at.date() == TODAY - 2 * DAY
    assert onward.case.connected_at == onward.first_attended_at


def test_a_date_that_was_said_wrong_is_put_right(onward: OnwardReferral, cast: Cast) -> None:
    came(onward, 2)
    came(onward, 1)
    missed(onward, 2, cast.amina)
    assert onward.first_attended_at is not None
    assert onward.first_attended_at.date() == TODAY - DAY
    missed(onward, 1)
    assert onward.first_attended_at is onward.case.connected_at is None
    assert onward.state == "sent"
    rows = db.session.scalars(select(Attendance).order_by(Attendance.held_on)).all()
    assert [(row.came, row.said_by_id) for row in rows] == [
        (False, cast.amina.id),
        (False, None),
    ]


def test_a_case_stays_connected_by_another_activity(onward: OnwardReferral, cast: Cast) -> None:
    other = make.onward_referral(
        onward.case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 4 * DAY
    )
    came(other, 1)
    came(onward, 2)
    missed(onward, 2)
    assert onward.case.connected_at == other.first_attended_at


def test_the_same_said_twice_is_said_once(onward: OnwardReferral) -> None:
    came(onward, 1)
    with pytest.raises(SaidAlready):
        came(onward, 1)


def test_a_visit_is_neither_to_come_nor_before_they_agreed(onward: OnwardReferral) -> None:
    for days_ago, sentence in ((-1, "in the future"), (5, "before the person agreed")):
        for say in (came, missed):
            with pytest.raises(RuleBroken, match=sentence):
                say(onward, days_ago)
    came(onward, 4)


def test_nobody_has_been_where_nothing_was_sent_or_all_is_over(
    case: SupportCase, onward: OnwardReferral, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="Send the onward referral first"):
        came(make.onward_referral(case, by=cast.amina, agreed_at=NOW - DAY), 0)
    onward.declined_at = NOW
    with pytest.raises(RuleBroken, match="already been answered"):
        came(onward, 0)


def test_a_first_visit_from_before_dates_were_kept_stays_the_first(onward: OnwardReferral) -> None:
    onward.first_attended_at = onward.case.connected_at = NOW - 2 * DAY
    came(onward, 0)
    assert onward.first_attended_at == NOW - 2 * DAY
    assert [row.held_on for row in sorted(onward.attendances, key=lambda row: row.held_on)] == [
        TODAY - 2 * DAY,
        TODAY,
    ]


def test_what_a_provider_says_reaches_the_worker_and_the_trail_without_words(
    onward: OnwardReferral, cast: Cast
) -> None:
    came(onward, 0)
    db.session.commit()
    [told] = db.session.scalars(select(Notification)).all()
    assert (told.user_id, told.kind) == (cast.amina.id, "provider_answered")
    entry = db.session.scalars(select(AuditEntry)).all()[-1]
    assert (entry.event, entry.user_id) == ("onward_referral.attended", None)
    assert entry.details == {"came": True, "via": "link"}


def test_a_first_session_is_booked_and_moved_until_they_have_been(
    onward: OnwardReferral, cast: Cast
) -> None:
    first, then = TODAY + 2 * DAY, TODAY + 9 * DAY
    answers.give(onward, Said(AnswerKind.ACCEPTED, first_session_on=first), by=None, at=NOW)
    attendances.book(onward, then, by=cast.amina, at=NOW)
    assert onward.first_session_on == then
    with pytest.raises(SaidAlready):
        attendances.book(onward, then, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="a year away"):
        attendances.book(onward, TODAY + 400 * DAY, by=cast.amina, at=NOW)
    came(onward, 0)
    with pytest.raises(RuleBroken, match="been there already"):
        attendances.book(onward, first, by=cast.amina, at=NOW)
