"""Safeguarding concerns: raised with who was told, heard of by supervisors, closed with words."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import concerns
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Concern, NoticeKind, Notification, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

FEARED = "Bruises on both arms, she said ‘I fell’"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def raised(case: SupportCase, cast: Cast, **facts: Any) -> Concern:
    usual = {"what": FEARED, "told": "Jo Bell, safeguarding lead", "told_at": NOW}
    return concerns.raise_concern(case, **{**usual, **facts}, by=cast.amina, at=NOW)


def test_a_concern_holds_who_was_told_and_marks_the_case(case: SupportCase, cast: Cast) -> None:
    concern = raised(case, cast)
    db.session.commit()
    assert (concern.told, concern.told_at, concern.raised_by) == (
        "Jo Bell, safeguarding lead",
        NOW,
        cast.amina,
    )
    assert case.in_danger


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"what": "  "}, "Write down what worries you"),
        ({"told": None}, "Tell your safeguarding lead first"),
        ({"told": " "}, "Tell your safeguarding lead first"),
        ({"told_at": NOW + timedelta(minutes=1)}, "cannot be in the future"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    case: SupportCase, cast: Cast, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        raised(case, cast, **facts)


def test_a_conversation_of_another_case_is_refused(case: SupportCase, cast: Cast) -> None:
    elsewhere = make.contact(make.case(cast.northside, worker=cast.amina), by=cast.amina)
    with pytest.raises(RuleBroken, match="another case"):
        raised(case, cast, contact=elsewhere)


def test_a_concern_may_be_noted_after_the_case_has_ended(case: SupportCase, cast: Cast) -> None:
    case.closed_at = NOW
    assert raised(case, cast).is_open


def test_the_supervisors_of_the_pcn_are_told_and_nobody_else(case: SupportCase, cast: Cast) -> None:
    raised(case, cast)
    told = db.session.scalars(select(Notification)).all()
    assert [(n.user, n.kind, n.case) for n in told] == [
        (cast.supervisor, NoticeKind.CONCERN_RAISED, case)
    ]


def test_a_concern_is_closed_once_and_with_words(case: SupportCase, cast: Cast) -> None:
    concern = raised(case, cast)
    with pytest.raises(RuleBroken, match="how this concern ended"):
        concerns.close(concern, " ", by=cast.supervisor, at=NOW)
    concerns.close(concern, "Social care took it on.", by=cast.supervisor, at=NOW)
    assert (concern.closed_by, concern.outcome) == (cast.supervisor, "Social care took it on.")
    assert not case.in_danger
    with pytest.raises(RuleBroken, match="has been closed"):
        concerns.close(concern, "Again.", by=cast.supervisor, at=NOW)


def test_a_concern_that_is_not_high_leaves_the_bar_alone(case: SupportCase, cast: Cast) -> None:
    raised(case, cast, high=False)
    assert not case.in_danger


def test_the_trail_says_that_there_is_a_concern_and_not_what(case: SupportCase, cast: Cast) -> None:
    concerns.close(raised(case, cast), "Social care took it on.", by=cast.amina, at=NOW)
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [e.event for e in entries] == ["concern.raised", "concern.closed"]
    assert {e.person_id for e in entries} == {case.person_id}
    assert not any("Bruises" in str(e.details) or "Jo" in str(e.details) for e in entries)


def test_open_concerns_are_listed_for_ones_own_pcn_high_ones_first(cast: Cast) -> None:
    low = raised(make.case(cast.northside, worker=cast.amina), cast, high=False)
    high = raised(make.case(cast.northside, worker=cast.ben), cast)
    concerns.close(raised(make.case(cast.northside), cast), "Nothing in it.", by=cast.amina, at=NOW)
    raised(make.case(cast.southside), cast)
    assert list(concerns.under_way(cast.supervisor)) == [high, low]
    assert concerns.under_way(cast.lead) == []
