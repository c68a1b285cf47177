"""A practice takes its own referral back, and never learns what else there is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import following, referrals, tasks, visits, withdrawals
from linkwork.casework.following import Tab
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import DeclineReason, Notification, Referral, User, WithdrawReason
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number="9990000018")
LATER = NOW + timedelta(hours=1)


def refer(by: User) -> Referral:
    request = Request(note="Lonely.", consented=True)
    return referrals.receive_from_practice(ROSA, request, by=by, at=NOW, on=TODAY)


def take_back(sent: Referral, by: User) -> None:
    withdrawals.withdraw(sent, WithdrawReason.SENT_IN_ERROR, by=by, at=LATER)


def test_a_referral_that_is_taken_back_ends_its_case(cast: Cast) -> None:
    sent = refer(cast.dev)
    take_back(sent, cast.dev)
    assert sent.case.decline_reason is DeclineReason.WITHDRAWN
    seen = following.follow(sent.key, cast.dev)
    assert (seen.stage, seen.ending) == ("Taken back", "Your practice took it back.")
    assert following.sent_by(cast.dev, Tab.ENDED, page=1).counts == {Tab.OPEN: 0, Tab.ENDED: 1}
    assert refer(cast.dev).case is not sent.case


def test_a_case_that_somebody_else_asked_for_goes_on(cast: Cast) -> None:
    sent = refer(cast.dev)
    other = make.referral(cast.birch, case=sent.case)
    take_back(sent, cast.dev)
    assert sent.case.is_open
    counts = following.sent_by(cast.dev, Tab.OPEN, page=1).counts
    assert counts == {Tab.OPEN: 1, Tab.ENDED: 1}
    assert following.follow(other.key, cast.dev).stage == "Received"


def test_an_acceptance_the_practice_does_not_know_of_is_not_told(cast: Cast) -> None:
    """The case was accepted before this practice had to do with it."""
    sent = refer(cast.dev)
    sent.case.accepted_at, sent.case.worker = NOW - timedelta(days=3), cast.amina
    take_back(sent, cast.dev)
    assert db.session.scalars(select(Notification)).one().user == cast.amina
    assert sent.withdrawn_at == LATER
    assert sent.case.is_open


def test_once_accepted_taken_back_or_ended_it_stays(cast: Cast) -> None:
    sent = refer(cast.dev)
    sent.case.accepted_at = LATER
    with pytest.raises(RuleBroken, match="A link worker has accepted this referral"):
        take_back(sent, cast.dev)
    sent.case.accepted_at = None
    take_back(sent, cast.dev)
    with pytest.raises(RuleBroken, match="taken back before"):
        take_back(sent, cast.dev)
    ended = make.referral(cast.birch, by=cast.dev)
    ended.case.closed_at = NOW
    with pytest.raises(RuleBroken, match="has ended already"):
        take_back(ended, cast.dev)


def test_nothing_is_done_any_more_for_who_was_taken_back(cast: Cast) -> None:
    case = refer(cast.dev).case
    task = tasks.promise(case, "Ring", TODAY, owner=cast.amina, by=cast.amina, at=NOW)
    then = NOW + timedelta(hours=3)
    visit = visits.plan(case, planned_at=then, place="Library", by=cast.amina, at=NOW)
    take_back(case.referrals[0], cast.dev)
    assert (task.cancelled_at, visit.cancelled_at) == (LATER, LATER)
    assert (case.next_action, case.next_action_on) == (None, None)
