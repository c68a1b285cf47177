"""The sections of a PCN’s page: each says what it counts, and nobody is named in any of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from linkwork.database import db
from linkwork.models import CloseReason, Gap, GapReason, ListSize, Need
from tests.cast import case, contact, person, referral, sign_in
from tests.conftest import NOW


@pytest.mark.one_engine
def test_a_lead_reads_what_became_of_referrals_and_of_whom_and_sees_no_name(
    client: Any, cast: Any
) -> None:
    db.session.add(ListSize(organisation_id=cast.birch.id, as_of=date(2026, 1, 1), patients=9_000))
    gone = {"closed_at": NOW, "close_reason": CloseReason.NO_CONTACT}
    for number in range(9):
        facts = gone if number else {"first_conversation_at": NOW}
        of = case(cast.northside, worker=cast.amina, person=person("Rosa", "Quillfeather"), **facts)
        referral(cast.birch, case=of, referred_at=NOW - timedelta(days=3))
    contact(of, by=cast.amina)
    missed = {"organisation_id": cast.northside.id, "user_id": cast.amina.id, "at": NOW}
    db.session.add(Gap(need=Need.HOUSING, reason=GapReason.FULL, **missed))
    db.session.commit()
    sign_in(client, cast.lead)
    text = client.page("/capacity").text
    assert "Contacted 2 22% 22% 90%" in text
    assert "7 of 9 7 closed: could not be reached (three attempts)." in text
    assert "Birch Road Surgery 9,000 9 1.0 4 to 16 Like the others" in text
    assert "Fewer than ten times each, nothing was found for: housing." in text
    assert "None recorded" in text
    assert "Quillfeather" not in text
