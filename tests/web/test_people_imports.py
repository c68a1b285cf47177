"""People out of a search of a GP system are referred at once, each as anybody is."""

from datetime import timedelta

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import (
    CloseReason,
    PeopleImport,
    Person,
    Referral,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.pages import Reader
from tests.web.people_lists import (
    BORN,
    FIRST,
    HEADERS,
    SECOND,
    columns,
    confirm,
    emis,
    number_of,
    page_of,
    preview_of,
    row,
    somebody_known,
    upload,
)


def test_everybody_on_a_search_is_referred_at_once(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    other = row(cast, nhs=SECOND, family="Lund", name="Bo", born="1950-01-02")
    address = preview_of(client, emis(row(cast), other))
    page = client.get(address).text
    assert "Ada Pike" in page
    assert "Bo Lund" in page
    assert confirm(client, address).location == "/cases/waiting"
    found = db.session.scalars(select(Referral).order_by(Referral.id)).all()
    assert [one.person.name for one in found] == ["Ada Pike", "Bo Lund"]
    assert [(one.source, one.practice, one.note) for one in found] == [
        ("gp", cast.birch, "Lonely since the move.")
    ] * 2
    assert {one.case.organisation for one in found} == {cast.northside}
    assert all(one.consented_at and one.case.accepted_at is None for one in found)
    assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0


def test_who_is_on_the_caseload_already_is_left_out(client: Reader, cast: Cast) -> None:
    known = somebody_known(cast.northside, cast.amina)
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast), row(cast, nhs=SECOND, name="Bo", family="Lund")))
    assert "Has an open case" in page_of(client, address)
    confirm(client, address, **{"row-5": known.key})
    assert [one.person.name for one in db.session.scalars(select(Referral))] == ["Bo Lund"]


def test_who_had_a_case_before_is_referred_again_where_somebody_says_so(
    client: Reader, cast: Cast
) -> None:
    ended = {"closed_at": NOW - timedelta(days=90), "close_reason": CloseReason.PLAN_COMPLETED}
    person = make.person("Ada", "Pike", date_of_birth=BORN, nhs_number=FIRST)
    before = make.case(cast.northside, worker=cast.amina, person=person, **ended)
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    assert "Had a case before" in page_of(client, address)
    confirm(client, address)
    assert number_of(Referral) == 0
    address = preview_of(client, emis(row(cast)))
    confirm(client, address, **{"row-5": before.key})
    again = db.session.scalars(select(Referral)).one()
    assert (again.person, again.case != before) == (person, True)


def test_who_may_be_known_is_looked_at_by_a_person(client: Reader, cast: Cast) -> None:
    known = somebody_known(cast.northside, cast.amina, nhs_number=None, postcode="M1 6AB")
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    assert "May be known" in page_of(client, address)
    assert confirm(client, address).location == "/cases/waiting"
    assert number_of(Referral) == 0, "left out unless somebody says who they are"
    confirm(client, preview_of(client, emis(row(cast))), **{"row-5": known.key})
    assert db.session.scalars(select(Referral)).one().case == known
    confirm(client, preview_of(client, emis(row(cast, nhs=SECOND))), **{"row-5": "new"})
    assert number_of(Person) == 2


def test_nothing_tells_that_somebody_is_known_to_another_pcn(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    page = page_of(client, preview_of(client, emis(row(cast))))
    somebody_known(cast.southside, cast.cath)
    db.session.commit()
    assert page_of(client, preview_of(client, emis(row(cast)))) == page
    assert "May be known" not in page


def test_the_next_list_of_the_pcn_goes_straight_to_the_people(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    preview_of(client, emis(row(cast)))
    make.sign_in(client, cast.ben)
    assert not upload(client, emis(row(cast))).location.endswith("/columns")
    make.sign_in(client, cast.cath)
    assert upload(client, emis(row(cast))).location.endswith("/columns")


def test_what_else_the_list_says_goes_to_a_new_record_only(client: Reader, cast: Cast) -> None:
    somebody_known(cast.southside, cast.cath, email=None)
    make.sign_in(client, cast.amina)
    headers = [*HEADERS, "Email", "First Name"]
    rows = [
        [*row(cast), "known@example.org", "Ada"],
        [*row(cast, nhs=SECOND, name="Bobby", family="Lund"), "bo@example.org", "Robert"],
    ]
    address = upload(client, emis(*rows, headers=headers)).location
    found = columns(client, address, **{"column-8": "email", "column-9": "given_name"}).location
    confirm(client, found)
    people = db.session.scalars(select(Person).order_by(Person.id)).all()
    assert [(one.name, one.email) for one in people] == [
        ("Ada Pike", None),
        ("Bobby Lund", "bo@example.org"),
    ]
