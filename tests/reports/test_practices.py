"""Practices: referrals per 1,000 patients, and limits that chance keeps to."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from linkwork.capacity import fairness
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import CloseReason, ListSize, OrganisationKind, OrganisationParent, Referral
from linkwork.reports import practices
from linkwork.reports.basis import Basis
from linkwork.reports.frames import midnight
from tests.cast import case, organisation, referral
from tests.statements import watching

YEAR = FinancialYear(2026)
BASIS = Basis(YEAR, YEAR.end, Scope.ALL)
FIRST, AFTER = midnight(YEAR.start), midnight(YEAR.next.start)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def practice(pcn: Any, name: str, patients: int | None = None, referrals: int = 0) -> Any:
    made = organisation(name, OrganisationKind.PRACTICE, parent=pcn)
    db.session.flush()
    if patients is not None:
        listed(made, patients, date(2026, 1, 1))
    if referrals:
        many(made, referrals)
    return made


def many(by: Any, times: int) -> None:
    """As many referrals, all of one case: written at once, because there are hundreds."""
    one = referral(by, referred_at=FIRST)
    names = [column.key for column in Referral.__mapper__.columns if column.key != "id"]
    row = {name: getattr(one, name) for name in names}
    copies = [{**row, "key": f"{one.key}-{number}"} for number in range(times - 1)]
    if copies:
        db.session.execute(insert(Referral), copies)


def listed(of: Any, patients: int, on: date) -> None:
    db.session.add(ListSize(organisation_id=of.id, as_of=on, patients=patients))
    db.session.flush()


def sent(by: Any, at: datetime, **facts: Any) -> None:
    referral(by, case=case(by.parent, **facts), referred_at=at)


def stayed(of: Any, pcn: Any, start: date, end: date | None) -> None:
    stay = {"organisation_id": of.id, "parent_id": pcn.id, "start_on": start, "end_on": end}
    db.session.add(OrganisationParent(**stay))
    db.session.flush()


def test_each_practice_is_set_against_the_rate_of_all_of_them(pcn: Any) -> None:
    practice(pcn, "Ash", 10_000, 20)
    practice(pcn, "Birch", 10_000, 50)
    practice(pcn, "Cedar", 20_000, 90)
    with watching() as statements:
        found = practices.of_pcn(pcn, BASIS)
    assert len(statements) == 1
    assert (found.rate.value, found.phi) == (4, 1)
    by_hand = [(20, 2.0, 40), (50, 5.0, 40), (90, 4.5, 80)]
    told = [(line.shown, line.rate.value, line.expected.value) for line in found.lines]
    assert told == by_hand
    # Square roots: (6.32 -+ 0.98)^2 about 40, (6.32 -+ 1.545)^2 for 99.8 %.
    ash = found.lines[0]
    assert (ash.low.text(1), ash.high.text(1)) == ("28.6", "53.4")
    assert [line.words for line in found.lines] == [
        "Far below the others", "Like the others", "Like the others",
    ]  # fmt: skip


@pytest.mark.one_engine
def test_without_a_list_size_or_for_part_of_the_year_it_is_not_compared(pcn: Any) -> None:
    practice(pcn, "Ash", None, 9)
    moved = practice(pcn, "Birch", 8_000, 9)
    stayed(moved, pcn, YEAR.start + timedelta(days=1), None)
    stayed(practice(pcn, "Cedar", 9_000, 9), pcn, date(2020, 1, 1), None)
    found = practices.of_pcn(pcn, BASIS)
    assert [line.words for line in found.lines] == [practices.NO_LIST, practices.PART,
                                                    "Like the others"]  # fmt: skip
    assert found.lines[0].rate.reason == practices.NO_LIST
    assert found.rate.value == 1


@pytest.mark.one_engine
def test_without_a_referral_nothing_is_compared(pcn: Any) -> None:
    practice(pcn, "Ash", 10_000)
    practice(pcn, "Birch", 0)
    found = practices.of_pcn(pcn, BASIS)
    assert [line.words for line in found.lines] == [practices.NO_REFERRALS, practices.NO_LIST]
    assert [line.rate.text(1) for line in found.lines] == ["0.0", "-"]
    assert practices.of_pcn(organisation("New PCN", OrganisationKind.PCN), BASIS).lines == ()


@pytest.mark.one_engine
def test_small_counts_are_withheld_and_what_would_give_them_away(pcn: Any) -> None:
    practice(pcn, "Ash", 20_000, 2)
    practice(pcn, "Birch", 10_000, 30)
    practice(pcn, "Cedar", 10_000, 40)
    found = practices.of_pcn(pcn, BASIS)
    assert [line.referrals for line in found.lines] == ["7 or fewer", "Withheld", "40"]
    assert [line.shown for line in found.lines] == [None, None, 40]
    # 36 are expected of Ash: that even 7 are far below says nothing new of how many there are.
    assert [line.words for line in found.lines][:2] == ["Far below the others", "Withheld"]
    assert not found.lines[0].rate.known


@pytest.mark.one_engine
def test_that_a_small_count_is_more_than_expected_is_withheld_too(pcn: Any) -> None:
    practice(pcn, "Ash", 500, 7)
    practice(pcn, "Birch", 40_000, 9)
    practice(pcn, "Cedar", 40_000, 9)
    [ash, *_] = practices.of_pcn(pcn, BASIS).lines
    assert ash.words == "7 or fewer"


@pytest.mark.one_engine
def test_a_practice_is_counted_by_what_it_referred_in_the_year_and_an_error_nowhere(
    pcn: Any,
) -> None:
    birch = practice(pcn, "Birch", 5_000)
    for moment in (FIRST - MINUTE, FIRST, AFTER - MINUTE, AFTER):
        sent(birch, moment)
    sent(birch, FIRST, closed_at=AFTER, close_reason=CloseReason.OPENED_IN_ERROR)
    assert practices.referred(pcn.id, BASIS) == [practices.Referred("Birch", 2, 5_000, part=False)]


def test_a_practice_that_moved_in_the_year_is_still_among_those_of_its_old_pcn(pcn: Any) -> None:
    other = organisation("Other PCN", OrganisationKind.PCN)
    for name, last in (("Birch", YEAR.start), ("Ash", YEAR.start - timedelta(days=1))):
        stayed(practice(other, name), pcn, date(2020, 1, 1), last)
    found = practices.referred(pcn.id, BASIS)
    assert [(row.practice, row.part) for row in found] == [("Birch", True)]


def test_the_list_size_is_that_of_the_day(pcn: Any) -> None:
    birch = practice(pcn, "Birch", 5_000)
    listed(birch, 6_000, date(2026, 7, 1))
    on = Basis(YEAR, date(2026, 6, 30), Scope.ALL)
    assert practices.referred(pcn.id, on)[0].patients == 5_000
    assert practices.referred(pcn.id, BASIS)[0].patients == 6_000


@pytest.mark.one_engine
def test_practices_that_differ_more_than_by_chance_have_wider_limits(pcn: Any) -> None:
    for number in range(10):
        practice(pcn, f"Practice {number}", 5_000, 10 if number % 2 else 40)
    found = practices.of_pcn(pcn, BASIS)
    low, _ = fairness.limits(25, fairness.Z_95)
    assert found.phi > 1
    assert (found.lines[0].low.value or 0) < low


@pytest.mark.one_engine
def test_how_a_withheld_sum_is_made_up_changes_nothing_that_is_printed(pcn: Any) -> None:
    for number in range(10):
        practice(pcn, f"Practice {number}", 5_000, 10 if number % 2 else 40)
    small = [practice(pcn, name, 5_000, count) for name, count in (("Ash", 2), ("Birch", 7))]
    before = practices.of_pcn(pcn, BASIS)
    many(small[0], 2)
    for one in db.session.scalars(select(Referral).filter_by(practice_id=small[1].id).limit(2)):
        db.session.delete(one)
    db.session.flush()
    assert practices.of_pcn(pcn, BASIS) == before
    assert [line.referrals for line in before.lines[:2]] == ["7 or fewer", "7 or fewer"]
    assert before.phi > 1
