"""A practice asks about its own referral, and reads what the link worker answers."""

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Notification, Question, Referral
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader


@pytest.fixture
def sent(cast: Cast) -> Referral:
    """Dev’s referral, which Amina works on."""
    case = make.case(cast.northside, worker=cast.amina)
    return make.referral(cast.birch, by=cast.dev, case=case)


def test_a_question_reaches_the_worker_and_its_answer_the_practice(
    client: Reader, cast: Cast, sent: Referral
) -> None:
    sign_in(client, cast.dev)
    asking = {"body": "Has somebody called her? O'Brien", "once": "x"}
    where = f"/referrals/{sent.key}"
    assert client.post(f"{where}/ask", data=asking).location == where
    assert "No answer yet." in client.page(where).text
    assert db.session.scalars(select(Notification)).one().user == cast.amina
    sign_in(client, cast.amina)
    case = client.page(f"/cases/{sent.case.key}").text
    assert "Has somebody called her? O'Brien" in case
    question = db.session.scalars(select(Question)).one()
    where_to = f"/questions/{question.key}/answer"
    assert "Write your answer." in client.post(where_to, data={"once": "y"}).text
    assert client.post(where_to, data={"answer": "Yes, on Monday.", "once": "z"}).status_code == 303
    again = client.post(where_to, data={"answer": "No.", "once": "zz"})
    assert "answered before" in again.text
    sign_in(client, cast.dev)
    assert "Yes, on Monday." in client.page(where).text


def test_nothing_is_answered_where_the_person_shares_nothing(
    client: Reader, cast: Cast, sent: Referral
) -> None:
    question = make.question(sent, by=cast.dev)
    sent.case.share_with_gp = False
    sign_in(client, cast.amina)
    refused = client.post(f"/questions/{question.key}/answer", data={"answer": "Yes.", "once": "x"})
    assert refused.status_code == 409
    assert "does not want their practice to be told" in refused.text


def test_nothing_is_asked_of_a_referral_that_ended_or_of_another_practice(
    client: Reader, cast: Cast, sent: Referral
) -> None:
    sent.case.closed_at = NOW
    sign_in(client, cast.dev)
    refused = client.post(f"/referrals/{sent.key}/ask", data={"body": "And now?", "once": "x"})
    assert "This referral has ended." in refused.text
    sign_in(client, cast.quinn)
    assert client.get(f"/referrals/{sent.key}/ask").status_code == 404
