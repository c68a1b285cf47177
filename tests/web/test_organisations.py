"""An administrator looks organisations up and brings in the published files."""

import secrets
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import AuditEntry, Organisation, OrganisationKind, TargetShare, User
from tests.cast import organisation, sign_in

MAP = (
    "PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,STP_CODE,STP_NAME\n"
    "Y10001,LOCK SURGERY,Y00001,LOCKSIDE PCN,QYY,Lowmoor\n"
    "Y10002,WEIR SURGERY,U,Unallocated,QYY,Lowmoor\n"
    + "".join(f"Y2{n:04},SURGERY {n},Y00001,LOCKSIDE PCN,QYY,Lowmoor\n" for n in range(9))
)
LISTS = "CODE,SEX,AGE,NUMBER_OF_PATIENTS\nY10001,ALL,ALL,52000\n"


@pytest.fixture
def admin(client: Any, cast: Any) -> Any:
    return sign_in(client, cast.admin)


def sent(client: Any, *files: str) -> Any:
    uploads = [(BytesIO(text.encode()), f"my {n}.csv") for n, text in enumerate(files, start=1)]
    data: dict[str, Any] = {"files": uploads, "once": secrets.token_hex()}
    return client.post("/organisations/import", data=data, follow_redirects=True)


def brought_in(client: Any, *files: str) -> Any:
    address = sent(client, *files).request.path
    return client.post(address, data={"chosen": "apply"}, follow_redirects=True)


def test_organisations_are_found_by_name_code_or_postcode(admin: Any, cast: Any) -> None:
    cast.birch.postcode = "ZZ9 4QT"
    for words in ("birch ROAD", "4qt zz9", cast.birch.ods_code.lower()):
        text = admin.get("/organisations", query_string={"q": words}).text
        assert "Birch Road Surgery" in text
        assert "Quay Street Practice" not in text
    assert "Northside PCN" in admin.get("/organisations?q=birch").text  # what it is part of


def test_the_list_can_be_of_one_kind_with_counts(admin: Any, cast: Any) -> None:
    page = admin.page("/organisations?kind=pcn")
    assert "All , 5 Boards , 1 PCNs , 2 Practices , 2" in page.text
    assert "2 organisations" in page.text
    assert "Birch Road Surgery" not in page.text
    assert "5 organisations" in admin.page("/organisations?kind=nonsense").text


@pytest.mark.parametrize(
    "words", ["100%", "_", "\\", "1%S", "S_rg", "<script>alert(1)</script>", "’"]
)
def test_a_search_takes_any_characters_as_they_are(admin: Any, cast: Any, words: str) -> None:
    organisation("The 100% Surgery_\\ of O’Hara", OrganisationKind.PRACTICE)
    response = admin.get("/organisations", query_string={"q": words})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert ("100% Surgery" in response.text) == (words in "The 100% Surgery_\\ of O’Hara")
    assert "Birch Road" not in response.text


def test_a_search_that_finds_nothing_says_what_to_do(admin: Any) -> None:
    text = admin.page("/organisations?q=zzzzz").text
    assert "No organisation has these words. Use fewer, or look among all kinds." in text


def test_a_long_list_comes_in_pages(admin: Any, cast: Any) -> None:
    for n in range(60):
        organisation(f"Extra practice {n:02}", OrganisationKind.PRACTICE)
    assert "Page 1 of 2 (60 in all)" in admin.page("/organisations?q=extra").text
    second = admin.page("/organisations?q=extra&page=2").text
    assert "Extra practice 59" in second
    assert "Extra practice 00" not in second


def test_an_organisation_is_shown_with_what_it_is_part_of_and_who_is_in_it(
    admin: Any, cast: Any
) -> None:
    text = admin.page(f"/organisations/{cast.northside.key}").text
    assert "PCN Northside PCN" in text
    assert "Part of Moor and Vale" in text
    assert "Practices (1)" in text
    assert "Birch Road Surgery" in text
    assert "No list size, so no share of a target" in text


def test_what_files_would_change_is_shown_before_anything_is_changed(admin: Any) -> None:
    text = sent(admin, LISTS, MAP).text
    assert "What would change" in text
    assert "Added: 1 boards, 1 PCNs, 11 practices, 2 list sizes." in text
    assert "Practices in no PCN; kept without one (1): Y10002." in text
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 5
    db.session.commit()
    assert "organisations.imported" not in db.session.scalars(select(AuditEntry.event)).all()


def test_files_are_brought_in_when_somebody_says_so_and_shares_are_fixed(admin: Any) -> None:
    assert "The files are in" in brought_in(admin, LISTS, MAP).text
    shares = select(TargetShare.people).join(Organisation).where(Organisation.ods_code == "Y00001")
    assert set(db.session.scalars(shares)) == {108, 347}
    assert "Nothing new: everything in the files was known" in sent(admin, MAP, LISTS).text
    assert "organisations.imported" in db.session.scalars(select(AuditEntry.event)).all()


def test_an_import_that_was_dropped_or_carried_out_is_not_carried_out_again(admin: Any) -> None:
    address = sent(admin, MAP).request.path
    dropped = admin.post(address, data={"chosen": "abandon"}, follow_redirects=True)
    assert "Dropped: nothing was changed" in dropped.text
    again = admin.post(address, data={"chosen": "apply"})
    assert "This was decided already." in again.text
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 5


def test_the_files_of_an_import_are_kept_for_a_day(admin: Any, clock: Any) -> None:
    address = sent(admin, MAP).request.path
    clock.advance(hours=25)
    admin = sign_in(admin, db.session.scalars(select(User).where(User.name == "Adam Stone")).one())
    sent(admin, LISTS.replace("Y10001", "Z00001"), MAP)
    late = admin.post(address, data={"chosen": "apply"})
    assert "kept for a day and are gone" in late.text


def test_without_a_file_the_form_says_so(admin: Any) -> None:
    response = sent(admin)
    assert response.status_code == 422
    assert "Choose at least one file." in response.text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([MAP, "a,b\n1,2\n"], "my 2.csv is not a "),
        ([MAP, MAP], "my 1.csv and my 2.csv are both a map of practices to PCNs."),
        ([MAP[:180]], "It looks cut short, so nothing was changed."),
        ([""], "my 1.csv is empty."),
    ],
)
def test_a_refused_file_is_named_with_the_reason_and_changes_nothing(
    admin: Any, files: list[str], says: str
) -> None:
    for n in range(10):
        organisation(f"Stored practice {n}", OrganisationKind.PRACTICE)
    response = sent(admin, *files)
    assert response.status_code == 409
    assert says in response.text
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 15


def test_organisations_are_the_administrators(client: Any, cast: Any) -> None:
    for who in (cast.lead, cast.supervisor, cast.dev, cast.editor):
        lead = sign_in(client, who)
        assert lead.get("/organisations").status_code == 403
        assert lead.get(f"/organisations/{cast.birch.key}").status_code == 403
        assert sent(lead, MAP).status_code == 403
