"""Whatever is pressed in whatever order, and on two devices, a visit never says what cannot be."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.casework import offline, visits
from linkwork.casework.offline import Told
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import User, Visit, VisitState
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import at_once

MINUTE = timedelta(minutes=1)
PRESSES = ("start", "extend", "safe", "cancel", "accompany", "report", "stop", "hand_over", "late")
Steps = st.lists(
    st.tuples(st.sampled_from(PRESSES), st.booleans(), st.integers(0, 400)), min_size=1, max_size=9
)


def press(visit: Visit, what: str, who: User, other: User, minutes: int) -> None:
    """Do one thing to a visit, at some minutes after it was planned."""
    at = NOW + minutes * MINUTE
    acts: dict[str, Callable[[], Any]] = {
        "start": lambda: visits.start(visit, by=who, at=at),
        "extend": lambda: visits.extend(visit, at + 60 * MINUTE, by=who, at=at),
        "safe": lambda: visits.safe(visit, by=who, at=at),
        "cancel": lambda: visits.cancel(visit, by=who, at=at),
        "accompany": lambda: visits.accompany(visit, "Ada", by=who),
        "report": lambda: offline.report(visit, Told(NOW, at), by=who, at=at),
        "stop": lambda: visits.stop(visit.case, by=who, at=at),
        "hand_over": lambda: visits.hand_over(visit.case, who.id, other, by=who),
        "late": lambda: visits.notify_overdue(at=at),
    }
    with suppress(RuleBroken):
        acts[what]()
    db.session.flush()


@given(steps=Steps, alone=st.booleans())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_order_of_presses_leaves_a_visit_that_cannot_be(
    cast: Cast, steps: list[tuple[str, bool, int]], alone: bool
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person(address="1 Elm Lane"))
    if alone:
        case.person.lone_worker_reason, case.person.lone_worker_review_on = "Threats", NOW.date()
    visit = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW)
    told = False
    for what, mine, minutes in steps:
        who, other = (cast.amina, cast.ben) if mine else (cast.ben, cast.amina)
        ended = visit.safe_at or visit.cancelled_at
        press(visit, what, who, other, minutes)
        told = told or what == "report"
        assert ended is None or ended == (visit.safe_at or visit.cancelled_at), "an end stays"
        hold_together(visit, alone=alone and not told)


def hold_together(visit: Visit, *, alone: bool) -> None:
    """What is so of every visit at every moment."""
    assert visit.safe_at is None or visit.started_at is not None
    assert visit.cancelled_at is None or visit.started_at is None
    assert visit.safe_at is None or visit.started_at is None or visit.safe_at >= visit.started_at
    assert (visit.started_at is None) == (visit.expected_end_at is None)
    assert not (alone and visit.started_at is not None and visit.companion is None)


def test_a_visit_that_is_started_and_called_off_at_once_is_one_or_the_other(
    make_app: Callable[..., Flask], cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person(address="1 Elm Lane"))
    visit = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW)
    db.session.commit()
    number, amina = visit.id, cast.amina.id

    def doing(act: Callable[..., None]) -> Callable[[Flask], str]:
        def act_alone(app: Flask) -> str:
            mine = db.session.get_one(Visit, number)
            try:
                act(mine, by=db.session.get_one(User, amina), at=NOW)
                db.session.commit()
            except RuleBroken as refusal:
                db.session.rollback()
                return str(refusal)
            return ""

        return act_alone

    said = at_once(make_app, doing(visits.start), doing(visits.cancel))
    db.session.expire_all()
    assert sorted(map(bool, said)) == [False, True], "one of the two is told of the other"
    assert visit.state in {VisitState.UNDER_WAY, VisitState.CANCELLED}
