"""The funnel of a year: it is a plain recount, and every loss has its reason."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    ContactKind,
    ContactMode,
    ContactOutcome,
    DeclineReason,
    OrganisationKind,
    ReferralSource,
    Role,
)
from linkwork.reports import flows, funnels
from linkwork.reports.basis import Basis
from linkwork.reports.funnels import LossKind, StepCode
from tests.cast import case, contact, organisation, person, referral, user
from tests.statements import watching

YEAR = FinancialYear(2026)
APRIL = datetime(2026, 3, 31, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def basis(as_of: date = date(2026, 11, 18)) -> Basis:
    return Basis(YEAR, as_of, Scope.ALL)


@dataclass
class Episode:
    """A case as this test makes it; each moment is a number of days after 1 April, or None."""

    person: int
    referred: int
    again: int | None
    replied: int | None
    started: int | None
    planned: int | None
    connected: int | None
    declined: int | None
    closed: int | None
    decline_reason: DeclineReason
    close_reason: CloseReason

    def by(self, last: int, moment: int | None) -> bool:
        return moment is not None and moment <= last


later = st.none() | st.integers(0, 12)
episodes = st.lists(
    st.builds(
        Episode, st.integers(0, 3), st.integers(-2, 9), later, later, later, later, later,
        st.none() | st.integers(0, 12), later, st.sampled_from(DeclineReason),
        st.sampled_from(CloseReason),
    ),
    max_size=8,
)  # fmt: skip


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def at(days: int | None) -> datetime | None:
    return None if days is None else APRIL + days * DAY


def stored(made: list[Episode], pcn: Any) -> None:
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    worker = user("Amina Okafor", pcn, Role.LINK_WORKER)
    people = [person() for _ in range(4)]
    db.session.flush()
    for one in made:
        of = case(
            pcn, person=people[one.person], opened_at=at(one.referred),
            first_conversation_at=at(one.started), plan_agreed_at=at(one.planned),
            connected_at=at(one.connected), declined_at=at(one.declined),
            decline_reason=one.decline_reason if one.declined is not None else None,
            closed_at=at(one.closed),
            close_reason=one.close_reason if one.closed is not None else None,
        )  # fmt: skip
        for moment in filter(lambda day: day is not None, [one.referred, one.again]):
            referral(practice, case=of, referred_at=at(moment))
        if one.replied is not None:
            contact(of, by=worker, at=at(one.replied), mode=ContactMode.TEXT)


def recounted(made: list[Episode], last: int) -> dict[str, Any]:
    """The funnel by hand: reached and lost at each step, one referral after the other."""
    reached: Counter[StepCode] = Counter()
    lost: Counter[tuple[StepCode, LossKind, Any]] = Counter()
    for one in made:
        if one.closed is not None and one.close_reason is CloseReason.OPENED_IN_ERROR:
            continue
        received = sorted(day for day in (one.referred, one.again) if day is not None)
        for number, day in enumerate(received):
            if not 0 <= day <= last:
                continue
            reached[StepCode.REFERRED] += 1
            if number:
                lost[StepCode.CONTACTED, LossKind.REPEATED, None] += 1
                continue
            marks = _marks(one, last)
            for step, mark in marks.items():
                reached[step] += mark
            order = [(StepCode.REFERRED, True), *marks.items()]
            for (_, had), (step, has) in pairwise(order):
                if had and not has:
                    lost[step, *_reason(one, last)] += 1
    return {"reached": reached, "lost": lost}


def _marks(one: Episode, last: int) -> dict[StepCode, bool]:
    started = one.by(last, one.started)
    done = one.by(last, one.closed) and one.close_reason is CloseReason.PLAN_COMPLETED
    return {
        StepCode.CONTACTED: started or one.by(last, one.replied),
        StepCode.STARTED: started,
        StepCode.PLANNED: started and one.by(last, one.planned),
        StepCode.CONNECTED: started and one.by(last, one.connected),
        StepCode.COMPLETED: started and done,
    }


def _reason(one: Episode, last: int) -> tuple[LossKind, Any]:
    if one.by(last, one.declined):
        return LossKind.DECLINED, one.decline_reason
    if one.by(last, one.closed):
        return LossKind.CLOSED, one.close_reason
    return LossKind.OPEN, None


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=15,
    deadline=None,
)
@given(made=episodes, last=st.integers(0, 9))
def test_the_funnel_is_a_plain_recount(app: Flask, made: list[Episode], last: int) -> None:
    try:
        pcn = organisation("Northside PCN", OrganisationKind.PCN)
        db.session.flush()
        stored(made, pcn)
        then = basis(YEAR.start + last * DAY)
        found = funnels.of_pcn(pcn, then, flows.of_pcn(pcn.id, then))
        by_hand = recounted(made, last)
        assert {step.code: step.cases for step in found.steps} == {
            code: by_hand["reached"][code] for code in StepCode
        }
        losses = {
            (loss.step, loss.kind, loss.reason): loss.cases
            for step in found.steps
            for loss in step.losses
        }
        assert losses == dict(by_hand["lost"])
        for earlier, step in pairwise(found.steps):
            assert step.before == earlier.cases
            assert step.passed + sum(loss.cases for loss in step.losses) == step.before
    finally:
        db.session.rollback()


@pytest.mark.one_engine
def test_without_a_referral_there_is_no_rate_and_it_says_why(pcn: Any) -> None:
    found = funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    assert [step.cases for step in found.steps] == [0] * 6
    assert {step.rate.reason for step in found.steps} == {funnels.NOBODY}
    assert {step.of_referred.reason for step in found.steps} == {funnels.NOBODY}


@pytest.mark.one_engine
def test_where_nobody_started_the_steps_after_have_no_rate(pcn: Any) -> None:
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    referral(practice)
    found = funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    assert found.step(StepCode.CONTACTED).rate.value == 0
    assert found.step(StepCode.PLANNED).rate.reason == funnels.NOBODY_BEFORE


@pytest.mark.one_engine
def test_every_loss_says_why_in_words(pcn: Any) -> None:
    of = {"closed_at": at(5), "close_reason": CloseReason.NO_CONTACT}
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    lost = [
        {}, of, of, {"declined_at": at(5), "decline_reason": DeclineReason.NOT_ELIGIBLE},
        {"first_conversation_at": at(4), **of, "close_reason": CloseReason.MOVED},
    ]  # fmt: skip
    for facts in lost:
        referral(practice, case=case(pcn, **facts), referred_at=at(3))
    found = funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    assert [(loss.text, loss.cases) for loss in found.step(StepCode.CONTACTED).losses] == [
        ("Closed: could not be reached (three attempts)", 2),
        ("Declined: outside our criteria", 1),
        ("Not yet: nobody has talked or written with them", 1),
    ]
    assert [loss.text for loss in found.step(StepCode.PLANNED).losses] == ["Closed: moved away"]


@pytest.mark.one_engine
def test_who_was_connected_without_a_plan_is_told_apart(pcn: Any) -> None:
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    of = case(pcn, first_conversation_at=at(4), connected_at=at(6))
    referral(practice, case=of, referred_at=at(3), source=ReferralSource.SELF)
    found = funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    step = found.step(StepCode.CONNECTED)
    assert (step.cases, step.passed, step.besides, step.before) == (1, 0, 1, 0)
    assert (step.of_referred.value, step.published) == (100, 38)
    assert [one for one in found.routes if one.referred] == [
        funnels.Route(ReferralSource.SELF, 1, 1)
    ]


def test_people_seen_are_different_people_who_talked_in_the_year_whenever_they_came(
    pcn: Any,
) -> None:
    worker = user("Amina Okafor", pcn, Role.LINK_WORKER)
    rosa, ivo = person("Rosa"), person("Ivo")
    long_since = {"first_conversation_at": APRIL - 40 * DAY}
    for whom, moments in ((rosa, [-3, 2, 9]), (rosa, [4]), (ivo, [5]), (person("Una"), [-1])):
        of = case(pcn, worker=worker, person=whom, **long_since)
        for days in moments:
            contact(of, by=worker, at=at(days))
    wrote = case(pcn, worker=worker, last_contact_at=at(3), **long_since)
    contact(wrote, by=worker, at=at(3), mode=ContactMode.EMAIL)
    tried = case(pcn, worker=worker)
    contact(tried, by=worker, at=at(3), kind=ContactKind.ATTEMPT, outcome=ContactOutcome.NO_REPLY)
    wrong = case(pcn, closed_at=at(9), close_reason=CloseReason.OPENED_IN_ERROR)
    contact(wrong, by=worker, at=at(3))
    done = {"closed_at": at(7), "close_reason": CloseReason.PLAN_COMPLETED, **long_since}
    case(pcn, **done)
    case(pcn, **{**done, "closed_at": at(-1)})
    contact(case(pcn, first_conversation_at=at(1)), by=worker, at=at(1))
    practice = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=pcn)
    fresh = case(pcn, first_conversation_at=at(2))
    referral(practice, case=fresh, referred_at=at(1))
    contact(fresh, by=worker, at=at(2))
    found = funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    assert (found.people_seen, found.carried, found.completed, found.caseload) == (4, 1, 1, 7)


@pytest.mark.one_engine
def test_the_funnel_asks_the_database_twice(pcn: Any) -> None:
    with watching() as statements:
        funnels.of_pcn(pcn, basis(), flows.of_pcn(pcn.id, basis()))
    assert len(statements) == 2
