"""A link worker writes down what somebody asks by phone; a practice takes back and counts."""

from typing import Any

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Referral, ReferralSource, WithdrawReason
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader, read

ANSWERS = {
    "source": "other_agency",
    "referrer_name": "Bo Kay",
    "referrer_relation": "Moorvale Council",
    "given_name": "Rosa",
    "family_name": "Quill",
    "date_of_birth": "12/3/1951",
    "note": "Needs company.",
    "reasons": ["loneliness"],
    "consented": "y",
    "share": "y",
    "soon": "y",
    "once": "x",
}


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def record(client: Reader, cast: Cast, **typed: Any) -> Any:
    answers = {**ANSWERS, "place": cast.birch.key, **typed}
    return client.post("/referrals/record", data=answers)


def test_every_source_is_recorded_and_only_a_practice_s_own_is_its_to_see(
    amina: Reader, cast: Cast
) -> None:
    for number, source in enumerate(ReferralSource):
        born = f"{number + 1}/3/1951"
        answer = record(amina, cast, source=source.value, date_of_birth=born, once=source.value)
        assert answer.status_code == 303, source
    found = db.session.scalars(select(Referral).order_by(Referral.id)).all()
    assert [sent.source for sent in found] == list(ReferralSource)
    assert {sent.source for sent in found if sent.practice_id} == {"gp", "other_primary_care"}
    assert {(sent.referrer_name, sent.referrer_relation) for sent in found} == {
        ("Bo Kay", "Moorvale Council")
    }
    assert all(sent.person.practice == cast.birch for sent in found)
    sign_in(amina, cast.dev)
    assert "12 March" not in amina.page("/referrals/").text
    assert amina.get(f"/referrals/{found[2].key}").status_code == 404


def test_who_asks_and_from_where_is_needed_where_it_is_not_the_person(
    amina: Reader, cast: Cast
) -> None:
    refused = record(amina, cast, referrer_name="")
    assert "Write who asks" in refused.text
    refused = record(amina, cast, source="gp", place=cast.northside.key)
    assert "Choose the practice that this referral comes from." in refused.text
    itself = record(amina, cast, source="self", referrer_name="", place=cast.northside.key)
    assert itself.status_code == 303
    assert db.session.scalars(select(Referral)).one().referrer_name == "Rosa Quill"


def test_a_practice_elsewhere_cannot_be_chosen(amina: Reader, cast: Cast) -> None:
    assert record(amina, cast, place=cast.quay.key).status_code == 422
    assert "Quay Street" not in read(amina.get("/referrals/record").text).text


def test_a_practice_takes_its_referral_back_with_a_reason(client: Reader, cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    sign_in(client, cast.dev)
    where = f"/referrals/{sent.key}"
    assert "Take this referral back" in client.page(where).text
    assert "Choose why" in client.post(f"{where}/withdraw", data={"once": "x"}).text
    answers = {"reason": WithdrawReason.SENT_IN_ERROR.value, "once": "y"}
    assert client.post(f"{where}/withdraw", data=answers).location == where
    text = client.page(where).text
    assert "Taken back" in text
    assert "Take this referral back" not in text
    assert "1" in client.page("/referrals/our-practice").text
    sign_in(client, cast.amina)
    told = client.page(f"/cases/{sent.case.key}").text
    assert "The practice took it back on 18 November 2026: it was sent in error." in told


def test_the_reasons_a_worker_may_give_leave_out_that_the_practice_took_it_back(
    amina: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside)
    assert "withdrawn" not in amina.get(f"/cases/{case.key}/decline").text
