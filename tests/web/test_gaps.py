"""Gaps: noted from a search that found nothing, in one press."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from linkwork.casework import gaps
from linkwork.database import db
from linkwork.exchange import xlsx
from linkwork.exchange.zipped_xml import Archive
from linkwork.matching import limits
from linkwork.models import CaseNeed, Gap, GapReason, Need
from linkwork.web.gaps import BY_LIMIT, of_case
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, Clock
from tests.pages import Reader

EMPTY = "/services?words=zzzz&need=food&postcode=ZZ1"
HIDDEN = re.compile(r'<input type="hidden" name="(need|reason|place|next|case)" value="([^"]*)">')


def offered(page: str) -> dict[str, str]:
    """What the one button of a page would send."""
    form = page.split('action="/gaps"')[1].split("</form>")[0]
    return {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall(form)}


def noted() -> list[Gap]:
    return list(db.session.scalars(select(Gap).where(Gap.undone_at.is_(None)).order_by(Gap.id)))


def test_a_search_that_finds_nothing_is_a_gap_in_one_press(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    what = offered(client.get(EMPTY).text)
    assert client.post("/gaps", data=what).status_code == 303
    [gap] = noted()
    assert (gap.need, gap.place, gap.reason) == (Need.FOOD, "ZZ1", GapReason.NONE)
    assert gap.organisation_id == cast.northside.id
    assert gap.case_id is None


def test_the_filters_say_why(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    for more, why in (("cost=free", "cost"), ("miles=1", "travel"), ("day=MO", "hours"),
                      ("access=step_free", "access"), ("age=80", "eligibility")):  # fmt: skip
        assert offered(client.get(f"{EMPTY}&{more}").text)["reason"] == why


def test_the_words_say_the_need_and_where_they_do_not_it_is_asked(
    client: Reader, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    assert offered(client.get("/services?words=food+bank&miles=1&postcode=ZZ1").text)["need"] == (
        "food"
    )
    page = client.get("/services?words=zzzz").text
    assert "/gaps/new" in page
    assert 'action="/gaps"' not in page


def test_nothing_is_offered_where_something_was_found_or_to_who_may_not(
    client: Reader, cast: Cast
) -> None:
    make.service("Riverside choir")
    sign_in(client, cast.amina)
    assert 'action="/gaps"' not in client.get("/services").text
    sign_in(client, cast.caldicott)
    assert "gap" not in client.page(EMPTY).text


def test_matches_that_fit_nothing_are_a_gap_of_the_case(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    db.session.add(CaseNeed(case_id=case.id, need=Need.FOOD, seen_at=NOW))
    sign_in(client, cast.amina)
    what = offered(client.get(f"/cases/{case.key}/matches/").text)
    back = client.post("/gaps", data=what).location
    assert f'href="/cases/{case.key}/matches/"' in client.get(back).text
    client.post("/gaps", data=what)
    [gap] = noted()
    assert (gap.need, gap.place, gap.case_id) == (Need.FOOD, "ZZ1", case.id)


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [
        ([("tried", 9), ("distance", 2)], GapReason.TRAVEL),
        ([("places", 3), ("cost", 2)], GapReason.FULL),
        ([("mixed", 3)], GapReason.ELIGIBILITY),
        ([("ended", 3), ("unwanted", 4)], GapReason.NONE),
        ([], GapReason.NONE),
    ],
)
@pytest.mark.one_engine
def test_what_most_broke_says_why_but_for_what_says_nothing_of_the_place(
    left_out: list[tuple[str, int]], reason: GapReason, cast: Cast
) -> None:
    assert of_case(make.case(cast.northside), left_out).reason is reason


@pytest.mark.one_engine
def test_every_limit_speaks_for_a_reason_or_says_nothing_of_the_place() -> None:
    assert {*limits.JUDGES, limits.FULL} == {*BY_LIMIT, "tried", "unwanted"}


def test_a_case_elsewhere_cannot_be_named(client: Reader, cast: Cast) -> None:
    case = make.case(cast.southside, worker=cast.cath)
    sign_in(client, cast.amina)
    what = {"need": "food", "reason": "none", "case": case.key}
    assert client.post("/gaps", data=what).status_code == 404
    assert noted() == []


def test_it_is_taken_back_and_listed_without_anybody(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person("Odette", "Marl"))
    gaps.note(Need.FOOD, GapReason.FULL, postcode="ZZ1", case=case, by=cast.amina, at=clock.now)
    sign_in(client, cast.lead)
    page = client.get("/gaps").text
    assert "What there is has no place" in page
    assert "7 or fewer" in page
    assert "1 time" not in page
    assert "Marl" not in page
    assert case.key not in page
    sign_in(client, cast.amina)
    client.post(f"/gaps/{noted()[0].key}/undo")
    assert noted() == []


def test_a_gap_is_noted_by_hand_too(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.dev)
    wrong = client.post("/gaps/new", data={"need": "", "place": "nowhere", "reason": "none"})
    assert wrong.status_code == 422
    assert "first half of a postcode" in wrong.text
    client.post("/gaps/new", data={"need": "food", "place": "zz2", "reason": "language"})
    [gap] = noted()
    assert (gap.place, gap.reason) == ("ZZ2", GapReason.LANGUAGE)
    assert client.post("/gaps", data={"need": "x", "reason": "none"}).status_code == 409
    away = {"need": "food", "reason": "none", "next": "https://elsewhere.example/"}
    assert client.post("/gaps", data=away).location == "/gaps"


def test_the_report_of_a_month_is_chosen_read_and_taken_away(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    then = NOW - timedelta(days=30)
    gaps.note(Need.FOOD, GapReason.FULL, postcode="ZZ1", by=cast.amina, at=then)
    db.session.commit()
    sign_in(client, cast.lead)
    for address in ("/gaps/report", "/gaps/report?month=2026-10", "/gaps/report?month=nonsense"):
        assert "Gaps were noted in October 2026." in client.page(address).text
    present = client.page("/gaps/report?month=2026-11").text
    assert "No gap was noted in November 2026. The month is not over." in present
    file = client.get("/gaps/report.csv?month=2026-10")
    assert "2026-10,Food,ZZ1,0,0,7 or fewer,0," in file.text
    book = client.get("/gaps/report.xlsx?month=2026-10")
    assert "gaps-2026-10.xlsx" in book.headers["Content-Disposition"]
    (tmp_path / "gaps.xlsx").write_bytes(book.data)
    with Archive(tmp_path / "gaps.xlsx", "gaps.xlsx") as archive:
        [grid] = xlsx.grids(archive)
        [(_, title), (_, row)] = list(grid.rows)
    assert title[:2] == ["Month", "Need"]
    assert (*row[:3], row[5]) == ("2026-10", "Food", "ZZ1", "7 or fewer")
    assert "Report for a month" in client.page("/gaps").text
    sign_in(client, cast.amina)
    assert "Report for a month" not in client.page("/gaps").text
