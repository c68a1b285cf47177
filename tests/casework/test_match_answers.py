"""Suggestions answered: turned down with a reason, put back, or taken up."""

from datetime import datetime

import pytest

from linkwork import access
from linkwork.casework import limits, match_answers, onward_referrals
from linkwork.casework.match_answers import Shown
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    AuditEntry,
    CaseInterest,
    MatchAnswer,
    MatchAnswerKind,
    RejectReason,
    Service,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

FAR, COST = RejectReason.TOO_FAR, RejectReason.COST


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s for whom gardening was confirmed and singing was not wanted."""
    made = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    made.interests = [
        CaseInterest(concept="gardening", confirmed=True),
        CaseInterest(concept="singing", confirmed=False),
    ]
    return made


@pytest.fixture
def allotment(cast: Cast) -> Service:
    """An activity for both."""
    return make.service("Allotment", concepts={"gardening": 1.0, "singing": 0.4})


def test_what_is_turned_down_says_why_and_for_what_and_nobody_sees_words(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    said = match_answers.reject(case, allotment, FAR, shown=Shown("good", 3), by=cast.amina, at=NOW)
    assert (said.kind, said.reason, said.band, said.rank) == ("rejected", FAR, "good", 3)
    assert said.concepts == ["gardening"]
    assert [answer.service for answer in match_answers.rejected(case)] == [allotment]
    db.session.commit()
    entry = db.session.query(AuditEntry).filter_by(event="match.rejected").one()
    assert entry.details == {"reason": "too_far", "service": allotment.key}


def test_said_again_it_is_put_right_and_the_same_again_is_once(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    first = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    assert match_answers.reject(case, allotment, FAR, by=cast.ben, at=NOW) is first
    match_answers.reject(case, allotment, COST, by=cast.amina, at=NOW)
    assert [answer.reason for answer in match_answers.rejected(case)] == [COST]


@pytest.mark.one_engine
def test_words_are_kept_where_no_reason_fits_and_never_in_the_trail(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    said = match_answers.reject(case, allotment, FAR, words="Her knee", by=cast.amina, at=NOW)
    assert said.words is None
    other = RejectReason.OTHER
    for words in (
        "Fell out with them",
        "  Knows the tutor ",
        "Knows the tutor",
        " " * 9,
        "x" * 300,
    ):
        said = match_answers.reject(case, allotment, other, words=words, by=cast.amina, at=NOW)
        assert said.words == (words.strip()[:200] or None)
    assert match_answers.rejected(case) == [said]
    db.session.commit()
    told = db.session.query(AuditEntry).filter_by(event="match.rejected").all()
    assert [set(entry.details) for entry in told] == [{"reason", "service"}] * 5


@pytest.mark.one_engine
def test_what_was_turned_down_is_put_back(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    said = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    for _ in range(2):
        match_answers.take_back(said, by=cast.amina, at=NOW)
    assert match_answers.rejected(case) == []
    db.session.commit()
    assert db.session.query(AuditEntry).filter_by(event="match.taken_back").count() == 1


def test_what_is_taken_up_ends_what_was_said_against_it_and_stays(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    onward = make.onward_referral(case, by=cast.amina, service=allotment)
    said = match_answers.accept(onward, by=cast.amina, at=NOW)
    assert (said.kind, said.onward_referral) == (MatchAnswerKind.ACCEPTED, onward)
    assert match_answers.rejected(case) == []
    with pytest.raises(RuleBroken, match="Take its onward referral back"):
        match_answers.take_back(said, by=cast.amina, at=NOW)


@pytest.mark.parametrize(("sent_at", "counts"), [(None, False), (NOW, True)])
def test_what_is_cancelled_counts_as_taken_up_only_where_it_was_sent(
    cast: Cast, case: SupportCase, allotment: Service, sent_at: datetime | None, counts: bool
) -> None:
    onward = make.onward_referral(case, by=cast.amina, service=allotment, sent_at=sent_at)
    answer = match_answers.accept(onward, by=cast.amina, at=NOW)

    onward_referrals.cancel(onward, by=cast.amina, at=NOW)

    assert (answer.taken_back_at is None) is counts


def test_what_is_to_be_talked_about_stands_once_until_it_is_answered(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    choir = make.service("Choir")
    first = match_answers.discuss(case, allotment, by=cast.amina, at=NOW)
    assert match_answers.discuss(case, allotment, by=cast.amina, at=NOW) is first
    match_answers.discuss(case, choir, by=cast.amina, at=NOW)
    assert [answer.service for answer in match_answers.to_discuss(case)] == [allotment, choir]
    no = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    assert match_answers.discuss(case, allotment, by=cast.amina, at=NOW) is no
    match_answers.take_back(match_answers.to_discuss(case)[0], by=cast.amina, at=NOW)
    assert match_answers.to_discuss(case) == []
    assert match_answers.rejected(case) == [no]


@pytest.mark.one_engine
def test_a_case_that_has_ended_is_left_as_it_was(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    said = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    case.closed_at = NOW
    for change in (
        lambda: match_answers.reject(case, allotment, COST, by=cast.amina, at=NOW),
        lambda: match_answers.take_back(said, by=cast.amina, at=NOW),
    ):
        with pytest.raises(RuleBroken, match="has ended"):
            change()


def test_an_answer_is_found_by_those_who_may_see_its_case(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    said = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    assert access.find(MatchAnswer, said.key, user=cast.ben) is said
    for outsider in (cast.cath, cast.lead, cast.editor):
        with pytest.raises(NotYours):
            access.find(MatchAnswer, said.key, user=outsider)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("good-1", Shown("good", 1)),
        ("possible-40", Shown("possible", 40)),
        ("good-0", None),
        ("good-9999", None),
        ("good-²", None),
        ("best-1", None),
        ("good", None),
        ("", None),
    ],
)
def test_an_address_says_how_a_match_stood_or_nothing(text: str, read: Shown | None) -> None:
    assert Shown.read(text) == read
    assert read is None or read.words == text


@pytest.mark.one_engine
def test_what_was_tried_before_is_kept_out_no_longer_where_another_answer_replaces_it(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    def kept() -> list[str]:
        return list(limits.kept_of(case).values.get(limits.NOT_AGAIN, ()))

    def tried() -> None:
        tried_before = RejectReason.TRIED_BEFORE
        match_answers.reject(case, allotment, tried_before, by=cast.amina, at=NOW)
        limits.never_again(case, allotment, by=cast.amina, on=TODAY)

    tried()
    match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    assert kept() == []
    tried()
    onward = make.onward_referral(case, by=cast.amina, service=allotment)
    match_answers.accept(onward, by=cast.amina, at=NOW)
    assert kept() == []


@pytest.mark.one_engine
def test_an_activity_that_was_turned_down_is_answered_until_it_is_taken_back(
    case: SupportCase, allotment: Service, cast: Cast
) -> None:
    assert not match_answers.is_answered(case, allotment)
    said = match_answers.reject(case, allotment, FAR, by=cast.amina, at=NOW)
    assert match_answers.is_answered(case, allotment)
    match_answers.take_back(said, by=cast.amina, at=NOW)
    assert not match_answers.is_answered(case, allotment)
