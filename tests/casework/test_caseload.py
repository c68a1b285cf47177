"""What is on a desk, what waits, who is found, and how little that asks of the database."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from linkwork.casework import caseload
from linkwork.casework.caseload import Asked, Sort, View
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import CaseNeed, Need, Priority, Role, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import plan_of, watching

DAY = timedelta(days=1)


def desk(cast: Cast, **asked: Any) -> caseload.Desk:
    return caseload.desk(cast.amina, Asked(**asked), on=TODAY)


def mine(cast: Cast, **facts: Any) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, **facts)


def test_what_is_due_or_forgotten_needs_action(cast: Cast) -> None:
    late, today = mine(cast, next_action_on=TODAY - DAY), mine(cast, next_action_on=TODAY)
    forgotten = mine(cast)
    mine(cast, next_action_on=TODAY + DAY)
    mine(cast, paused_at=NOW)
    assert desk(cast).cases == [forgotten, late, today]


def test_every_tab_says_how_many_it_holds(cast: Cast) -> None:
    mine(cast)
    mine(cast, paused_at=NOW)
    mine(cast, first_conversation_at=NOW, next_action_on=TODAY + DAY)
    mine(cast, closed_at=NOW)
    mine(cast, declined_at=NOW)
    make.case(cast.northside)
    counts = desk(cast).counts
    assert counts == {
        View.NEEDS_ACTION: 1,
        View.OPEN: 3,
        View.NOT_STARTED: 1,
        View.PAUSED: 1,
        View.CLOSED: 1,
    }
    assert counts == {view: desk(cast, view=view).total for view in View}
    assert {v: len(desk(cast, view=v).cases) for v in View} == counts


def test_the_team_is_ones_own_pcn_and_no_other(cast: Cast) -> None:
    own = mine(cast)
    colleague = make.case(cast.northside, worker=cast.ben)
    make.case(cast.southside, worker=cast.cath)
    assert desk(cast).cases == [own]
    assert desk(cast, team=True).cases == [own, colleague]


def test_filters_narrow_the_list_and_its_counts(cast: Cast) -> None:
    soon = mine(cast, priority=Priority.SOON)
    needing = mine(cast)
    needing.needs.append(CaseNeed(need=Need.FOOD, seen_at=NOW))
    assert desk(cast, soon=True).cases == [soon]
    assert desk(cast, need="food").cases == [needing]
    assert desk(cast, need="food").counts[View.OPEN] == 1


def test_the_list_is_sorted_by_what_was_asked_either_way(cast: Cast) -> None:
    zoe = mine(cast, person=make.person("Zoe", "Adams"), last_contact_at=NOW)
    abe = mine(cast, person=make.person("Abe", "Zane"), last_contact_at=NOW - DAY)
    by_name = {"view": View.OPEN, "sort": Sort.NAME}
    assert desk(cast, **by_name).cases == [zoe, abe]
    assert desk(cast, **by_name, descending=True).cases == [abe, zoe]
    assert desk(cast, view=View.OPEN, sort=Sort.LAST).cases == [abe, zoe]


def test_a_page_past_the_end_is_the_last_page(cast: Cast) -> None:
    for _ in range(caseload.PAGE + 1):
        mine(cast)
    found = desk(cast, page=99)
    assert (found.page, len(found.cases), found.total) == (2, 1, caseload.PAGE + 1)
    assert caseload.waiting(cast.amina, page=99).page == 1


def test_those_to_be_seen_soon_wait_first_and_then_the_longest(cast: Cast) -> None:
    def waits(days: int, **facts: Any) -> Any:
        case = make.case(cast.northside, opened_at=NOW - days * DAY, **facts)
        return make.referral(cast.birch, case=case)

    short, long, soon = waits(1), waits(9), waits(0, priority=Priority.SOON)
    make.referral(cast.quay)
    make.referral(cast.birch, case=mine(cast))
    queue = caseload.waiting(cast.amina)
    assert (queue.referrals, queue.total) == ([soon, long, short], 3)


def test_somebody_referred_twice_waits_once(cast: Cast) -> None:
    first = make.referral(cast.birch)
    make.referral(cast.birch, case=first.case)
    assert caseload.waiting(cast.amina).referrals == [first]


@pytest.mark.parametrize(
    "words",
    [
        *("Quill", "qui", "rosa quill", "Quill, Rosa", "RÓSA", "Rosie"),
        *("999 000 0018", "9990000018", "07700 900123", "+44 7700 900123", "(07700) 900-123"),
    ],
)
def test_somebody_is_found_however_they_are_asked_for(cast: Cast, words: str) -> None:
    person = make.person(nhs_number="9990000018", preferred_name="Rosie")
    case = mine(cast, person=person)
    mine(cast, person=make.person("Ada", "Brook", phone=None))
    assert caseload.search(cast.amina, words) == [case]


@pytest.mark.parametrize("words", ["9990000018", "07700 900123", "Quill", "x", "🎉 x", "'; --x"])
def test_nobody_of_another_pcn_is_found(cast: Cast, words: str) -> None:
    make.case(cast.southside, person=make.person(nhs_number="9990000018"))
    assert caseload.search(cast.amina, words) == []


@pytest.mark.parametrize("words", ["", "  ", "🎉", "%", "_", "1234", "999 000"])
def test_a_search_for_nothing_says_what_to_type(cast: Cast, words: str) -> None:
    with pytest.raises(RuleBroken, match="Type a name"):
        caseload.search(cast.amina, words)


def test_a_wildcard_is_a_letter_like_any_other(cast: Cast) -> None:
    mine(cast)
    assert caseload.search(cast.amina, "%u_ll x") == []


def test_a_name_in_another_script_is_found(cast: Cast) -> None:
    person = make.person("مريم", "חיים")
    case = mine(cast, person=person)
    assert caseload.search(cast.amina, "חיים") == [case]


def test_a_desk_is_read_in_three_queries_however_full_it_is(cast: Cast) -> None:
    for _ in range(12):
        case = mine(cast)
        case.needs.append(CaseNeed(need=Need.FOOD, seen_at=NOW))
    db.session.commit()
    _ = cast.amina.roles, cast.amina.organisation.kind
    me = cast.amina
    db.session.expire_all()
    _ = me.roles, me.organisation.kind
    with watching() as asked:
        for case in desk(cast, team=True).cases:
            _ = case.person.name, [n.need for n in case.needs], case.worker and case.worker.name
    assert len(asked) == 3


def a_busy_team(cast: Cast) -> None:
    """Many cases of colleagues, open and closed, and one of one’s own."""
    who = mine(cast).person
    others = [make.user(f"Colleague {n}", cast.northside, Role.LINK_WORKER) for n in range(4)]
    db.session.flush()
    workers = [cast.ben.id, *(other.id for other in others)]
    facts = {"person_id": who.id, "organisation_id": cast.northside.id}
    moments = {"opened_at": NOW, "accepted_at": NOW, "first_conversation_at": NOW}
    many = [
        {**facts, **moments, "worker_id": workers[n % 5], "closed_at": NOW if n % 4 else None}
        for n in range(800)
    ]
    db.session.execute(insert(SupportCase), many)
    db.session.execute(text("ANALYZE support_case"))


def test_a_desk_is_found_by_its_index(cast: Cast) -> None:
    a_busy_team(cast)
    with watching() as asked:
        desk(cast)
    [(statement, values)] = [one for one in asked if "LIMIT" in one[0]]
    assert "ix_support_case_desk" in plan_of(statement, values)


def test_the_counts_of_a_desk_read_nobody_elses_history(cast: Cast) -> None:
    a_busy_team(cast)
    with watching() as asked:
        desk(cast)
    [(statement, values)] = [one for one in asked if "sum(" in one[0]]
    assert "ix_support_case_desk" in plan_of(statement, values)


def test_the_waiting_list_is_found_by_its_index(cast: Cast) -> None:
    make.referral(cast.birch)
    with watching() as asked:
        caseload.waiting(cast.amina)
    plans = "\n".join(plan_of(*one) for one in asked)
    assert "ix_support_case_" in plans
    assert "SCAN support_case" not in plans
    assert "Seq Scan" not in plans


def test_who_works_no_cases_has_an_empty_desk(cast: Cast) -> None:
    make.referral(cast.birch)
    for other in (cast.dev, cast.lead, cast.admin):
        assert caseload.desk(other, Asked(team=True, view=View.OPEN), on=TODAY).cases == []
        assert caseload.waiting(other).total == 0
        assert caseload.search(other, "Quill") == []
    assert db.session.scalars(select(SupportCase)).all()
