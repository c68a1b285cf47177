"""Case memory: off unless wanted, learnt from closed cases of the same PCN, and said in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from linkwork.casework import case_memory
from linkwork.database import db
from linkwork.matching import Match, Offer, Ranking
from linkwork.matching.learning import Lift, Record
from linkwork.matching.telling import Telling, Told
from linkwork.models import (
    MatchAnswer,
    MatchAnswerKind,
    RejectReason,
    Service,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

CONCEPT = "bereavement"


@pytest.fixture(autouse=True)
def wanted(app: Flask) -> Iterator[None]:
    """Case memory switched on, and nothing in it."""
    app.config["CASE_MEMORY"] = True
    case_memory.forget()
    yield
    case_memory.forget()


@pytest.fixture
def now(cast: Cast) -> SupportCase:
    """The case that is looked at."""
    return make.case(cast.northside, worker=cast.amina)


def offered(
    to: SupportCase, service: Service, *, went: bool, by: User, reason: RejectReason | None = None
) -> MatchAnswer:
    onward = make.onward_referral(
        to, by=by, service=service, first_attended_at=NOW if went else None
    )
    kind = MatchAnswerKind.REJECTED if reason else MatchAnswerKind.ACCEPTED
    made = MatchAnswer(
        case=to, service=service, by_id=by.id, at=NOW, kind=kind, concepts=[CONCEPT], reason=reason
    )
    if reason is None:
        made.onward_referral = onward
    db.session.add(made)
    return made


def ended(cast: Cast, service: Service, many: int, went: int, **facts: object) -> list[MatchAnswer]:
    """So many cases of Northside that have ended, in which a service was offered."""
    usual = {"closed_at": NOW - timedelta(days=30)} | facts
    pcn = usual.pop("pcn", cast.northside)
    made = [
        offered(make.case(pcn, **usual), service, went=n < went, by=cast.amina)  # type: ignore[arg-type]
        for n in range(many)
    ]
    db.session.flush()
    return made


def lifted(case: SupportCase) -> dict[str, tuple[int, int]]:
    found = case_memory.of_case(case, [CONCEPT, "no_such_concept"], on=TODAY)
    return {key: (lift.record.went, lift.record.offered) for key, lift in found.lifts.items()}


@pytest.mark.one_engine
def test_it_is_off_unless_wanted(app: Flask, cast: Cast, now: SupportCase) -> None:
    café = make.service("Grief café", key="a-cafe")
    ended(cast, café, 22, 20)
    app.config["CASE_MEMORY"] = False
    assert lifted(now) == {}
    app.config["CASE_MEMORY"] = True
    assert lifted(now) == {"a-cafe": (20, 22)}


def test_only_cases_of_the_same_pcn_that_have_ended_are_learnt_from(
    cast: Cast, now: SupportCase
) -> None:
    café = make.service("Grief café", key="a-cafe")
    ended(cast, café, 21, 10)
    ended(cast, café, 3, 3, pcn=cast.southside)
    ended(cast, café, 3, 3, closed_at=None)
    ended(cast, café, 3, 3, closed_at=NOW - timedelta(days=4 * 365))
    assert lifted(now) == {"a-cafe": (10, 21)}


def test_what_is_full_or_taken_back_says_nothing_and_a_merged_entry_counts_where_it_went(
    cast: Cast, now: SupportCase
) -> None:
    café = make.service("Grief café", key="a-cafe")
    old = make.service("Grief cafe", merged_into_id=café.id)
    taken_back, full, cost, unwanted, *_ = ended(cast, old, 24, 0)
    taken_back.taken_back_at = NOW
    reasons = (RejectReason.FULL, RejectReason.COST, RejectReason.DOES_NOT_WANT)
    for answer, reason in zip((full, cost, unwanted), reasons, strict=True):
        answer.kind, answer.reason = MatchAnswerKind.REJECTED, reason
    assert lifted(now) == {"a-cafe": (0, 21)}


@pytest.mark.one_engine
def test_nothing_is_told_of_sensitive_needs_of_conditions_and_of_seven(
    cast: Cast, now: SupportCase
) -> None:
    café, few = make.service("Grief café", key="a-cafe"), make.service("Few", key="few")
    answers = ended(cast, café, 21, 1) + ended(cast, few, 7, 7)
    for answer in answers:
        answer.concepts = [CONCEPT, "alcohol", "dementia"]
    db.session.flush()
    assert case_memory.of_case(now, ["alcohol", "dementia"], on=TODAY).lifts == {}
    lifts = case_memory.of_case(now, [CONCEPT], on=TODAY).lifts
    assert (lifts["few"].acts, lifts["a-cafe"].acts < 0) == (0, True)


@pytest.mark.one_engine
def test_it_is_kept_for_a_while(cast: Cast, now: SupportCase) -> None:
    café = make.service("Grief café", key="a-cafe")
    ended(cast, café, 21, 10)
    assert lifted(now) == {"a-cafe": (10, 21)}
    ended(cast, café, 1, 1)
    assert lifted(now) == {"a-cafe": (10, 21)}
    case_memory.forget()
    assert lifted(now) == {"a-cafe": (11, 22)}


@pytest.mark.one_engine
def test_where_it_acts_it_says_so(cast: Cast, now: SupportCase) -> None:
    good, bad, worst, usual = (make.service(key, key=key) for key in "good bad worst usual".split())
    ended(cast, worst, 12, 0)
    ended(cast, good, 12, 12)
    ended(cast, bad, 12, 1)
    ended(cast, usual, 12, 6)
    found = case_memory.of_case(now, [CONCEPT], on=TODAY)
    assert found.factors["good"] > 1 > found.factors["usual"] > found.factors["bad"]
    shown = tuple(
        Match(Offer(key, key), "good", 1.0, Telling(lambda: Told((), ("free",), (), ())))
        for key in ("good", "usual", "bad", "worst", "new")
    )
    told = found.told(Ranking(shown, ())).matches
    people = "people here with bereavement who were offered this went"
    assert [(match.reasons, match.cautions) for match in told] == [
        (("free", f"12 of 12 {people}"), ()),
        (("free",), ()),
        (("free",), (f"only 1 of 12 {people}",)),
        (("free",), (f"none of 12 {people}",)),
        (("free",), ()),
    ]


@pytest.mark.one_engine
def test_it_is_not_printed_for_the_person(app: Flask) -> None:
    ui = app.jinja_env.get_template("components/ui.html").module
    words = Lift(1.1, 1.0, CONCEPT, Record(12, 11)).words("bereavement")
    page = str(ui.reasons(["free", words], [f"only {words}"]))  # type: ignore[attr-defined]
    assert page.count(" no-print") == 2
    assert '<li class="reasons__fit">Free' in page


@pytest.mark.one_engine
def test_one_person_with_two_closed_cases_counts_once(cast: Cast, now: SupportCase) -> None:
    choir = make.service("Choir")
    first = ended(cast, choir, 20, 10)[0]
    again = make.case(cast.northside, person=first.case.person, closed_at=NOW - timedelta(days=10))
    offered(again, choir, went=True, by=cast.amina)
    db.session.flush()
    assert lifted(now) == {choir.key: (10, 20)}
