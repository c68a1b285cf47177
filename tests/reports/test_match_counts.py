"""Answers to suggestions, counted: taken up, turned down and why, arrived, stayed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from linkwork.database import db
from linkwork.models import (
    Attendance,
    MatchAnswer,
    MatchAnswerKind,
    RejectReason,
    Service,
)
from linkwork.reports import match_counts
from linkwork.reports.match_counts import Counts
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

MONTHS = [date(2026, 10, 1), date(2026, 11, 1)]
OCTOBER = datetime(2026, 10, 20, 9, tzinfo=NOW.tzinfo)
FAR, COST = RejectReason.TOO_FAR, RejectReason.COST


def answer(
    cast: Cast,
    service: Service,
    *,
    pcn: Any = None,
    reason: RejectReason | None = None,
    concepts: tuple[str, ...] = ("gardening",),
    visits: int = 0,
    **facts: Any,
) -> MatchAnswer:
    """One answer of today at Northside; taken up unless there is a ``reason``."""
    case = make.case(pcn or cast.northside)
    facts = dict(facts)
    at, back = facts.pop("at", NOW), facts.pop("taken_back_at", None)
    kind = MatchAnswerKind.REJECTED if reason else MatchAnswerKind.ACCEPTED
    made = MatchAnswer(
        case=case, service=service, by_id=cast.amina.id, at=at, kind=facts.pop("kind", kind),
        reason=reason, concepts=list(concepts), taken_back_at=back,
    )  # fmt: skip
    if made.kind == MatchAnswerKind.ACCEPTED:
        onward = make.onward_referral(case, by=cast.amina, service=service, **facts)
        made.onward_referral = onward
        for day in range(visits):
            db.session.add(
                Attendance(
                    onward_referral=onward, held_on=date(2026, 11, 1 + day), came=True, said_at=NOW
                )
            )
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def allotment(cast: Cast) -> Service:
    return make.service("Allotment")


def test_what_counts_by_month_and_reason_and_what_does_not(cast: Cast, allotment: Service) -> None:
    answer(cast, allotment)
    answer(cast, allotment, reason=FAR)
    answer(cast, allotment, reason=FAR, at=OCTOBER)
    answer(cast, allotment, reason=COST, at=datetime(2026, 10, 31, 23, 59, tzinfo=NOW.tzinfo))
    for nowhere in (
        {"taken_back_at": NOW, "reason": FAR},
        {"pcn": cast.southside, "reason": FAR},
        {"kind": MatchAnswerKind.TO_DISCUSS},
        {"at": datetime(2026, 9, 30, 22, 59, tzinfo=NOW.tzinfo)},
    ):
        answer(cast, allotment, **nowhere)
    seen = match_counts.by_month(cast.lead, MONTHS, at=NOW)
    assert seen == [Counts(2, 0), Counts(2, 1)]
    assert match_counts.reasons_by_month(cast.lead, MONTHS) == [{FAR: 1, COST: 1}, {FAR: 1}]
    assert match_counts.by_month(cast.editor, MONTHS, at=NOW)[1] == Counts(3, 1)
    assert match_counts.by_month(cast.cath, [MONTHS[1]], at=NOW) == [Counts(1, 0)]


def test_arrived_is_a_first_visit_and_stayed_three_or_four_weeks(
    cast: Cast, allotment: Service
) -> None:
    days = timedelta(days=1)
    answer(cast, allotment)
    answer(cast, allotment, first_attended_at=NOW - 3 * days)
    answer(cast, allotment, first_attended_at=NOW - 3 * days, visits=2)
    answer(cast, allotment, first_attended_at=NOW - 9 * days, visits=3)
    answer(cast, allotment, first_attended_at=NOW - 28 * days)
    answer(cast, allotment, first_attended_at=NOW - 40 * days, ended_at=NOW - 13 * days)
    answer(cast, allotment, first_attended_at=NOW - 40 * days, ended_at=NOW - 12 * days)
    counts = match_counts.by_month(cast.lead, MONTHS, at=NOW)[1]
    assert counts == Counts(7, 7, 6, 3), "three visits, still going, and ended after four weeks"


def test_a_service_and_a_concept_have_their_own_counts_and_a_merged_entry_has_none(
    cast: Cast, allotment: Service
) -> None:
    old = make.service("Old allotment", merged_into_id=allotment.id)
    choir = make.service("Choir")
    answer(cast, allotment, reason=FAR, concepts=("gardening", "loneliness"))
    answer(cast, old, reason=COST)
    answer(cast, choir, concepts=(), first_attended_at=NOW)
    assert match_counts.by_service(cast.lead, MONTHS, at=NOW) == {
        allotment.id: Counts(2),
        choir.id: Counts(1, 1, 1),
    }
    assert match_counts.reasons_by_service(cast.lead, MONTHS) == {allotment.id: {FAR: 1, COST: 1}}
    assert match_counts.by_concept(cast.lead, MONTHS, at=NOW) == {
        "gardening": Counts(2),
        "loneliness": Counts(1),
    }
