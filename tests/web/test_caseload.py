"""The pages of the caseload: what they show, what is noted, and how little they ask."""

from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import tasks
from linkwork.database import db
from linkwork.models import AuditEntry, CaseNeed, Need, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader, read
from tests.statements import watching


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def a_whole_case(cast: Cast, **facts: Any) -> SupportCase:
    case = make.case(cast.northside, worker=cast.amina, **facts)
    case.needs.append(CaseNeed(need=Need.FOOD, seen_at=NOW))
    make.referral(cast.birch, case=case)
    make.contact(case, by=cast.amina, notes="Talked about the allotment.")
    make.onward_referral(case, by=cast.amina, sent_at=NOW)
    return case


def test_lists_and_searches_are_noted_without_their_words(amina: Reader, cast: Cast) -> None:
    a_whole_case(cast)
    amina.page("/cases/")
    amina.post("/cases/search", data={"words": "Quill"})
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("cases.")))
    assert [(e.event, "Quill" in str(e.details)) for e in found] == [
        ("cases.listed", False),
        ("cases.searched", False),
    ]


def test_a_caseload_keeps_its_filters_in_its_address(amina: Reader, cast: Cast) -> None:
    a_whole_case(cast, priority="soon", next_action_on=TODAY)
    page = amina.page("/cases/?whose=team&need=food&soon=yes&sort=name&view=open")
    assert "1 case" in page.text
    for chip in ("The whole team’s", "Food", "To be seen soon"):
        assert f"Remove filter: {chip}" in page.text


@pytest.mark.parametrize(
    "query",
    [
        *("view=x", "sort=x&dir=x", "need=x", "page=-1", "page=99999999", "page=x", "page=²"),
        *("whose=all", "_scheme=javascript&_external=1", "_anchor=x", "key=x", "endpoint=x"),
    ],
)
def test_an_address_that_makes_no_sense_shows_the_caseload(
    amina: Reader, cast: Cast, query: str
) -> None:
    a_whole_case(cast)
    page = amina.page(f"/cases/?{query}")
    assert page.headings == ["My caseload"]
    assert not [address for address in page.values if "javascript:" in address or "#x" in address]


def test_a_search_finds_by_name_and_says_what_to_do_where_it_cannot(
    amina: Reader, cast: Cast
) -> None:
    a_whole_case(cast)
    assert (
        "1 case in your PCN" in read(amina.post("/cases/search", data={"words": "quill"}).text).text
    )
    for words in ("", "   ", "\x00", "🎉"):
        refused = amina.post("/cases/search", data={"words": words})
        assert refused.status_code in {409, 422}
        assert "Type a name" in refused.text


def counted(reader: Reader, address: str) -> int:
    reader.page(address)
    with watching() as asked:
        reader.page(address)
    return len(asked)


def test_a_page_asks_the_same_few_things_however_much_there_is(amina: Reader, cast: Cast) -> None:
    """Counted: every SELECT but those for the session and the audit trail.

    The caseload may take four. A case may take thirteen: itself, its needs and referrals, its
    contacts with what was corrected, its activities with what was said and who came, who may be
    the same person in three, who is overdue from a visit, and one that finds out what else there
    is. What there is not is not asked for: see the next test. A colleague’s case takes one more,
    for the reason.
    """
    case, _somebody_like_them = a_whole_case(cast), a_whole_case(cast)
    few = counted(amina, f"/cases/{case.key}"), counted(amina, "/cases/?whose=team&view=open")
    for _ in range(8):
        make.contact(case, by=cast.ben)
        make.referral(cast.birch, case=case)
        make.onward_referral(case, by=cast.ben)
        a_whole_case(cast)
        make.case(cast.northside, worker=cast.ben)
    many = counted(amina, f"/cases/{case.key}"), counted(amina, "/cases/?whose=team&view=open")
    assert few == many
    assert many[0] <= 13
    assert many[1] <= 4


def test_a_case_asks_only_for_what_there_is(amina: Reader, cast: Cast) -> None:
    case = a_whole_case(cast)
    key = case.key
    before = counted(amina, f"/cases/{key}")
    tasks.promise(case, "Ring", TODAY, owner=cast.amina, by=cast.amina, at=NOW)
    db.session.commit()
    assert counted(amina, f"/cases/{key}") == before + 1


def test_only_those_who_work_cases_come_near_one(client: Reader, cast: Cast) -> None:
    key = a_whole_case(cast).key
    for name in ("dev", "lead", "admin", "editor", "caldicott", "hub_worker", "peer_coordinator"):
        sign_in(client, cast.users[name])
        for page in ("/cases/", "/cases/waiting", f"/cases/{key}", f"/cases/{key}/person"):
            assert client.get(page).status_code == 403, (name, page)
