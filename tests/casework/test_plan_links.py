"""The person’s own door to their plan: a link, their date of birth, five tries."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import (
    answer_links,
    cases,
    goal_actions,
    goals,
    plan_links,
    plans,
    shared_links,
)
from linkwork.casework.plan_links import MOST_TICKS, MOST_TRIES, WrongAnswer
from linkwork.casework.shared_links import GOOD_FOR, LinkOver
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    ActionOwner,
    AuditEntry,
    CloseReason,
    CoverReason,
    LinkPurpose,
    SharedLink,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)
BORN, WRONG = date(1954, 3, 12), date(1954, 3, 13)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    made = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 3 * DAY)
    goals.write(made, "I want to sing again", by=cast.amina, at=NOW)
    plans.agree(made, on=TODAY, review_on=TODAY + 42 * DAY, by=cast.amina, now=NOW)
    return made


@pytest.fixture
def link(case: SupportCase, cast: Cast) -> SharedLink:
    return plan_links.share(case, by=cast.amina, at=NOW)


def refused(link: SharedLink, times: int) -> None:
    for _ in range(times):
        with pytest.raises(RuleBroken):
            plan_links.prove(link, WRONG, at=NOW)


def events() -> list[str]:
    db.session.commit()
    found = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number))
    return [event for event in found if event.startswith("shared_link")]


def test_there_is_one_link_until_it_is_taken_back(case: SupportCase, cast: Cast) -> None:
    first = plan_links.share(case, by=cast.amina, at=NOW)
    assert plan_links.share(case, by=cast.ben, at=NOW) is first
    for _ in range(2):
        plan_links.revoke(case, by=cast.amina, at=NOW)
    assert plan_links.current(case, at=NOW) is None
    second = plan_links.share(case, by=cast.amina, at=NOW)
    assert second.key != first.key
    with pytest.raises(LinkOver):
        plan_links.follow(shared_links.token(first), at=NOW)
    assert plan_links.follow(shared_links.token(second), at=NOW) is second
    assert events() == ["shared_link.made", "shared_link.revoked", "shared_link.made"]


def test_a_plan_that_is_not_agreed_is_not_shared(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="Agree the plan first"):
        plan_links.share(case, by=cast.amina, at=NOW)


def test_whoever_knows_the_date_of_birth_is_let_in_and_it_is_noted(link: SharedLink) -> None:
    refused(link, MOST_TRIES - 1)
    plan_links.prove(link, BORN, at=NOW)
    assert link.last_opened_at == NOW
    assert events()[-2:] == ["shared_link.refused", "shared_link.opened"]


def test_a_right_answer_in_between_gives_nobody_more_tries(link: SharedLink) -> None:
    refused(link, MOST_TRIES - 1)
    plan_links.prove(link, BORN, at=NOW)
    refused(link, 1)
    assert plan_links.is_locked(link)


def test_a_wrong_answer_says_how_many_tries_are_left(link: SharedLink) -> None:
    refused(link, 2)
    with pytest.raises(WrongAnswer, match="You have 2 more tries"):
        plan_links.prove(link, WRONG, at=NOW)
    with pytest.raises(WrongAnswer, match="You have 1 more try"):
        plan_links.prove(link, WRONG, at=NOW)


def test_five_wrong_answers_lock_the_link_until_the_worker_makes_another(
    case: SupportCase, link: SharedLink, cast: Cast
) -> None:
    refused(link, MOST_TRIES)
    with pytest.raises(LinkOver, match="locked"):
        plan_links.prove(link, BORN, at=NOW)  # who knows it now is too late
    with pytest.raises(LinkOver):
        plan_links.follow(shared_links.token(link), at=NOW)
    fresh = plan_links.share(case, by=cast.amina, at=NOW)
    assert fresh.key != link.key
    plan_links.prove(fresh, BORN, at=NOW)
    assert shared_links.of_case(case, LinkPurpose.PLAN, at=NOW) == [fresh]


def test_a_link_ends_at_its_very_moment(link: SharedLink) -> None:
    ends = NOW + GOOD_FOR[LinkPurpose.PLAN]
    given = shared_links.token(link)
    assert plan_links.follow(given, at=ends - timedelta(microseconds=1)) is link
    with pytest.raises(LinkOver):
        plan_links.follow(given, at=ends)


def test_the_link_of_another_purpose_opens_no_plan(case: SupportCase, cast: Cast) -> None:
    answer = shared_links.make(case, LinkPurpose.ANSWER, by=cast.amina, at=NOW)
    with pytest.raises(NotYours):
        plan_links.follow(shared_links.token(answer), at=NOW)


@pytest.mark.parametrize("reason", CloseReason)
@pytest.mark.one_engine
def test_a_plan_outlives_its_case_but_not_a_death_or_an_error(
    link: SharedLink, reason: CloseReason
) -> None:
    link.case.closed_at, link.case.close_reason = NOW, reason
    given = shared_links.token(link)
    if reason in (CloseReason.DIED, CloseReason.OPENED_IN_ERROR):
        with pytest.raises(LinkOver):
            plan_links.follow(given, at=NOW)
    else:
        assert plan_links.follow(given, at=NOW) is link


def test_after_a_death_in_another_case_the_link_is_over(link: SharedLink) -> None:
    link.case.person.died_on = TODAY
    with pytest.raises(LinkOver):
        plan_links.follow(shared_links.token(link), at=NOW)


def test_the_person_ticks_what_is_theirs_and_nothing_else(
    case: SupportCase, link: SharedLink, cast: Cast
) -> None:
    (goal,) = goals.of_case(case)
    theirs, mine = (
        goal_actions.add(goal, "Ring", owner=owner, by=cast.amina, at=NOW)
        for owner in (ActionOwner.PERSON, ActionOwner.WORKER)
    )
    elsewhere = make.case(cast.northside, worker=cast.amina)
    other = goals.write(elsewhere, "Company", by=cast.amina, at=NOW)
    foreign = goal_actions.add(other, "Ring", owner=ActionOwner.PERSON, by=cast.amina, at=NOW)
    plan_links.tick(link, theirs.key, is_done=True, at=NOW)
    assert (theirs.done_at, theirs.done_by_id) == (NOW, None)
    plan_links.tick(link, theirs.key, is_done=False, at=NOW)
    assert theirs.done_at is None
    for key in (mine.key, foreign.key, "unknown", "\0", ""):
        with pytest.raises(NotYours):
            plan_links.tick(link, key, is_done=True, at=NOW)


def test_the_person_is_told_who_looked_by_role_and_day_and_never_by_name(
    case: SupportCase, cast: Cast
) -> None:
    db.session.commit()
    cases.open(case, by=cast.ben)
    cases.cover(case, CoverReason.COVER, by=cast.ben, on=TODAY)
    db.session.commit()
    case.person.practice = cast.birch
    found = {(look.who, look.where): look for look in plan_links.looks(case.person)}
    worker = found["Link worker", "Northside PCN"]
    assert (worker.on, worker.times, worker.changed) == (TODAY, 2, True)
    assert not [name for name in ("Ben", "Amina") if name in str(found)]


def test_what_is_only_read_is_said_to_be_read(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for _ in range(30):
        cases.open(case, by=cast.supervisor)
    db.session.commit()
    (look,) = plan_links.looks(case.person)
    assert (look.who, look.times, look.changed) == ("Supervisor", plan_links.COUNTED_TO, False)


def test_the_link_itself_is_seen_to_be_opened(link: SharedLink) -> None:
    refused(link, 1)
    plan_links.prove(link, BORN, at=NOW)
    db.session.commit()
    newest = plan_links.looks(link.case.person)[0]
    assert (newest.who, newest.where, newest.times) == (plan_links.BY_LINK, "", 1)


def test_a_user_who_is_gone_has_still_looked(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    cases.open(case, by=cast.amina)
    db.session.commit()
    assert not plan_links.looks(make.case(cast.northside).person)
    (look,) = plan_links.looks(case.person)
    assert look.where == "Northside PCN"


def test_an_activity_that_was_shown_the_details_is_among_those_who_looked(
    case: SupportCase, cast: Cast
) -> None:
    onward = make.onward_referral(case, by=cast.amina, sent_at=NOW)
    given = shared_links.make(case, LinkPurpose.ANSWER, onward=onward, by=cast.ben, at=NOW)
    for by in (None, None, cast.supervisor):
        answer_links.reveal(given, by=by, at=NOW)
        db.session.commit()
    looks = {look.who: look for look in plan_links.looks(case.person)}
    activity, colleague = looks["An activity you agreed to"], looks["Supervisor"]
    assert (activity.where, activity.times, activity.changed) == ("", 2, False)
    assert activity.read == "read what was sent to them"
    assert (colleague.times, colleague.changed, colleague.read) == (1, False, "opened it")


# Every event whose name says that somebody did no more than look.
LOOKING = ("opened", "covered", "taken", "downloaded", "read", "history_opened", "revealed")


def test_reading_is_never_said_to_be_writing(cast: Cast) -> None:
    looking = [event for event in Event if event.rpartition(".")[2] in LOOKING]
    looking.append(Event.CALENDAR_EXPORTED)  # what somebody took along they have read
    assert set(looking) == plan_links.READING
    case = make.case(cast.northside, worker=cast.amina)
    for event in looking:
        audit.record(event, case, by=cast.amina, person_id=case.person_id)
    db.session.commit()
    (look,) = plan_links.looks(case.person)
    assert (look.times, look.changed) == (len(looking), False)
    audit.record(Event.GOAL_WRITTEN, case, by=cast.amina, person_id=case.person_id)
    db.session.commit()
    (look,) = plan_links.looks(case.person)
    assert (look.times, look.changed) == (len(looking), True)


def test_one_action_is_not_ticked_without_end(
    case: SupportCase, link: SharedLink, cast: Cast
) -> None:
    (goal,) = goals.of_case(case)
    theirs, other = (
        goal_actions.add(goal, what, owner=ActionOwner.PERSON, by=cast.amina, at=NOW)
        for what in ("Ring", "Go")
    )
    for number in range(MOST_TICKS):
        plan_links.tick(link, theirs.key, is_done=number % 2 == 0, at=NOW)
    db.session.commit()
    with pytest.raises(RuleBroken, match="Tell your link worker"):
        plan_links.tick(link, theirs.key, is_done=True, at=NOW)
    plan_links.tick(link, other.key, is_done=True, at=NOW)
    goal_actions.done(theirs, by=cast.amina, at=NOW)
