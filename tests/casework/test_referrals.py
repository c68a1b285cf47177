"""Receiving a referral: with agreement, once, and into the case that is open."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import cases, referrals
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    Notification,
    Priority,
    Referral,
    ReferralSource,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

NUMBER = "9990000018"
ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number=NUMBER)


def refer(by: User, identity: Identity = ROSA, **facts: Any) -> Referral:
    request = Request(**{"note": "Lonely.", "consented": True, **facts})
    return referrals.receive_from_practice(identity, request, by=by, at=NOW, on=TODAY)


def test_a_referral_opens_a_case_in_the_pcn_of_the_practice(cast: Cast) -> None:
    sent = refer(cast.dev)
    assert (sent.organisation, sent.case.organisation) == (cast.northside, cast.northside)
    assert (sent.practice, sent.referrer_name) == (cast.birch, "Dev Anand")
    assert sent.case.state == "new"


def test_a_referral_keeps_who_the_patient_is_as_it_was_written(cast: Cast) -> None:
    refer(cast.quinn)
    wrote = Identity("Adams", "Rose", ROSA.date_of_birth, nhs_number=NUMBER, phone="07700 900001")
    sent = refer(cast.dev, wrote)
    assert sent.person.family_name == "Quill"
    assert sent.received["family_name"] == "Adams"
    assert sent.received["date_of_birth"] == "1951-03-12"
    assert sent.differs == {"family_name": "Adams", "given_name": "Rose", "phone": "07700 900001"}


def test_a_referral_without_agreement_is_refused_and_says_what_to_do(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Ask the patient first"):
        refer(cast.dev, consented=False)


def test_a_practice_without_a_pcn_is_told_what_to_do(cast: Cast) -> None:
    cast.birch.parent = None
    with pytest.raises(RuleBroken, match="not linked to a PCN yet"):
        refer(cast.dev)


def test_only_a_practice_refers_from_a_practice(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="not linked to a PCN yet"):
        refer(cast.amina)


def test_a_second_referral_joins_the_case_that_is_open(cast: Cast) -> None:
    assert refer(cast.dev).case is refer(cast.dev, note="Still lonely.").case


def test_the_worker_of_a_case_is_told_that_a_referral_joined_it(cast: Cast) -> None:
    first = refer(cast.dev)
    cases.accept(first.case, by=cast.amina, at=NOW)
    refer(cast.dev, note="Still lonely.")
    told = db.session.scalars(select(Notification)).one()
    assert (told.user, told.kind, told.case) == (cast.amina, "referral_joined", first.case)


def test_a_referral_after_the_case_has_ended_opens_a_new_one(cast: Cast) -> None:
    """Soon after, the same episode goes on: see test_episodes.py."""
    first = refer(cast.dev)
    first.case.closed_at = NOW - timedelta(days=29)
    assert refer(cast.dev).case is not first.case


def test_each_pcn_has_a_case_of_its_own(cast: Cast) -> None:
    here, there = refer(cast.dev), refer(cast.quinn)
    assert here.person is there.person
    assert here.case is not there.case


def test_a_case_that_is_not_shared_with_practices_is_not_joined(cast: Cast) -> None:
    person = make.person(nhs_number=NUMBER, date_of_birth=ROSA.date_of_birth)
    private = make.case(cast.northside, person=person, share_with_gp=False)
    assert refer(cast.dev).case is not private


@pytest.mark.parametrize("ended", [True, False])
def test_what_is_asked_without_the_practice_joins_no_case_it_follows(
    cast: Cast, *, ended: bool
) -> None:
    first = refer(cast.dev)
    first.case.share_with_gp = False
    if ended:
        first.case.closed_at, first.case.close_reason = NOW, CloseReason.PERSON_ENDED
    request = Request("Lonely.", consented=True, share_with_gp=False)
    moments: dict[str, Any] = {"at": NOW, "on": TODAY}
    asked = [
        referrals.record(
            ROSA,
            request,
            place=cast.birch,
            source=ReferralSource.SELF,
            referrer=None,
            by=cast.amina,
            **moments,
        )
        for _ in range(2)
    ]
    assert asked[0].case is not first.case
    assert asked[1].case is asked[0].case
    assert first.case.is_open is not ended


def test_a_practice_joins_its_own_case_even_when_sharing_has_ended(cast: Cast) -> None:
    first = refer(cast.dev)
    first.case.share_with_gp = False
    assert refer(cast.dev).case is first.case


def test_a_referral_to_be_seen_soon_makes_the_open_case_so(cast: Cast) -> None:
    first = refer(cast.dev)
    refer(cast.dev, urgency=Priority.SOON)
    assert first.case.priority is Priority.SOON


def test_a_referral_leaves_an_entry_in_the_audit_trail(cast: Cast) -> None:
    sent = refer(cast.dev)
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.record_id, entry.person_id, entry.user_id) == (
        "referral.received",
        sent.id,
        sent.person_id,
        cast.dev.id,
    )


def test_nothing_is_kept_of_a_referral_that_was_refused(cast: Cast) -> None:
    with pytest.raises(RuleBroken):
        refer(cast.dev, consented=False)
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 0
