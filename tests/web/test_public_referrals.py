"""What the public asked for, looked at by a link worker: taken on, or not, and never by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import public_referrals
from linkwork.database import db
from linkwork.models import AuditEntry, Person, PublicReferral, Referral, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, Clock
from tests.pages import Reader, read

LIST = "/public-referrals/"


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def accept(client: Reader, asked: PublicReferral, whose: str) -> Any:
    return client.post(f"{LIST}{asked.key}", data={"whose": whose, "once": whose})


def test_the_list_shows_what_is_to_check_with_danger_first(amina: Reader, cast: Cast) -> None:
    make.public_referral(cast.northside, given_name="Ada")
    make.public_referral(cast.northside, given_name="Bo", suspect=True)
    make.public_referral(cast.northside, given_name="Cy", crisis=True)
    make.public_referral(cast.southside, given_name="Elsewhere")
    make.public_referral(cast.northside, given_name="Done", checked_at=NOW)
    text = amina.page(LIST).text
    assert text.index("Cy Quill") < text.index("Ada Quill") < text.index("Bo Quill")
    assert "Elsewhere" not in text
    assert "Done" not in text
    assert "3 requests of the public to check" in amina.page("/cases/waiting").text


def test_a_request_becomes_a_referral_of_somebody_new(amina: Reader, cast: Cast) -> None:
    facts = {
        "email": "rosa@moorvale.example",
        "safe_to_contact": "Mornings",
        "practice": cast.birch,
    }
    asked = make.public_referral(cast.northside, received_at=NOW - timedelta(days=2), **facts)
    answer = accept(amina, asked, "new")
    sent = db.session.scalars(select(Referral)).one()
    assert answer.location == f"/cases/{sent.case.key}"
    assert (sent.source, sent.practice_id, sent.referrer_name) == ("self", None, "Rosa Quill")
    assert (sent.person.email, sent.person.safe_to_contact) == (facts["email"], "Mornings")
    assert sent.person.practice == cast.birch
    assert sent.case.opened_at == NOW - timedelta(days=2)
    assert not sent.case.share_with_gp
    assert asked.referral == sent


def test_nobody_is_joined_with_a_person_by_itself(amina: Reader, cast: Cast) -> None:
    known = make.person(date_of_birth=date(1954, 3, 12), nhs_number=None)
    case = make.case(cast.northside, worker=cast.amina, person=known)
    asked = make.public_referral(cast.northside, postcode=known.postcode)
    text = read(amina.get(f"{LIST}{asked.key}").text).text
    assert "Almost certainly the same person" in text
    assert "the same date of birth" in text
    refused = amina.post(f"{LIST}{asked.key}", data={"once": "x"})
    assert "Choose who this is." in refused.text
    accept(amina, asked, "new")
    assert count(Person) == 2
    assert db.session.scalars(select(Referral)).one().case is not case


def test_a_link_worker_says_that_it_is_somebody_known(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, share_with_gp=False)
    asked = make.public_referral(cast.northside, phone="07700 900999")
    accept(amina, asked, case.key)
    [sent] = case.referrals
    assert (sent.person, count(Person)) == (case.person, 1)
    assert case.person.phone == "07700 900123"
    assert sent.differs == {"phone": "07700 900999"}
    assert case.next_action == "Read the new referral"


def test_what_the_practice_must_not_know_joins_no_case_it_follows(
    amina: Reader, cast: Cast
) -> None:
    followed = make.referral(cast.birch, by=cast.dev).case
    asked = make.public_referral(cast.northside, share_with_gp=False)
    accept(amina, asked, followed.key)
    assert count(SupportCase) == 2
    assert followed.share_with_gp
    sign_in(amina, cast.dev)
    assert "1" in amina.page("/referrals/").text
    query = select(Referral.key).where(Referral.source == "self")
    assert amina.get(f"/referrals/{db.session.scalar(query)}").status_code == 404


def test_somebody_elsewhere_is_neither_shown_nor_chosen(amina: Reader, cast: Cast) -> None:
    there = make.case(cast.southside, worker=cast.cath)
    asked = make.public_referral(cast.northside)
    text = read(amina.get(f"{LIST}{asked.key}").text).text
    assert "the same" not in text
    refused = accept(amina, asked, there.key)
    assert refused.status_code == 422
    assert count(Referral) == 0


def test_of_two_who_take_it_on_the_second_is_told(amina: Reader, cast: Cast) -> None:
    asked = make.public_referral(cast.northside)
    accept(amina, asked, "new")
    sign_in(amina, cast.ben)
    refused = amina.post(f"{LIST}{asked.key}", data={"whose": "new", "once": "ben"})
    assert refused.status_code == 409
    assert "Amina Okafor has dealt with this request already." in refused.text
    assert count(Referral) == 1


def test_what_is_not_taken_on_has_a_reason_and_is_deleted_later(
    amina: Reader, cast: Cast, clock: Clock
) -> None:
    asked, other = (make.public_referral(cast.northside) for _ in range(2))
    where = f"{LIST}{asked.key}/discard"
    assert "Choose why" in amina.post(where, data={"once": "x"}).text
    assert amina.post(where, data={"reason": "not_real", "once": "y"}).location == LIST
    assert [found.key for found in public_referrals.to_check(cast.amina)] == [other.key]
    clock.advance(days=31)
    sign_in(amina, cast.amina)
    amina.post(f"{LIST}{other.key}/discard", data={"reason": "twice", "once": "z"})
    assert [found.key for found in db.session.scalars(select(PublicReferral))] == [other.key]
    events = set(db.session.scalars(select(AuditEntry.event)))
    assert {"public_referral.discarded", "public_referral.forgotten"} <= events


def test_reading_a_request_is_noted(amina: Reader, cast: Cast) -> None:
    asked = make.public_referral(cast.northside)
    amina.get(f"{LIST}{asked.key}")
    query = select(AuditEntry).where(AuditEntry.event == "public_referral.opened")
    assert db.session.scalars(query).one().record_id == asked.id


def test_somebody_without_phone_email_or_address_is_taken_on_and_it_is_said(
    amina: Reader, cast: Cast
) -> None:
    asked = make.public_referral(cast.northside, phone=None)
    assert "How to reach them is missing." in amina.page(f"{LIST}{asked.key}").text
    case = amina.page(accept(amina, asked, "new").location)
    assert "How to reach them is missing." in case.text
