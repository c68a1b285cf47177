"""Sharing with the practice: stopped by the person’s word, and taken up again with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import following, messages, shareable, sharing
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, CloseReason, MessageKind, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s that Birch Road referred."""
    found = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    make.referral(cast.birch, by=cast.dev, case=found)
    return found


def test_the_practice_reads_no_name_and_is_sent_nothing_more(cast: Cast, case: SupportCase) -> None:
    [sent] = case.referrals
    assert following.follow(sent.key, cast.dev).worker == "Amina Okafor"
    sharing.stop(case, by=cast.amina)
    assert following.follow(sent.key, cast.dev).worker is None
    assert "does not share" in (shareable.obstacle(case) or "")
    with pytest.raises(RuleBroken, match="does not share"):
        messages.send(case, MessageKind.UPDATE, by=cast.amina, at=NOW)
    sharing.start(case, by=cast.amina)
    assert shareable.obstacle(case) is None


def test_doing_it_twice_is_doing_it_once(cast: Cast, case: SupportCase) -> None:
    sharing.start(case, by=cast.amina)
    for change in (sharing.stop, sharing.start):
        change(case, by=cast.amina)
        change(case, by=cast.amina)
    db.session.commit()
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    about = (case.person_id, cast.amina.id)
    assert [(e.event, e.person_id, e.user_id) for e in noted] == [
        ("case.sharing_stopped", *about),
        ("case.sharing_started", *about),
    ]


def test_a_case_that_has_ended_is_left_as_it_is(cast: Cast, case: SupportCase) -> None:
    case.closed_at, case.close_reason = NOW - timedelta(days=1), CloseReason.MOVED
    for change in (sharing.stop, sharing.start):
        with pytest.raises(RuleBroken, match="This case is closed"):
            change(case, by=cast.amina)
