"""Two records side by side: chosen field by field, merged, parted, and nothing told of others."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import AuditEntry, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader, read

BORN = date(1951, 3, 12)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """Amina’s case of Rosa Quill."""
    return of(cast, "Rosa", phone="07700 900001")


@pytest.fixture
def twin(cast: Cast) -> SupportCase:
    """A case of Rosie Quill, not taken on."""
    return of(cast, "Rosie", phone="07700 900002", declined_at=make.clock.now())


def of(cast: Cast, given: str, **facts: Any) -> SupportCase:
    about = {"phone": facts.pop("phone", None), "nhs_number": facts.pop("nhs_number", None)}
    person = make.person(given, "Quill", date_of_birth=BORN, **about)
    return make.case(cast.northside, worker=cast.amina, person=person, **facts)


def test_the_page_of_a_case_says_who_may_be_the_same_and_why(
    amina: Reader, case: SupportCase, twin: SupportCase
) -> None:
    text = amina.page(f"/cases/{case.key}").text
    assert "Probably the same person" in text
    assert "the same date of birth" in text


def test_nothing_is_said_of_somebody_in_another_pcn(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    there = make.case(cast.southside, person=make.person("Rosa", "Quill", date_of_birth=BORN))
    assert "the same" not in amina.page(f"/cases/{case.key}").text
    assert amina.get(f"/cases/{case.key}/same-as/{there.key}").status_code == 404


def test_two_records_are_merged_and_parted_again(
    amina: Reader, case: SupportCase, twin: SupportCase
) -> None:
    where = f"/cases/{case.key}/same-as/{twin.key}"
    page = amina.page(where)
    assert "07700 900001 (this record)" in page.text
    assert "Rosie (the other record)" in page.text
    answers = {"given_name": "keep", "phone": "other", "once": "once"}
    assert amina.post(where, data=answers).location == f"/cases/{case.key}"
    assert (case.person_id, case.person.phone) == (twin.person_id, "07700 900002")
    shown = amina.get(f"/cases/{case.key}").text
    assert "The two records are one now." in shown
    made = shown.split("/person-merges/")[1].split("/undo")[0]
    assert "Part these two records again?" in amina.get(f"/person-merges/{made}/undo").text
    assert amina.post(f"/person-merges/{made}/undo", data={"once": "x"}).status_code == 303
    assert "parted again, as they were" in amina.get(f"/cases/{case.key}").text
    assert (case.person.phone, twin.person.phone) == ("07700 900001", "07700 900002")


def test_what_forbids_it_is_said_with_what_to_do(amina: Reader, cast: Cast) -> None:
    one, two = of(cast, "Rosa"), of(cast, "Rosa")
    refused = amina.post(f"/cases/{one.key}/same-as/{two.key}", data={"once": "x"})
    assert refused.status_code == 409
    assert "Both records have an open case in the same PCN." in read(refused.text).text


def test_that_it_was_refused_is_in_the_audit_trail(amina: Reader, cast: Cast) -> None:
    one, two = of(cast, "Rosa"), of(cast, "Rosa")
    make.case(cast.southside, person=two.person)
    make.case(cast.southside, person=one.person)
    db.session.commit()
    for once in ("x", "y"):
        amina.post(f"/cases/{one.key}/same-as/{two.key}", data={"once": once})
    query = select(AuditEntry).where(AuditEntry.event == "person.merge_refused")
    noted = db.session.scalars(query).all()
    entry = (one.person_id, cast.amina.id, {"other": two.person_id})
    assert [(e.person_id, e.user_id, e.details) for e in noted] == [entry, entry]
    assert one.person_id != two.person_id


def test_a_colleague_s_record_asks_for_a_reason_first(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    theirs = make.case(cast.northside, worker=cast.ben)
    asked = amina.get(f"/cases/{case.key}/same-as/{theirs.key}")
    assert asked.status_code == 303
    assert f"/cases/{theirs.key}/cover" in asked.location


def test_of_joined_referrals_the_worker_reads_how_many_and_each_practice_its_own(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    make.referral(cast.birch, by=cast.dev, case=case)
    make.referral(cast.birch, case=case, note="From the nurse.")
    text = amina.page(f"/cases/{case.key}").text
    assert "2 referrals are joined in this case." in text
    assert "From the nurse." in text
