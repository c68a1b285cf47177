"""An administrator looks organisations up and brings in the published files."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import Organisation, OrganisationKind, TargetShare
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


def sent(client: Any, **files: str) -> Any:
    data = {
        name: (BytesIO(content.encode()), f"my {name.removesuffix('_file')}.csv")
        for name, content in files.items()
    }
    return client.post("/organisations/import", data={**data, "once": "a token of this test"})


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


def test_files_are_brought_in_with_a_report_and_shares_are_fixed(admin: Any) -> None:
    text = sent(admin, map_file=MAP, lists_file=LISTS).text
    assert "The files are in" in text
    assert "Added: 1 boards, 1 PCNs, 11 practices, 2 list sizes." in text
    assert "Practices in no PCN; kept without one (1): Y10002." in text
    shares = select(TargetShare.people).join(Organisation).where(Organisation.ods_code == "Y00001")
    assert set(db.session.scalars(shares)) == {108, 347}
    assert "Nothing new: everything in the files was known" in (
        sent(admin, map_file=MAP, lists_file=LISTS).text
    )


def test_the_map_alone_is_enough(admin: Any) -> None:
    assert "The files are in" in sent(admin, map_file=MAP).text


def test_without_a_map_the_form_says_so(admin: Any) -> None:
    response = sent(admin, lists_file=LISTS)
    assert response.status_code == 422
    assert "Choose the map of practices to PCNs." in response.text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"map_file": LISTS}, "my map.csv is a table of list sizes, and a practice-to-PCN map was"),
        (
            {"map_file": MAP, "lists_file": "a,b\n1,2\n"},
            "my lists.csv is not a table of list sizes",
        ),
        ({"map_file": MAP[:180]}, "It looks cut short, so nothing was changed."),
        ({"map_file": ""}, "my map.csv is empty."),
    ],
)
def test_a_refused_file_is_named_with_the_reason_and_changes_nothing(
    admin: Any, files: dict[str, str], says: str
) -> None:
    for n in range(10):
        organisation(f"Stored practice {n}", OrganisationKind.PRACTICE)
    response = sent(admin, **files)
    assert response.status_code == 409
    assert says in response.text
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 15


def test_organisations_are_the_administrators(client: Any, cast: Any) -> None:
    for who in (cast.lead, cast.supervisor, cast.dev, cast.editor):
        lead = sign_in(client, who)
        assert lead.get("/organisations").status_code == 403
        assert lead.get(f"/organisations/{cast.birch.key}").status_code == 403
        assert sent(lead, map_file=MAP).status_code == 403
