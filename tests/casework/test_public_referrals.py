"""Taking on what the public asked for, where the record was changed since it was chosen."""

import pytest

from linkwork.casework import person_merges, public_referrals
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Person, Referral, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """The case through which a link worker knows somebody."""
    return make.case(cast.northside, worker=cast.amina, share_with_gp=False)


def accept(cast: Cast, person: Person) -> Referral:
    asked = make.public_referral(cast.northside)
    return public_referrals.accept(asked, person=person, by=cast.amina, at=NOW, on=TODAY)


def test_a_record_that_was_merged_meanwhile_leads_to_the_kept_one(
    cast: Cast, case: SupportCase
) -> None:
    records = [make.person(nhs_number=None) for _ in range(2)]
    for person in records:
        make.case(cast.northside, person=person, declined_at=NOW)
    for other, keep in ((records[0], records[1]), (records[1], case.person)):
        person_merges.merge(keep, other, {}, by=cast.amina, at=NOW)
    sent = accept(cast, records[0])
    assert (sent.person, sent.case) == (case.person, case)


def test_nothing_is_opened_for_somebody_who_died(cast: Cast, case: SupportCase) -> None:
    case.person.died_on = TODAY
    with pytest.raises(RuleBroken, match="recorded as having died"):
        accept(cast, case.person)
    assert db.session.query(Referral).count() == 0
