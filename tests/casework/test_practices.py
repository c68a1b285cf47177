"""A practice’s own figures: exact, of its own referrals, and of nothing else."""

from datetime import timedelta

from linkwork.casework import practices
from linkwork.models import CloseReason, ReferralSource
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


def test_what_became_of_the_practice_s_referrals_is_counted(cast: Cast) -> None:
    for waited in (4, 6, 10, 20, 90):
        sent = make.referral(cast.birch, by=cast.dev)
        sent.referred_at = NOW - timedelta(days=waited)
        sent.case.opened_at, sent.case.accepted_at = sent.referred_at, NOW
        sent.case.first_conversation_at = NOW
    sent.case.closed_at, sent.case.close_reason = NOW, CloseReason.PLAN_COMPLETED
    make.referral(cast.birch, by=cast.dev)
    figures = practices.figures(cast.dev, on=TODAY)
    assert (figures.referred, figures.started, figures.median_days) == (6, 5, 10)
    counted = list(figures.stages.items())
    assert counted == [("Received", 1), ("Being supported", 4), ("Support has ended", 1)]
    assert figures.endings == {"The plan is completed": 1}


def test_what_is_not_the_practice_s_own_or_long_ago_is_not_counted(cast: Cast) -> None:
    make.referral(cast.quay, by=cast.quinn)
    make.referral(cast.birch, source=ReferralSource.SELF)
    wrong = make.referral(cast.birch, by=cast.dev).case
    wrong.closed_at, wrong.close_reason = NOW, CloseReason.OPENED_IN_ERROR
    old = make.referral(cast.birch, by=cast.dev)
    old.referred_at = NOW - timedelta(days=366)
    assert practices.figures(cast.dev, on=TODAY).referred == 0


def test_why_it_ended_is_not_said_of_who_shares_nothing(cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    sent.case.closed_at, sent.case.close_reason = NOW, CloseReason.MOVED
    sent.case.share_with_gp = False
    figures = practices.figures(cast.dev, on=TODAY)
    assert figures.endings == {"The patient shares no reason": 1}
    assert figures.median_days is None
