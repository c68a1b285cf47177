"""Plans: agreed with the person, given to them, and looked at again when they said."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import goals
from linkwork.casework.cases import hold, must_be_open
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import CopyHow, OnwardReferral, Plan, PlanReview, Service, SupportCase, User

NOON = time(12, 0)
FARTHEST_REVIEW = timedelta(days=366)
MOST_ACTIVITIES = 20
NOT_AGREED = "Agree the plan first."


def agree(case: SupportCase, *, on: date, review_on: date, by: User, now: datetime) -> Plan:
    """Note that the person and their worker agreed the plan on a day, and when they review it.

    Agreeing twice is agreeing once. Raises ``RuleBroken`` without a conversation before it,
    without a goal, for a day to come, or a review that is past or more than a year ahead.
    """
    hold(case)
    must_be_open(case)
    known = of_case(case)
    if known is not None:
        if known.review_on == review_on:
            return known
        raise RuleBroken("This plan is already agreed. Record a review to change when it is next.")
    if not any(goal.set_aside_at is None for goal in goals.of_case(case)):
        raise RuleBroken("Write at least one goal first, in the person’s own words.")
    _must_be_ahead(review_on, now)
    at = _agreed_at(case, on, now)
    plan = Plan(case=case, agreed_at=at, agreed_by_id=by.id, review_on=review_on)
    db.session.add(plan)
    case.plan_agreed_at = min(at, case.plan_agreed_at or at)
    audit.record(Event.PLAN_AGREED, plan, by=by, person_id=case.person_id)
    return plan


def give_copy(plan: Plan, how: CopyHow, *, by: User, at: datetime) -> None:
    """Note that the person was given their plan, and how. The latest copy is the one shown."""
    _hold(plan)
    given_on = plan.copy_given_at and clock.london(plan.copy_given_at).date()
    if plan.copy_how is how and given_on == clock.london(at).date():
        return
    plan.copy_given_at, plan.copy_how = at, how
    audit.record(Event.PLAN_COPIED, plan, by=by, person_id=plan.case.person_id, how=how.value)


def review(
    plan: Plan, what_changed: str, *, review_on: date | None, by: User, at: datetime
) -> PlanReview:
    """Note that the plan was looked at again, what changed, and when it is next.

    ``review_on`` None is the last review. The same review sent twice on a day is one. Raises
    ``RuleBroken`` without words, or for a next review that is past or more than a year ahead.
    """
    _hold(plan)
    if not what_changed.strip():
        raise RuleBroken("Say what changed, or that nothing did.")
    today = clock.london(at).date()
    for last in plan.reviews[:1]:
        said = (last.what_changed, last.review_on, clock.london(last.at).date())
        if said == (what_changed, review_on, today):
            return last
    if review_on is not None:
        _must_be_ahead(review_on, at)
    made = PlanReview(
        plan_id=plan.id, at=at, by_id=by.id, what_changed=what_changed, review_on=review_on
    )
    db.session.add(made)
    plan.reviewed_at, plan.review_on = at, review_on
    audit.record(Event.PLAN_REVIEWED, plan, by=by, person_id=plan.case.person_id)
    db.session.expire(plan, ["reviews"])
    return made


def of_case(case: SupportCase) -> Plan | None:
    """The plan of a case with its reviews, newest first; None until it is agreed."""
    query = select(Plan).where(Plan.case_id == case.id)
    reviews = joinedload(Plan.reviews).options(joinedload(PlanReview.by).options(*goals.BARE))
    loaded = query.options(reviews)
    return db.session.scalars(loaded).unique().one_or_none()


def activities(case: SupportCase) -> Sequence[OnwardReferral]:
    """What the person agreed to go to and has not finished with, at most 20, with the activity."""
    service = joinedload(OnwardReferral.service)
    query = (
        select(OnwardReferral)
        .where(
            OnwardReferral.case_id == case.id,
            OnwardReferral.agreed_at.is_not(None),
            OnwardReferral.is_open,
        )
        .options(service.selectinload(Service.schedules), service.selectinload(Service.places_at))
        .order_by(OnwardReferral.id)
        .limit(MOST_ACTIVITIES)
    )
    return db.session.scalars(query).unique().all()


def _hold(plan: Plan) -> None:
    """Hold the case first, always, so that no two changes wait for each other."""
    hold(plan.case)
    db.session.refresh(plan)
    must_be_open(plan.case)


def _agreed_at(case: SupportCase, on: date, now: datetime) -> datetime:
    if case.first_conversation_at is None:
        raise RuleBroken("Record a conversation first: a plan is agreed by talking about it.")
    if on > clock.london(now).date():
        raise RuleBroken("The plan cannot be agreed in the future. Check its date.")
    if on < clock.london(case.first_conversation_at).date():
        raise RuleBroken("The plan cannot be agreed before the first conversation.")
    at = min(clock.utc(datetime.combine(on, NOON)), now)
    return max(at, case.first_conversation_at)


def _must_be_ahead(review_on: date, now: datetime) -> None:
    today = clock.london(now).date()
    if review_on <= today:
        raise RuleBroken("The review must be after today.")
    if review_on > today + FARTHEST_REVIEW:
        raise RuleBroken("The review must be within a year. Check its date.")
