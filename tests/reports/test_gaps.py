"""What is missing where, in a month: gaps and demand by need and place."""

from datetime import date, timedelta
from typing import Any

import pytest

from linkwork import geography
from linkwork.casework import gaps as noted
from linkwork.database import db
from linkwork.models import (
    CaseNeed,
    GapReason,
    Location,
    Need,
    Service,
    ServiceAtLocation,
    User,
    service_text,
)
from linkwork.reports import gaps, gaps_words
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

OCTOBER = date(2026, 10, 1)
THEN = NOW - timedelta(days=30)
DAY = timedelta(days=1)


def person_with(pcn: Any, need: Need = Need.FOOD, **facts: Any) -> None:
    seen, resolved = facts.pop("seen_at", THEN), facts.pop("resolved_at", None)
    whom = make.person(postcode=facts.pop("postcode", "ZZ1 1AA"))
    case = make.case(pcn, person=whom, **{"opened_at": THEN, **facts})
    db.session.add(CaseNeed(case_id=case.id, need=need, seen_at=seen, resolved_at=resolved))
    db.session.flush()


def lines(user: User, month: date = OCTOBER) -> list[tuple[Any, ...]]:
    report = gaps.of_month(user, month, on=TODAY)
    return [
        (line.need, line.place, line.gaps, line.gaps_before, line.people, line.nearby)
        for line in (*report.lines, *report.bare)
    ]


@pytest.fixture
def food_bank(cast: Cast) -> Service:
    """Something for food in the middle of ZZ1, and a helpline for it."""
    middle = geography.place_of("ZZ1")
    assert middle is not None
    here = Location(name="Hall", latitude=middle.latitude, longitude=middle.longitude)
    made = make.service("Food bank", needs=["food"], places_at=[ServiceAtLocation(location=here)])
    line = make.service("Food line", needs=["food"], channels=["phone"])
    service_text.reindex([made.id, line.id])
    return made


def test_gaps_and_people_stand_by_need_and_place_against_the_month_before(
    cast: Cast, food_bank: Service
) -> None:
    full, cost, none = GapReason.FULL, GapReason.COST, GapReason.NONE
    told = ((THEN - 30 * DAY, full), (THEN, full), (THEN + DAY, cost), (NOW, none))
    for at, reason in told:
        noted.note(Need.FOOD, reason, postcode="ZZ1 1AA", by=cast.amina, at=at)
    gap = noted.note(Need.WORK, none, by=cast.amina, at=THEN)
    noted.undo(gap, by=cast.amina, at=THEN)
    person_with(cast.northside)
    person_with(cast.northside, Need.HOUSING)
    assert lines(cast.supervisor) == [
        (Need.FOOD, "ZZ1", "2", "1", "1", 1),
        (Need.HOUSING, "ZZ1", "0", "0", "1", 0),
    ]
    report = gaps.of_month(cast.supervisor, OCTOBER, on=TODAY)
    assert (report.gaps, report.gaps_before, report.lines[0].anywhere) == (2, 1, 1)
    most, bare = gaps_words.sentences(report)
    assert most.startswith("2 gaps were noted in October 2026, 1 more than the month before: ")
    assert most.endswith("most often food in ZZ1 (2).")
    assert bare == "People have the need and there is nothing within 3 miles: housing in ZZ1."
    why = "it costs too much (1), what there is has no place (1)"
    assert gaps_words.rows(report)[0][3:8] == (1, 0, 2, 1, why)


def test_demand_is_people_with_the_need_open_on_any_day_of_the_month(cast: Cast) -> None:
    start, end = THEN.replace(day=1), NOW.replace(day=1)
    for counted in (
        {"seen_at": end - DAY},
        {"seen_at": start - 9 * DAY, "resolved_at": start + DAY},
        {"opened_at": start - 99 * DAY, "closed_at": start + DAY, "close_reason": "died"},
    ):
        person_with(cast.northside, **counted)
    for left_out in (
        {"seen_at": end + DAY},
        {"resolved_at": start - DAY, "seen_at": start - 9 * DAY},
        {"opened_at": start - 9 * DAY, "closed_at": start - DAY, "close_reason": "died"},
        {"closed_at": NOW, "close_reason": "opened_in_error"},
        {"declined_at": THEN},
        {"opened_at": end + DAY},
    ):
        person_with(cast.northside, **left_out)
    person_with(cast.southside)
    assert lines(cast.supervisor) == [(Need.FOOD, "ZZ1", "0", "0", "3", 0)]


@pytest.mark.one_engine
def test_people_are_withheld_from_those_who_may_not_see_them(cast: Cast) -> None:
    for _ in range(9):
        person_with(cast.northside)
    person_with(cast.northside, postcode="ZZ2 1AA")
    assert [line[4] for line in lines(cast.supervisor)] == ["9", "1"]
    assert sorted(line[4] for line in lines(cast.lead)) == ["7 or fewer", "Withheld"]


@pytest.mark.one_engine
def test_gaps_are_withheld_like_people_and_cannot_be_subtracted(cast: Cast) -> None:
    told = [("ZZ1", GapReason.FULL)] * 12 + [("ZZ1", GapReason.COST), ("ZZ2", GapReason.NONE)]
    for hours, (place, reason) in enumerate(told):
        at = THEN + timedelta(hours=hours)
        noted.note(Need.FOOD, reason, postcode=place, by=cast.amina, at=at)
    assert [line[2] for line in lines(cast.supervisor)] == ["13", "1"]
    assert [line[2] for line in lines(cast.lead)] == ["13", "7 or fewer"]
    report = gaps.of_month(cast.lead, OCTOBER, on=TODAY)
    assert (report.gaps, report.gaps_before) == (None, 0)
    assert gaps_words.sentences(report) == ["Gaps were noted in October 2026."]
    why = [(row[5], row[7]) for row in gaps_words.rows(report)]
    assert why == [
        (13, "what there is has no place (withheld), it costs too much (7 or fewer)"),
        ("7 or fewer", "there is none (7 or fewer)"),
    ]


def test_a_place_nobody_knows_stands_apart_and_an_empty_month_says_so(cast: Cast) -> None:
    for postcode in (None, "", "?", "nowhere at all"):
        person_with(cast.northside, postcode=postcode)
    assert lines(cast.supervisor) == []
    noted.note(Need.FOOD, GapReason.NONE, by=cast.amina, at=THEN)
    assert lines(cast.supervisor) == [(Need.FOOD, None, "1", "0", "4", None)]
    empty = gaps.of_month(cast.supervisor, date(2026, 1, 1), on=TODAY)
    assert gaps_words.sentences(empty) == ["No gap was noted in January 2026."]


def test_thirteen_months_may_be_asked_for() -> None:
    found = gaps.months(date(2026, 3, 31))
    assert (found[0], found[-1], len(found)) == (date(2026, 3, 1), date(2025, 3, 1), 13)
