"""What is behind figures of groups: the counts of the page of a PCN, and no more than it tells."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from linkwork.database import db
from linkwork.models import (
    CloseReason,
    DeclineReason,
    Gap,
    GapReason,
    Need,
    OrganisationKind,
    ReferralSource,
)
from linkwork.reports import groups
from tests.cast import case, contact, organisation, person, referral, sign_in
from tests.conftest import NOW
from tests.web.test_capacity import listed

pytestmark = pytest.mark.one_engine


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def rows(html: str, heading: str) -> list[list[str]]:
    """The rows of the first table after some words, without its head and its bars."""
    part = html[html.index(heading) :].split("</table>")[0]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in part.split("<tr")[2:])
    return [[text(cell) for cell in row] for row in cells]


def behind(client: Any, cast: Any, figure: str) -> str:
    sign_in(client, cast.lead)
    html: str = client.get(f"/capacity/{cast.northside.key}/behind/{figure}").text
    return html


def begun(cast: Any, whom: Any = None, **facts: Any) -> Any:
    of = case(cast.northside, worker=cast.amina, person=whom, first_conversation_at=NOW, **facts)
    contact(of, by=cast.amina, at=NOW)
    return of


@pytest.fixture
def few(cast: Any) -> Any:
    """Northside with small numbers of every kind: a practice, a fifth, a route and a need."""
    ash = organisation("Ash Surgery", OrganisationKind.PRACTICE, parent=cast.northside)
    db.session.flush()
    listed(cast.birch, 10_000)
    listed(ash, 5_000)
    for n in range(15):
        born, decile = date(1950, 1, 1 + n), 1 if n < 9 else 9
        whom = person("Wilhelmina", "Secret", date_of_birth=born, deprivation_decile=decile)
        source = ReferralSource.SELF if n in (0, 1) else ReferralSource.GP
        of = begun(cast, whom) if n < 12 else case(cast.northside, person=whom)
        referral(cast.birch if n < 10 else ash, case=of, source=source)
    for _ in range(2):
        begun(cast, person("Rosa", "Quill", nhs_number=None))
    for need, why, times in (
        (Need.FOOD, GapReason.TRAVEL, 11),
        (Need.HOUSING, GapReason.COST, 1),
    ):
        of = {"organisation_id": cast.northside.id, "user_id": cast.amina.id, "at": NOW}
        db.session.add_all(Gap(need=need, reason=why, **of) for _ in range(times))
    db.session.commit()
    return cast


def test_a_step_opens_to_the_step_before_and_to_each_reason_of_loss(client: Any, cast: Any) -> None:
    for n in range(3):
        over: Any = {"closed_at": NOW, "close_reason": CloseReason.PLAN_COMPLETED} if n else {}
        of = begun(cast, person("Wilhelmina", f"Secret{n}"), **over)
        referral(cast.birch, case=of)
    referral(cast.birch, case=of, referred_at=of.opened_at + timedelta(days=1))
    declined: Any = {"declined_at": NOW, "decline_reason": DeclineReason.NOT_ELIGIBLE}
    referral(cast.birch, case=case(cast.northside, **declined))
    html = behind(client, cast, "funnel.contacted")
    assert "Contacted: 3 referrals" in text(html)
    assert "60% of all referrals. In the UK it is 90%: 160,128 people" in text(html)
    assert "How it is worked out: “The funnel”" in text(html)
    assert "2026/27, all link workers, to 18 November 2026." in text(html)
    assert rows(html, "row by row") == [
        ["At the step before: referred", "5", "–"],
        ["Came from there to this step", "3", "60%"],
        ["A further referral to a case that was there already", "1", "20%"],
        ["Declined: outside our criteria", "1", "20%"],
    ]
    besides = behind(client, cast, "funnel.completed")
    assert rows(besides, "row by row") == [
        ["At the step before: connected", "0", "–"],
        ["Came from there to this step", "0", "–"],
        ["Came here without the step before", "2", "–"],
    ]
    assert "Secret" not in html + besides
    assert "Wilhelmina" not in html + besides


def test_people_seen_are_those_started_this_year_and_those_from_before(
    client: Any, cast: Any
) -> None:
    referral(cast.birch, case=begun(cast))
    for n in range(2):
        before = NOW - timedelta(days=300)
        of = case(cast.northside, worker=cast.amina, opened_at=before, first_conversation_at=before)
        contact(of, by=cast.amina, at=NOW - timedelta(days=n))
    html = behind(client, cast, "people_seen")
    assert "People seen: 3 people" in text(html)
    assert [row[1] for row in rows(html, "row by row")] == ["1", "2", "0", "0"]


def test_what_the_page_of_a_pcn_withholds_is_withheld_behind_it(client: Any, few: Any) -> None:
    page = sign_in(client, few.lead).get("/capacity").text
    # Of two practices, fifths or routes with one small, neither may be told.
    practices = rows(behind(client, few, "practices"), "row by row")
    assert [(name, sent, rate) for name, _, sent, rate, *_ in practices] == [
        ("Ash Surgery", "7 or fewer", "7 or fewer"),
        ("Birch Road Surgery", "Withheld", "Withheld"),
    ]
    expected = [row.pop(4) for row in practices]
    assert expected == ["5", "10"]
    assert practices == rows(page, "Referrals from each practice")
    reach = rows(behind(client, few, "reach"), "row by row")
    assert [people for _, people, *_ in reach] == [
        "Withheld",
        "0",
        "0",
        "0",
        "7 or fewer",
        "7 or fewer",
    ]
    assert reach == rows(page, "by how deprived their area is")
    routes = rows(behind(client, few, "routes"), "row by row")
    assert (
        routes == rows(page, "by who sent them") == [["All together", "Withheld", "Withheld", "–"]]
    )


def test_a_need_is_told_in_tens_and_why_only_from_ten_times_on(client: Any, few: Any) -> None:
    html = behind(client, few, "nowhere")
    assert rows(html, "row by row") == [
        ["Food", "10 or more", "It is too far"],
        ["Housing", "Fewer than 10", "–"],
    ]


def test_each_section_leads_to_what_is_behind_it_and_duplicates_to_what_to_do(
    client: Any, few: Any
) -> None:
    page = sign_in(client, few.lead).get("/capacity").text
    assert set(groups.FIGURES) <= set(re.findall(r'data-figure="([^"]+)"', page))
    html = behind(client, few, "duplicates")
    assert "1 possible duplicate, at most -1" in text(html)
    assert "the page of a case names the other one that is alike" in text(html)
    assert "Quill" not in html
