"""Visits without a network: what is taken along, and what is believed on return."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import offline, visits
from linkwork.casework.offline import Told
from linkwork.database import db
from linkwork.models import AuditEntry, SupportCase, User, Visit, VisitState
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, person=make.person(address="1 Elm Lane"))


def planned(case: SupportCase, by: User, planned_at: datetime = NOW) -> Visit:
    return visits.plan(case, planned_at=planned_at, by=by, at=NOW - HOUR)


def test_ones_own_visits_of_today_are_taken_and_each_is_noted(
    case: SupportCase, cast: Cast
) -> None:
    mine = planned(case, cast.amina)
    planned(case, cast.amina, NOW + DAY)
    planned(case, cast.ben)
    visits.cancel(planned(case, cast.amina), by=cast.amina, at=NOW)
    db.session.commit()
    assert offline.take(by=cast.amina, on=TODAY) == [mine]
    db.session.commit()
    noted = select(AuditEntry).where(AuditEntry.event == "visits.taken")
    assert [e.record_id for e in db.session.scalars(noted)] == [mine.id]


@pytest.mark.parametrize(
    ("on", "ends"),
    [
        (TODAY, datetime(2026, 11, 19, 0, 0, tzinfo=UTC)),
        (TODAY.replace(month=7), datetime(2026, 7, 18, 23, 0, tzinfo=UTC)),
        (TODAY.replace(month=10, day=25), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
    ],
)
def test_what_was_taken_is_readable_until_midnight_in_england(on, ends) -> None:
    assert offline.expires_at(on) == ends


def test_a_report_brings_the_times_of_the_visit_once(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    told = Told(NOW - HOUR, NOW - MINUTE)
    for _ in range(2):
        assert offline.report(visit, told, by=cast.amina, at=NOW) == []
    assert (visit.started_at, visit.safe_at) == (NOW - HOUR, NOW - MINUTE)
    db.session.commit()
    events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))
    assert events == ["visit.planned", "visit.started", "visit.safe"]


def test_a_start_and_the_end_may_arrive_apart(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    offline.report(visit, Told(NOW - HOUR), by=cast.amina, at=NOW - HOUR)
    assert visit.state is VisitState.UNDER_WAY
    assert visit.expected_end_at == NOW
    offline.report(visit, Told(NOW - HOUR, NOW), by=cast.amina, at=NOW)
    assert visit.state is VisitState.SAFE


def test_a_visit_that_has_happened_is_noted_whatever_was_advised(
    case: SupportCase, cast: Cast
) -> None:
    case.person.lone_worker_reason, case.person.lone_worker_review_on = "Threats", TODAY
    visit = planned(case, cast.amina)
    case.closed_at = NOW
    assert offline.report(visit, Told(NOW - HOUR, NOW), by=cast.amina, at=NOW) == []
    assert visit.state is VisitState.SAFE


def test_a_clock_that_is_ahead_is_put_right_and_said(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    offline.report(visit, Told(NOW + MINUTE), by=cast.amina, at=NOW)
    assert visit.started_at == NOW, "a minute is no matter"
    told = Told(NOW + MINUTE, NOW + HOUR)
    [sentence] = offline.report(visit, told, by=cast.amina, at=NOW)
    assert "clock of this device is ahead" in sentence
    assert (visit.started_at, visit.safe_at) == (NOW, NOW)


@pytest.mark.parametrize("wrong", [NOW + 2 * DAY, NOW - 3 * DAY])
def test_a_clock_of_another_day_is_not_believed_and_said(
    case: SupportCase, cast: Cast, wrong: datetime
) -> None:
    visit = planned(case, cast.amina)
    [sentence] = offline.report(visit, Told(wrong, wrong), by=cast.amina, at=NOW)
    assert "wrong by more than a day" in sentence
    assert visit.state is VisitState.PLANNED


def test_an_end_before_the_start_is_the_start(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    offline.report(visit, Told(NOW, NOW - HOUR), by=cast.amina, at=NOW)
    assert visit.safe_at == visit.started_at == NOW


def test_what_happened_here_meanwhile_is_said_and_stays(case: SupportCase, cast: Cast) -> None:
    cancelled, made = planned(case, cast.amina), planned(case, cast.amina)
    visits.cancel(cancelled, by=cast.amina, at=NOW)
    visits.start(made, by=cast.ben, at=NOW)
    for visit, words in ((cancelled, "was cancelled at 10:30"), (made, "Ben Harte made this")):
        [sentence] = offline.report(visit, Told(NOW - HOUR, NOW), by=cast.amina, at=NOW)
        assert words in sentence
    assert (cancelled.started_at, made.worker) == (None, cast.ben)


def test_a_note_without_times_says_nothing_of_the_visit(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    visits.cancel(visit, by=cast.amina, at=NOW)
    assert offline.report(visit, Told(), by=cast.amina, at=NOW) == []
