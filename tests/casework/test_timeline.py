"""What happened in a case, in the order it happened."""

from datetime import timedelta

from linkwork.casework import contacts, onward_referrals, timeline
from linkwork.models import CloseReason, DeclineReason, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import plan_of, watching

HOUR = timedelta(hours=1)


def kinds(case: SupportCase) -> list[str]:
    found = timeline.of_case(
        case, case.referrals, contacts.of_case(case), onward_referrals.of_case(case)
    )
    return [happening.kind for happening in found]


def test_everything_that_happened_is_told_newest_first(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    make.referral(cast.birch, case=case)
    make.contact(case, by=cast.amina, at=NOW - 9 * HOUR)
    make.onward_referral(
        case,
        by=cast.amina,
        agreed_at=NOW - 8 * HOUR,
        sent_at=NOW - 7 * HOUR,
        waitlisted_at=NOW - 6 * HOUR,
        accepted_at=NOW - 5 * HOUR,
        first_attended_at=NOW - 4 * HOUR,
        ended_at=NOW - 3 * HOUR,
    )
    case.closed_at, case.close_reason = NOW, CloseReason.PLAN_COMPLETED
    assert kinds(case) == [
        *("closed", "ended", "attended", "accepted_onward"),
        *("waitlisted", "sent", "agreed", "contact", "referral"),
    ]


def test_of_one_moment_what_comes_last_in_life_is_told_first(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, opened_at=NOW)
    make.referral(cast.birch, case=case)
    make.contact(case, by=cast.amina, at=NOW)
    make.onward_referral(case, by=cast.amina, agreed_at=NOW, sent_at=NOW)
    assert kinds(case) == ["sent", "agreed", "contact", "referral"]


def test_a_declined_referral_says_so(cast: Cast) -> None:
    case = make.case(cast.northside)
    case.declined_at, case.decline_reason = NOW, DeclineReason.DUPLICATE
    assert kinds(case) == ["declined"]


def test_contacts_are_found_by_their_index(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    make.contact(case, by=cast.amina)
    with watching() as asked:
        contacts.of_case(case)
    plan = plan_of(*asked[0])  # and what belongs to them
    assert "ix_contact_case_id_at" in plan


def test_onward_referrals_are_found_by_their_index(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    make.onward_referral(case, by=cast.amina)
    with watching() as asked:
        onward_referrals.of_case(case)
    plans = "\n".join(plan_of(statement, values) for statement, values in asked)
    assert len(asked) == 3  # with what was said of each, and on which dates they came
    assert "ix_onward_referral_case_id" in plans
    assert "ix_answer_onward_referral_id" in plans
    assert "onward_referral_id" in plans.splitlines()[-1] + plans.splitlines()[-2]
