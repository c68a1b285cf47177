"""That they went, or did not, in one press on the page of an onward referral."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Attendance, OnwardReferral
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader

# What is kept is asked on both engines: tests/casework/test_attendances.py.
pytestmark = pytest.mark.one_engine

DAY = timedelta(days=1)


@pytest.fixture
def onward(client: Reader, cast: Cast) -> OnwardReferral:
    """One whose first session was two days ago, of a case of Amina’s, who is signed in."""
    sign_in(client, cast.amina)
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 9 * DAY)
    moments = dict.fromkeys(("agreed_at", "sent_at", "accepted_at"), NOW - 8 * DAY)
    first = TODAY - 2 * DAY
    return make.onward_referral(case, by=cast.amina, first_session_on=first, **moments)


def test_the_page_asks_of_the_first_session_that_has_passed(
    client: Reader, onward: OnwardReferral
) -> None:
    page = client.get(f"/onward-referrals/{onward.key}").text
    assert "First session 16 November 2026: did they go?" in page
    assert 'value="2026-11-16"' in page


def test_they_went_by_one_press(client: Reader, onward: OnwardReferral) -> None:
    for _ in range(2):
        done = client.post(f"/onward-referrals/{onward.key}/went", data={"held_on": "2026-11-16"})
        assert done.status_code in {303, 409}
    assert (onward.state, len(db.session.scalars(select(Attendance)).all())) == ("attending", 1)
    text = client.page(f"/onward-referrals/{onward.key}").text
    assert "16 November 2026: went" in text
    assert "did they go?" not in text


@pytest.mark.parametrize("moved_to", ["", "2026-11-16", "2026-11-25"])
def test_they_did_not_go_for_a_reason_and_may_go_another_day(
    client: Reader, onward: OnwardReferral, moved_to: str
) -> None:
    typed = {"missed_on": "2026-11-16", "reason": "nervous", "next_on": moved_to}
    done = client.post(f"/onward-referrals/{onward.key}/missed", data=typed)
    assert done.status_code == 303
    assert onward.first_session_on == date.fromisoformat(moved_to or "2026-11-16")
    text = client.page(f"/onward-referrals/{onward.key}").text
    assert "did not go, they were nervous about it" in text
    assert "did they go?" not in text
    assert "Did not go to Riverside choir" in client.page(f"/cases/{onward.case.key}").text


def test_further_visits_are_noted_after_the_first(client: Reader, onward: OnwardReferral) -> None:
    for day in ("2026-11-16", "2026-11-17"):
        client.post(f"/onward-referrals/{onward.key}/went", data={"held_on": day})
    text = client.page(f"/onward-referrals/{onward.key}").text
    assert "16 November 2026: went" in text
    assert "17 November 2026: went" in text
    assert onward.first_attended_at is not None
    assert onward.first_attended_at.date() == TODAY - 2 * DAY
