"""Home visits: what may be planned and started, when somebody is overdue, and who is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import visits
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    NoticeKind,
    Notification,
    SupportCase,
    User,
    Visit,
    VisitState,
)
from tests import cast as make
from tests import statements
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import plan_of, watching

MINUTE = timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, person=make.person(address="1 Elm Lane"))


def planned(case: SupportCase, by: User, **facts: Any) -> Visit:
    usual: dict[str, Any] = {"planned_at": NOW + HOUR, "minutes": 60}
    return visits.plan(case, **{**usual, **facts}, by=by, at=NOW)


def started(case: SupportCase, by: User, at: datetime = NOW) -> Visit:
    visit = planned(case, by)
    visits.start(visit, by=by, at=at)
    return visit


def test_a_visit_is_planned_started_made_longer_and_over(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    assert (visit.state, visit.worker) == (VisitState.PLANNED, cast.amina)
    visits.start(visit, by=cast.amina, at=NOW)
    assert (visit.state, visit.expected_end_at) == (VisitState.UNDER_WAY, NOW + HOUR)
    visits.extend(visit, NOW + 2 * HOUR, by=cast.amina, at=NOW)
    assert visit.expected_end_at == NOW + 2 * HOUR
    visits.safe(visit, by=cast.amina, at=NOW + HOUR)
    assert (visit.state, visit.safe_at) == (VisitState.SAFE, NOW + HOUR)
    db.session.commit()
    events = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))
    assert events == ["visit.planned", "visit.started", "visit.extended", "visit.safe"]


def test_a_planned_visit_is_the_next_step_where_none_is_to_come(
    case: SupportCase, cast: Cast
) -> None:
    visit = planned(case, cast.amina, planned_at=NOW + DAY)
    assert (case.next_action, case.next_action_on) == ("Home visit", TODAY + DAY)
    visits.cancel(visit, by=cast.amina, at=NOW)
    assert (case.next_action, case.next_action_on) == (None, None)
    case.next_action, case.next_action_on = "Ring", TODAY + DAY
    visits.cancel(planned(case, cast.amina), by=cast.amina, at=NOW)
    assert case.next_action == "Ring"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"planned_at": NOW - DAY}, "a day that is past"),
        ({"planned_at": NOW + timedelta(days=367)}, "within a year"),
        ({"minutes": 4}, "from 5 minutes to 8 hours"),
        ({"minutes": 481}, "from 5 minutes to 8 hours"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(
    case: SupportCase, cast: Cast, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        planned(case, cast.amina, **facts)


def test_a_person_without_an_address_is_visited_where_it_is_said(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="No address is recorded"):
        planned(case, cast.amina)
    assert planned(case, cast.amina, place="The library").place == "The library"


def test_an_ended_case_takes_no_visit_and_starts_none(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    case.closed_at = NOW
    acts = (
        lambda: planned(case, cast.amina),
        lambda: visits.start(visit, by=cast.amina, at=NOW),
    )
    for act in acts:
        with pytest.raises(RuleBroken, match="case is closed"):
            act()


def test_nobody_starts_alone_where_nobody_should_visit_alone(case: SupportCase, cast: Cast) -> None:
    case.person.lone_worker_reason, case.person.lone_worker_review_on = "Threats", TODAY
    visit = planned(case, cast.amina)
    with pytest.raises(RuleBroken, match="Nobody should visit this person alone"):
        visits.start(visit, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Say who goes with you"):
        visits.accompany(visit, None, by=cast.amina)
    visits.accompany(visit, "Ben", by=cast.amina)
    visits.start(visit, by=cast.amina, at=NOW)
    assert visit.is_under_way


def test_a_visit_starts_on_its_own_day_only(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina, planned_at=NOW + DAY)
    with pytest.raises(RuleBroken, match="another day"):
        visits.start(visit, by=cast.amina, at=NOW)


@pytest.mark.parametrize("end", [NOW, NOW - MINUTE, NOW + 8 * HOUR + MINUTE])
def test_an_end_that_cannot_be_is_refused(case: SupportCase, cast: Cast, end: datetime) -> None:
    with pytest.raises(RuleBroken, match="within 8 hours"):
        visits.start(planned(case, cast.amina), expected_end_at=end, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="within 8 hours"):
        visits.extend(started(case, cast.amina), end, by=cast.amina, at=NOW)


def test_pressing_twice_changes_nothing_more(case: SupportCase, cast: Cast) -> None:
    visit = started(case, cast.amina)
    visits.start(visit, by=cast.amina, at=NOW + MINUTE)
    visits.extend(visit, NOW + 2 * HOUR, by=cast.amina, at=NOW)
    visits.extend(visit, NOW + 2 * HOUR, by=cast.amina, at=NOW)
    visits.safe(visit, by=cast.amina, at=NOW + HOUR)
    visits.safe(visit, by=cast.ben, at=NOW + 2 * HOUR)
    assert (visit.started_at, visit.safe_at, visit.safe_by) == (NOW, NOW + HOUR, cast.amina)
    other = planned(case, cast.amina)
    for _ in range(2):
        visits.cancel(other, by=cast.amina, at=NOW)
    db.session.commit()
    count = select(func.count()).select_from(AuditEntry)
    assert db.session.scalar(count) == 6


def test_whoever_starts_is_the_one_who_goes(case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    visits.start(visit, by=cast.ben, at=NOW)
    assert visit.worker == cast.ben
    with pytest.raises(RuleBroken, match="Ben Harte is on this visit"):
        visits.start(visit, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Only somebody of the PCN"):
        visits.start(planned(case, cast.amina), by=cast.cath, at=NOW)


def test_what_was_never_started_cannot_end_and_what_was_cannot_be_called_off(
    case: SupportCase, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="has not been started"):
        visits.safe(planned(case, cast.amina), by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="I am safe"):
        visits.cancel(started(case, cast.amina), by=cast.amina, at=NOW)


def test_a_visit_that_was_called_off_or_is_over_stays_so(case: SupportCase, cast: Cast) -> None:
    called_off, over = planned(case, cast.amina), started(case, cast.amina)
    visits.cancel(called_off, by=cast.amina, at=NOW)
    visits.safe(over, by=cast.amina, at=NOW)
    for visit, sentence in ((called_off, "was cancelled"), (over, "is over")):
        with pytest.raises(RuleBroken, match=sentence):
            visits.start(visit, by=cast.amina, at=NOW)
        with pytest.raises(RuleBroken, match="not under way"):
            visits.extend(visit, NOW + HOUR, by=cast.amina, at=NOW)
        with pytest.raises(RuleBroken, match="is over"):
            visits.accompany(visit, "Ben", by=cast.amina)


def test_the_end_of_a_case_calls_off_what_is_to_come_and_leaves_who_is_out(
    case: SupportCase, cast: Cast
) -> None:
    to_come, out = planned(case, cast.amina), started(case, cast.amina)
    visits.stop(case, by=cast.amina, at=NOW)
    assert (to_come.state, out.state) == (VisitState.CANCELLED, VisitState.UNDER_WAY)
    case.closed_at = NOW
    visits.safe(out, by=cast.amina, at=NOW)
    assert out.state is VisitState.SAFE


def test_visits_to_come_go_with_the_case(case: SupportCase, cast: Cast) -> None:
    to_come, out = planned(case, cast.amina), started(case, cast.amina)
    visits.hand_over(case, cast.amina.id, cast.ben, by=cast.supervisor)
    assert (to_come.worker, out.worker) == (cast.ben, cast.amina)


def test_a_visit_is_overdue_after_its_end_until_somebody_says_safe(
    case: SupportCase, cast: Cast
) -> None:
    visit = started(case, cast.amina)
    late = NOW + HOUR + MINUTE
    assert visits.overdue(cast.ben, at=NOW + HOUR) == []
    for colleague in (cast.amina, cast.ben, cast.supervisor):
        assert list(visits.overdue(colleague, at=late)) == [visit]
    for stranger in (cast.cath, cast.dev, cast.lead, cast.admin):
        assert visits.overdue(stranger, at=late) == []
    visits.safe(visit, by=cast.ben, at=late)
    assert visits.overdue(cast.amina, at=late) == []
    assert visit.safe_by == cast.ben


def test_who_is_overdue_is_found_by_its_index(
    case: SupportCase, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "OF_EVERY_PAGE", ())  # what every page asks is meant here
    started(case, cast.amina)
    db.session.commit()
    number = cast.ben.id
    db.session.expunge_all()
    ben = db.session.get_one(User, number)
    assert ben.organisation.name == "Northside PCN"
    with watching() as asked:
        [visit] = visits.overdue(ben, at=NOW + DAY)
        assert (visit.worker.name, visit.case.person.family_name) == ("Amina Okafor", "Quill")
    assert len(asked) == 2
    with watching() as again:
        assert visits.overdue(ben, at=NOW) == []
    [(statement, values)] = again
    assert "ix_visit_under_way" in plan_of(statement, values)
    statement, values = asked[1]
    assert "ix_visit_under_way" in plan_of(statement, values)


def test_supervisors_are_told_once_of_each_overdue_visit(case: SupportCase, cast: Cast) -> None:
    visit = started(case, cast.amina)
    late = NOW + 2 * HOUR
    assert visits.notify_overdue(at=NOW) == 0
    assert visits.notify_overdue(at=late) == 1
    assert visits.notify_overdue(at=late) == 0
    told = db.session.scalars(select(Notification)).all()
    assert [(n.user, n.kind) for n in told] == [(cast.supervisor, NoticeKind.VISIT_OVERDUE)]
    visits.extend(visit, late + HOUR, by=cast.amina, at=late)
    assert visits.notify_overdue(at=late + 2 * HOUR) == 1, "late again"


def test_the_day_shows_what_is_planned_and_who_is_still_out(case: SupportCase, cast: Cast) -> None:
    today = planned(case, cast.amina)
    planned(case, cast.amina, planned_at=NOW + DAY)
    out = planned(case, cast.ben)
    visits.start(out, by=cast.ben, at=NOW)
    out.planned_at = NOW - 2 * DAY
    far = make.case(cast.southside, worker=cast.cath, person=make.person(address="2 Elm Lane"))
    planned(far, cast.cath)
    db.session.flush()
    assert list(visits.of_day(cast.amina, TODAY)) == [out, today]
    assert list(visits.of_day(cast.lead, TODAY)) == []


def test_without_a_supervisor_the_team_is_told_of_an_overdue_visit(
    case: SupportCase, cast: Cast
) -> None:
    cast.supervisor.disabled_at = NOW
    started(case, cast.amina)
    assert visits.notify_overdue(at=NOW + 2 * HOUR) == 1
    told = db.session.scalars(select(Notification)).all()
    assert [n.user for n in told] == [cast.ben], "not herself, nor who works elsewhere"


def test_a_second_visit_of_the_day_stays_the_next_step(case: SupportCase, cast: Cast) -> None:
    first = planned(case, cast.amina)
    second = planned(case, cast.amina, planned_at=NOW + 3 * HOUR)
    visits.cancel(first, by=cast.amina, at=NOW)
    assert (case.next_action, case.next_action_on) == (visits.HOME_VISIT, TODAY)
    later = planned(case, cast.amina, planned_at=NOW + 3 * DAY)
    visits.cancel(second, by=cast.amina, at=NOW)
    assert case.next_action_on == TODAY + 3 * DAY
    visits.cancel(later, by=cast.amina, at=NOW)
    assert (case.next_action, case.next_action_on) == (None, None)
