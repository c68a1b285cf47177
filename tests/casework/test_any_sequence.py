"""Whatever workers do and in whatever order, the rules that hold always hold.

Random sequences of the verbs of casework on one person’s cases: a verb either changes something
and leaves an entry in the audit trail, or it refuses and changes nothing.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork import clock as linkwork_clock
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import (
    allocation,
    cases,
    contacts,
    episodes,
    onward_referrals,
    referrals,
    withdrawals,
)
from linkwork.casework.contacts import Conversation
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CaseState,
    CloseReason,
    Complexity,
    Contact,
    ContactKind,
    ContactMode,
    ContactOutcome,
    DeclineReason,
    OnwardReferral,
    Priority,
    ReferralSource,
    Service,
    SupportCase,
    User,
    WithdrawReason,
)
from linkwork.models.contact import TWO_WAY
from linkwork.reports import frames
from tests import cast as make
from tests.casework.ending_on import VERBS as END_VERBS
from tests.casework.ending_on import end, of_ending
from tests.casework.following_on import Follower, of_onward
from tests.casework.putting_right import VERBS as RIGHT_VERBS
from tests.casework.putting_right import put_right
from tests.cast import Cast
from tests.conftest import NOW

ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number="9990000018")
CASE_VERBS = (
    "accept allocate decline pause resume weigh close reopen talk write try agree "
    "take_back_referral ask"
).split()
ONWARD_VERBS = (
    "send send_again chase answer provider_answers came missed provider_notes book arrange "
    "went_along call_off say_room renew take_back end cancel"
).split()
LIKELY = "talk agree send talk agree send provider_answers came".split()
RARELY_ENDED = [verb for verb in ONWARD_VERBS if verb not in ("end", "cancel")]
Step = tuple[str, int, int, int, int]
PASSED = st.sampled_from([0, 0, 0, 1, 1, 3, 14, 29])  # days that pass before
# Days ago that it happened, where a verb asks; below nought: to come.
AGO = st.sampled_from([0, 0, 0, 1, 1, 2, 5, 30, -1])
# The verb, which of the records there are, days passed, days ago, which choice of the verb.
STEP = st.tuples(
    st.sampled_from(
        ["refer", "refer", *CASE_VERBS, *END_VERBS, *RIGHT_VERBS, *LIKELY, *ONWARD_VERBS]
    ),
    st.integers(0, 3),
    PASSED,
    AGO,
    st.integers(0, 7),
)
ONWARD_STEP = st.tuples(
    st.sampled_from([*ONWARD_VERBS, *RARELY_ENDED * 2, "agree", "send", "close", "reopen"]),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([0, 0, 0, 0, 1, 5]),
    st.sampled_from([0, 0, 1, 2, -1, -2]),
    st.integers(0, 7),
)


class World:
    """One person, two practices of two PCNs, and whoever acts."""

    def __init__(self, cast: Cast, service: Service) -> None:
        self.cast, self.service, self.now = cast, service, NOW

    def act(self, verb: str, which: int, passed: int, ago: int, choice: int) -> bool:
        """Let time pass and do a verb; whether there was anything to do it to."""
        self.now += timedelta(days=passed)
        at = self.now - timedelta(days=ago)
        if verb == "refer":
            self._refer(self.cast.dev if which else self.cast.quinn, choice)
            return True
        record = _chosen(OnwardReferral if verb in ONWARD_VERBS else SupportCase, which)
        if record is not None:
            (self._follow if verb in ONWARD_VERBS else self._work)(record, verb, at, choice)
        return record is not None

    def _refer(self, by: User, choice: int) -> None:
        urgency = list(Priority)[choice % 2]
        request = Request("Lonely.", urgency=urgency, consented=choice < 7)
        on = linkwork_clock.london(self.now).date()
        referrals.receive_from_practice(ROSA, request, by=by, at=self.now, on=on)

    def _work(self, case: SupportCase, verb: str, at: datetime, choice: int) -> None:
        by = self.cast.cath if case.organisation_id == self.cast.southside.id else self.cast.amina
        reason = list(CloseReason)[choice]
        agreed = choice > 3
        verbs: dict[str, Callable[[], object]] = {
            "accept": lambda: cases.accept(case, by=by, at=self.now),
            "allocate": lambda: allocation.allocate(case, self.cast.ben, by=by, at=self.now),
            "decline": lambda: episodes.decline(case, DeclineReason.UNSAFE, by=by, at=self.now),
            "pause": lambda: cases.pause(case, by=by, at=self.now),
            "resume": lambda: cases.resume(case, by=by),
            "weigh": lambda: cases.weigh(case, Complexity.LIGHT, priority=Priority.SOON, by=by),
            "close": lambda: episodes.close(case, reason, summary=None, by=by, at=self.now),
            "reopen": lambda: episodes.reopen(case, by=by, at=self.now),
            "talk": lambda: self._talk(case, ContactMode.PHONE, by, at, agreed=agreed),
            "write": lambda: self._talk(case, ContactMode.LETTER, by, at, agreed=agreed),
            "try": lambda: self._try(case, list(ContactMode)[choice % 7], by, at),
            "agree": lambda: self._agree(case, by, choice),
            "take_back_referral": lambda: self._take_back(case, choice),
            "ask": lambda: self._ask(choice),
            **{v: lambda v=v: end(case, v, by, self.now, choice) for v in END_VERBS},
            **{v: lambda v=v: put_right(case, v, by, at, self.now, choice) for v in RIGHT_VERBS},
        }
        verbs[verb]()

    def _take_back(self, case: SupportCase, choice: int) -> None:
        sent, reason = case.referrals[-1], list(WithdrawReason)[choice % 4]
        withdrawals.withdraw(sent, reason, by=self.cast.dev, at=self.now)

    def _ask(self, choice: int) -> None:
        """The person rings and asks, and may not want the practice to know."""
        request = Request("Lonely.", consented=True, share_with_gp=choice > 3)
        on = linkwork_clock.london(self.now).date()
        who: dict[str, Any] = {"source": ReferralSource.SELF, "referrer": None}
        place, by = self.cast.northside, self.cast.amina
        referrals.record(ROSA, request, place=place, by=by, at=self.now, on=on, **who)

    def _agree(self, case: SupportCase, by: User, choice: int) -> None:
        after = _chosen(OnwardReferral, choice) if choice > 5 else None
        onward_referrals.agree(case, self.service, after=after, by=by, at=self.now)

    def _talk(
        self, case: SupportCase, mode: ContactMode, by: User, at: datetime, *, agreed: bool
    ) -> None:
        said = Conversation(mode=mode, minutes=20, notes="Talked.", plan_agreed=agreed)
        contacts.record(case, said, by=by, at=at, now=self.now)

    def _try(self, case: SupportCase, mode: ContactMode, by: User, at: datetime) -> None:
        said = {"notes": None, "next_action": None, "next_action_on": None}
        outcome = ContactOutcome.NO_REPLY
        contacts.attempt(case, mode=mode, outcome=outcome, by=by, at=at, now=self.now, **said)

    def _follow(self, onward: OnwardReferral, verb: str, at: datetime, choice: int) -> None:
        Follower(self.cast, onward, self.now, at, choice).act(verb)


def _chosen(model: Any, which: int) -> Any:
    found = db.session.scalars(select(model).order_by(model.id.desc())).unique().all()
    return found[which % len(found)] if found else None


def broken_rules(now: datetime) -> Iterator[str]:
    """What is not as it must always be, in words."""
    everything = list(db.session.scalars(select(SupportCase)).unique())
    for case in everything:
        yield from (f"{rule}: case {case.id}" for rule, kept in _of_case(case, now) if not kept)
        yield from (f"{rule}: case {case.id}" for rule, kept in of_ending(case, now) if not kept)
    for onward in db.session.scalars(select(OnwardReferral)).unique():
        yield from (f"{rule}: {onward.id}" for rule, kept in of_onward(onward, now) if not kept)
    in_sql = db.session.execute(select(SupportCase.id, SupportCase.state)).all()
    if {(c.id, c.state) for c in everything} != {(id_, CaseState(text)) for id_, text in in_sql}:
        yield "the state in SQL is the state in Python"
    if _counted(everything, now) != _brute_count(everything, now):
        yield "what is counted is what a recount finds"


def _of_case(case: SupportCase, now: datetime) -> Iterator[tuple[str, bool]]:
    talks = [c for c in _contacts(case) if c.kind is ContactKind.CONVERSATION]
    two_way = [c.at for c in talks if c.mode in TWO_WAY]
    visits = [o.first_attended_at for o in _onward(case) if o.first_attended_at]
    begun = case.first_conversation_at
    yield "only talking starts a case, at the first talk", begun == min(two_way, default=None)
    yield "who talks has been taken on", begun is None or case.accepted_at is not None
    yield "whoever was taken on has a worker", (case.accepted_at is None) == (case.worker is None)
    agreed = case.plan_agreed_at
    yield "a plan comes after talking", agreed is None or (begun is not None and begun <= agreed)
    yield "connected is the first visit", case.connected_at == min(visits, default=None)
    yield "nothing happened in the future", all(c.at <= now for c in _contacts(case))
    yield "an ended case waits for no answer", case.is_open or not episodes.unanswered(case)
    yield "an ended case has no next step", case.is_open or case.next_action_on is None
    yield "a closed case has a reason", (case.closed_at is None) == (case.close_reason is None)
    yield "the dead are left in peace", case.person.died_on is None or _is_after_death(case)
    followed = any(sent.practice_id for sent in case.referrals)
    private = any(not sent.share_with_gp for sent in case.referrals)
    yield "what a practice must not know is in no case it follows", not (followed and private)
    yield "declined and started exclude each other", case.declined_at is None or begun is None


def _is_after_death(case: SupportCase) -> bool:
    """A case may be open only where a referral came after the death: one of the two is wrong."""
    died_on = case.person.died_on
    assert died_on is not None
    return not case.is_open or linkwork_clock.london(case.opened_at).date() >= died_on


def _contacts(case: SupportCase) -> list[Contact]:
    return list(db.session.scalars(select(Contact).where(Contact.case_id == case.id)).unique())


def _onward(case: SupportCase) -> list[OnwardReferral]:
    query = select(OnwardReferral).where(OnwardReferral.case_id == case.id)
    return list(db.session.scalars(query).unique())


def _counted(everything: list[SupportCase], now: datetime) -> set[tuple[str, datetime]]:
    on = linkwork_clock.london(now).date()
    pcns = sorted({case.organisation_id for case in everything})
    found = frames.starts(pcns, FinancialYear.containing(on), on) if pcns else []
    return {(start.pcn_code, linkwork_clock.london(_aware(start.started_at))) for start in found}


def _brute_count(everything: list[SupportCase], now: datetime) -> set[tuple[str, datetime]]:
    year = FinancialYear.containing(linkwork_clock.london(now).date())
    first: dict[str, datetime] = {}
    for case in everything:
        begun = case.first_conversation_at and linkwork_clock.london(case.first_conversation_at)
        code = case.organisation.ods_code or case.organisation.key
        in_error = case.close_reason is CloseReason.OPENED_IN_ERROR
        if begun and not in_error and year.start <= begun.date() <= year.end:
            first[code] = min(begun, first.get(code, begun))
    return set(first.items())


def _aware(moment: datetime | date) -> datetime:
    assert isinstance(moment, datetime)
    return moment


@pytest.mark.one_engine
@given(steps=st.lists(STEP, min_size=12, max_size=30))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_rules_that_hold_always_hold_after_any_sequence_of_verbs(
    cast: Cast, steps: list[Step]
) -> None:
    walk(cast, [("refer", 1, 0, 0, 0), *steps])


@pytest.mark.one_engine
@given(steps=st.lists(ONWARD_STEP, min_size=15, max_size=30))
@settings(
    max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_they_hold_whatever_becomes_of_an_onward_referral(cast: Cast, steps: list[Step]) -> None:
    begun = ["refer", "accept", "talk", "agree", "send"]
    walk(cast, [*((verb, 1, 0, 0, 0) for verb in begun), *steps])


def walk(cast: Cast, steps: list[Step]) -> None:
    """Take the steps one by one, and hold every rule after each."""
    outer = db.session.begin_nested()
    world = World(cast, make.service())
    for step in steps:
        before, did = _entries(), False
        try:
            with db.session.begin_nested():
                did = world.act(*step)
        except RuleBroken:
            assert _entries() == before, f"{step[0]} was refused and noted"
        db.session.expire_all()
        assert not did or step[0] == "accept" or _entries() > before, f"{step[0]} left no entry"
        assert list(broken_rules(world.now)) == []
    outer.rollback()
    db.session.info.pop("afterwards", None)


def _entries() -> int:
    """Entries written, and those that wait for the commit."""
    written = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return written + len(db.session.info.get("afterwards", []))
