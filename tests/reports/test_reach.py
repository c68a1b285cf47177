"""Who is reached, by deprivation and route: each person once, against the list, no small number."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import CloseReason, ListProfile, OrganisationKind, ReferralSource
from linkwork.reports import flows, funnels, reach
from linkwork.reports.basis import Basis
from tests.cast import case, organisation, person, referral
from tests.conftest import TODAY

BASIS = Basis(FinancialYear.containing(TODAY), TODAY, Scope.ALL)
STARTED = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def started(pcn: Any, decile: int | None, times: int = 1, **facts: Any) -> None:
    for _ in range(times):
        whom = person(deprivation_decile=decile)
        case(pcn, person=whom, **{"first_conversation_at": STARTED, **facts})


def reached(pcn: Any) -> reach.Reach:
    return reach.of_pcn(pcn, BASIS, funnel=funnels.of_pcn(pcn, BASIS, flows.of_pcn(pcn.id, BASIS)))


def rows(pcn: Any) -> list[str]:
    return [line.people for line in reached(pcn).fifths]


def test_people_are_counted_by_fifth_and_each_of_them_once(pcn: Any) -> None:
    started(pcn, 1, 9)
    started(pcn, 2, 9)
    started(pcn, 10, 8)
    for _ in range(9):
        twice = person(deprivation_decile=5)
        case(pcn, person=twice, first_conversation_at=STARTED)
        case(pcn, person=twice, first_conversation_at=STARTED)
    started(pcn, None, 12)
    assert rows(pcn) == ["18", "0", "9", "0", "8", "12"]
    # Of the 35 whose area is known.
    assert reached(pcn).fifths[0].percent.text(1) == "51.4"


@pytest.mark.one_engine
def test_a_small_number_is_withheld_and_so_is_what_would_give_it_away(pcn: Any) -> None:
    started(pcn, 1, 9)
    started(pcn, 10, 1)
    assert rows(pcn)[4] == "7 or fewer"
    assert rows(pcn)[0] == "Withheld"
    assert not reached(pcn).fifths[0].percent.known


@pytest.mark.one_engine
def test_other_years_errors_and_other_pcns_are_not_counted(pcn: Any) -> None:
    started(pcn, 1, 8, first_conversation_at=datetime(2026, 3, 31, 22, tzinfo=UTC))
    started(pcn, 1, 8, closed_at=STARTED, close_reason=CloseReason.OPENED_IN_ERROR)
    started(organisation("Southside PCN", OrganisationKind.PCN), 1, 8)
    started(pcn, None, 8)
    assert rows(pcn) == ["0", "0", "0", "0", "0", "8"]
    assert not reached(pcn).is_known


def profile(pcn: Any, on: date, *parts: float) -> None:
    db.session.add(ListProfile(organisation_id=pcn.id, as_of=on,
                               **{f"q{n}": part for n, part in enumerate(parts, 1)}))  # fmt: skip
    db.session.flush()


def test_people_are_set_against_the_list_of_the_day_and_chance_is_told_from_more(pcn: Any) -> None:
    profile(pcn, date(2025, 4, 1), 0, 0, 0, 0, 1)
    profile(pcn, date(2026, 4, 1), 0.2, 0.2, 0.2, 0.2, 0.2)
    profile(pcn, date(2026, 12, 1), 1, 0, 0, 0, 0)
    for decile, times in ((1, 40), (3, 20), (5, 18), (7, 8), (9, 14)):
        started(pcn, decile, times)
    found = reached(pcn)
    assert found.list_as_of == date(2026, 4, 1)
    told = [(line.percent.value, line.list_percent.value, line.words) for line in found.fifths[:5]]
    assert told == [
        (40, 20, reach.MORE),
        (20, 20, reach.ALIKE),
        (18, 20, reach.ALIKE),
        (8, 20, reach.LESS),
        (14, 20, reach.ALIKE),
    ]


@pytest.mark.one_engine
def test_without_a_profile_of_the_list_it_says_so_and_compares_nothing(pcn: Any) -> None:
    started(pcn, 1, 9)
    [first, *_] = reached(pcn).fifths
    assert (first.list_percent.reason, first.words) == (reach.NO_PROFILE, "")


@pytest.mark.one_engine
def test_where_nobody_started_no_part_is_given(pcn: Any) -> None:
    assert {line.percent.reason for line in reached(pcn).fifths[:5]} == {reach.NOBODY}


@pytest.mark.one_engine
def test_a_route_is_told_with_how_many_started_and_small_ones_are_not(pcn: Any) -> None:
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    # Of the last two, 6 and 3 have not started; together 9, which may be found by subtraction.
    sent = [(ReferralSource.GP, 20, 9), (ReferralSource.FAMILY, 16, 10)]
    sent.append((ReferralSource.OUTREACH, 3, 0))
    for source, referred, begun in sent:
        for number in range(referred):
            at = STARTED if number < begun else None
            of = case(pcn, first_conversation_at=at)
            referral(practice, case=of, source=source, referred_at=STARTED)
    found = reached(pcn)
    told = [(line.source, line.referred, line.started) for line in found.routes]
    assert told == [(ReferralSource.GP, "20", "9"), (None, "19", "10")]
    assert found.routes[0].rate.value == 45
    assert found.others == (ReferralSource.FAMILY, ReferralSource.OUTREACH)


@pytest.mark.one_engine
def test_where_even_the_sum_would_tell_a_small_count_no_route_is_told(pcn: Any) -> None:
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    for _ in range(3):
        referral(practice, referred_at=STARTED)
    [line] = reached(pcn).routes
    assert (line.source, line.referred, line.rate.known) == (None, "Withheld", False)
