"""Today: which list a case is in, what is put off, and when there is room for somebody new."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import cases, contacts, snoozes, today
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    ContactKind,
    ContactMode,
    ContactOutcome,
    Plan,
    SnoozeReason,
    SupportCase,
    TodayList,
)
from tests import cast as make
from tests.casework.test_caseload import a_busy_team
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import plan_of, watching

DAY = timedelta(days=1)


def mine(cast: Cast, **facts: Any) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, **facts)


def talked(cast: Cast, times: int, **facts: Any) -> SupportCase:
    case = mine(cast, first_conversation_at=NOW - 5 * DAY, last_contact_at=NOW - DAY, **facts)
    for _ in range(times):
        make.contact(case, by=cast.amina)
    return case


def lists(user: Any, **asked: Any) -> dict[str, list[Any]]:
    day = today.day(user, at=NOW, **asked)
    found = {one.on_list.value: [row.record for row in one.rows] for one in day.listings}
    found.pop("supervision", None)  # none is recorded for anybody here
    return found


def put_off(cast: Cast, case: SupportCase, kind: TodayList, days: int = 2) -> Any:
    return snoozes.put_off(
        kind,
        case.key,
        case=case,
        reason=SnoozeReason.AWAY,
        until_on=TODAY + days * DAY,
        by=cast.amina,
        at=NOW,
    )


def test_whom_nobody_has_talked_to_yet_is_new_and_the_newest_comes_first(cast: Cast) -> None:
    older = mine(cast, accepted_at=NOW - 3 * DAY)
    newer = mine(cast, accepted_at=NOW - DAY)
    make.case(cast.northside, worker=cast.ben)
    mine(cast, paused_at=NOW)
    assert lists(cast.amina) == {"new": [newer, older]}


def test_somebody_tried_and_booked_for_a_later_day_wants_nothing_today(cast: Cast) -> None:
    case = mine(cast, next_action_on=TODAY + DAY)
    unreached = {"kind": ContactKind.ATTEMPT, "outcome": ContactOutcome.NO_REPLY}
    make.contact(case, by=cast.amina, **unreached)
    assert lists(cast.amina) == {}
    case.next_action_on = TODAY
    assert lists(cast.amina) == {"call_back": [case]}
    case.next_action_on = None
    assert lists(cast.amina) == {"nothing_booked": [case]}


def test_who_waits_over_four_weeks_is_shown_taken_on_or_not(cast: Cast) -> None:
    own = mine(cast, opened_at=NOW - 40 * DAY)
    nobodys = make.case(cast.northside, opened_at=NOW - 28 * DAY)
    make.case(cast.northside, opened_at=NOW - 27 * DAY)
    make.case(cast.northside, worker=cast.ben, opened_at=NOW - 90 * DAY)
    make.case(cast.southside, opened_at=NOW - 90 * DAY)
    assert lists(cast.amina) == {"over_target": [own, nobodys]}
    assert lists(cast.supervisor) == {"over_target": [nobodys]}


def test_a_call_back_is_due_from_its_day_on(cast: Cast) -> None:
    late = talked(cast, 4, next_action_on=TODAY - 3 * DAY)
    due = talked(cast, 1, next_action_on=TODAY)
    talked(cast, 1, next_action_on=TODAY + DAY)
    assert lists(cast.amina) == {"call_back": [late, due]}


def test_after_one_or_two_conversations_something_should_be_booked(cast: Cast) -> None:
    once, twice = talked(cast, 1), talked(cast, 2)
    talked(cast, 3)
    assert lists(cast.amina) == {"nothing_booked": [once, twice]}


def test_a_task_is_on_the_list_of_whoever_promised_it(cast: Cast) -> None:
    of_bens = make.case(cast.northside, worker=cast.ben, first_conversation_at=NOW)
    own = make.task(of_bens, owner=cast.amina)
    make.task(of_bens)
    make.task(of_bens, owner=cast.amina, due_on=TODAY + DAY)
    make.task(of_bens, owner=cast.amina, done_at=NOW)
    assert lists(cast.amina) == {"task": [own]}
    of_bens.closed_at = NOW
    assert lists(cast.amina) == {}


def test_an_activity_that_has_not_answered_for_ten_days_is_silent(cast: Cast) -> None:
    case = talked(cast, 3)
    sent = NOW - 10 * DAY
    silent = make.onward_referral(case, by=cast.amina, sent_at=sent)
    make.onward_referral(case, by=cast.amina, sent_at=sent, chased_at=NOW - DAY)
    make.onward_referral(case, by=cast.amina, sent_at=sent, waitlisted_at=NOW)
    make.onward_referral(case, by=cast.amina, sent_at=sent, cancelled_at=NOW)
    make.onward_referral(case, by=cast.amina, sent_at=NOW - 9 * DAY)
    assert lists(cast.amina) == {"silent": [silent]}


def test_after_a_first_session_we_ask_whether_they_went(cast: Cast) -> None:
    case, sent = talked(cast, 3), {"sent_at": NOW - 30 * DAY}
    taken = {**sent, "accepted_at": NOW - 20 * DAY}
    past = make.onward_referral(case, by=cast.amina, **taken, first_session_on=TODAY - DAY)
    make.onward_referral(case, by=cast.amina, **taken, first_session_on=TODAY)
    went = {"first_session_on": TODAY - DAY, "first_attended_at": NOW}
    make.onward_referral(case, by=cast.amina, **taken, **went)
    assert lists(cast.amina) == {"perhaps_gone": [past]}


def test_a_plan_whose_review_is_due_is_shown_beside_the_call_back(cast: Cast) -> None:
    case = talked(cast, 3, next_action_on=TODAY)
    plan = Plan(case_id=case.id, agreed_at=NOW, agreed_by_id=cast.amina.id, review_on=TODAY)
    db.session.add(plan)
    assert lists(cast.amina) == {"call_back": [case], "review": [case]}
    later = talked(cast, 3, next_action_on=TODAY)
    first = Plan(case_id=later.id, agreed_at=NOW, agreed_by_id=cast.amina.id)
    first.review_on = TODAY - DAY
    db.session.add(first)
    assert lists(cast.amina)["review"] == [later, case]
    later.paused_at = NOW
    plan.review_on = TODAY + DAY
    assert lists(cast.amina) == {"call_back": [case, later]}, "paused, but put down for today"
    later.next_action_on = TODAY + DAY
    assert lists(cast.amina) == {"call_back": [case]}


def test_ten_rows_are_shown_and_all_are_counted(cast: Cast) -> None:
    for _ in range(12):
        mine(cast)
    listing = today.day(cast.amina, at=NOW).listings[0]
    assert (len(listing.rows), listing.total) == (10, 12)
    listing = today.day(cast.amina, at=NOW, everything_of=TodayList.NEW).listings[0]
    assert (len(listing.rows), listing.total) == (12, 12)


def test_nobody_sees_a_day_of_cases_they_may_not_work(cast: Cast) -> None:
    make.case(cast.northside, opened_at=NOW - 90 * DAY)
    for name in ("dev", "lead", "admin", "caldicott", "hub_worker", "peer_coordinator"):
        assert today.day(cast.users[name], at=NOW).listings == [], name


def test_what_is_put_off_is_gone_for_oneself_and_comes_back_by_itself(cast: Cast) -> None:
    case = make.case(cast.northside, opened_at=NOW - 40 * DAY)
    put_off(cast, case, TodayList.OVER_TARGET)
    assert lists(cast.amina) == {}
    assert lists(cast.ben) == {"over_target": [case]}
    [one] = today.day(cast.amina, at=NOW + DAY).put_off
    assert (one.reason, one.case) == (SnoozeReason.AWAY, case)
    assert today.day(cast.amina, at=NOW + 2 * DAY).listings[0].total == 1
    assert today.day(cast.amina, at=NOW + 2 * DAY).put_off == []


def test_what_was_put_off_can_be_brought_back_and_both_are_audited(cast: Cast) -> None:
    case = mine(cast)
    put_off(cast, case, TodayList.NEW)
    put_off(cast, case, TodayList.NEW, days=5)
    assert len(today.day(cast.amina, at=NOW).put_off) == 1
    for _ in range(2):
        snoozes.bring_back(TodayList.NEW, case.key, case=case, by=cast.amina, at=NOW)
    db.session.commit()
    assert lists(cast.amina) == {"new": [case]}
    events = select(AuditEntry.event, func.count()).group_by(AuditEntry.event)
    assert dict(db.session.execute(events).all()) == {
        "today.put_off": 2,
        "today.brought_back": 1,
    }


def test_a_case_that_moves_to_another_list_is_shown_though_it_was_put_off(cast: Cast) -> None:
    case = talked(cast, 1)
    put_off(cast, case, TodayList.NOTHING_BOOKED)
    case.next_action_on = TODAY
    assert lists(cast.amina) == {"call_back": [case]}


@pytest.mark.parametrize(
    ("days", "says"), [(0, "after today"), (-3, "after"), (93, "three months")]
)
def test_a_row_is_put_off_to_a_day_ahead_within_three_months(
    cast: Cast, days: int, says: str
) -> None:
    with pytest.raises(RuleBroken, match=says):
        put_off(cast, mine(cast), TodayList.NEW, days)


def test_the_header_counts_points_and_people_and_finds_the_next_free_day(cast: Cast) -> None:
    make.post(cast.amina, "0.5")
    mine(cast, complexity="complex", next_action_on=TODAY + DAY)
    mine(cast, complexity="light", first_conversation_at=NOW)
    mine(cast, next_action_on=TODAY)
    day = today.day(cast.amina, at=NOW)
    assert day.load is not None
    assert day.load.sentence == "3.25 of 20 points, 3 people"
    # Thursday is taken, and who is to be rung today may need Friday.
    assert day.free_on == date(2026, 11, 23)


def test_somebody_without_a_post_has_no_room_and_without_cases_no_load(cast: Cast) -> None:
    assert today.day(cast.supervisor, at=NOW).load is None
    mine(cast)
    day = today.day(cast.amina, at=NOW)
    assert (day.load and day.load.limit, day.free_on) == (0, None)


def test_a_row_goes_once_what_it_asks_for_is_done(cast: Cast) -> None:
    case = mine(cast)
    said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
    contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)
    assert lists(cast.amina) == {"nothing_booked": [case]}
    cases.book(case, "Ring", TODAY + DAY, by=cast.amina, at=NOW)
    assert lists(cast.amina) == {}


def test_supervision_that_is_due_is_asked_for_until_it_is_put_off(cast: Cast) -> None:
    def found() -> list[TodayList]:
        return [listing.on_list for listing in today.day(cast.amina, at=NOW).listings]

    assert found() == [TodayList.SUPERVISION]
    about = {"case": None, "reason": SnoozeReason.IN_HAND, "until_on": TODAY + DAY}
    me = cast.amina
    snoozes.put_off(TodayList.SUPERVISION, me.key, **about, by=me, at=NOW)
    assert found() == []
    assert today.day(cast.amina, at=NOW).put_off[0].case is None


@pytest.mark.parametrize("days", [-1, 367])
def test_a_next_step_is_booked_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(RuleBroken, match="within a year"):
        cases.book(mine(cast), "Ring", TODAY + days * DAY, by=cast.amina, at=NOW)


def test_a_day_is_found_by_its_indexes(cast: Cast) -> None:
    a_busy_team(cast)
    with watching() as asked:
        today.day(cast.amina, at=NOW)
    plans = "\n".join(plan_of(*one) for one in asked)
    assert "ix_support_case_desk" in plans
    for whole in ("SCAN support_case", "Seq Scan on support_case", "SCAN task", "SCAN contact"):
        assert whole not in plans


def test_a_day_is_read_in_eight_queries_however_full_it_is(cast: Cast) -> None:
    for _ in range(12):
        case = talked(cast, 2)
        make.task(case)
        make.onward_referral(case, by=cast.amina, sent_at=NOW - 20 * DAY)
        put_off(cast, mine(cast), TodayList.NEW)
        make.case(cast.northside, opened_at=NOW - 40 * DAY)
    db.session.commit()
    me = cast.amina
    _ = me.roles, me.organisation.kind
    with watching() as asked:
        day = today.day(me, at=NOW)
        for listing in day.listings:
            _ = [row.case.person.name for row in listing.rows if row.case]
        _ = [one.case.person.name for one in day.put_off if one.case]
    assert len(asked) <= 8
