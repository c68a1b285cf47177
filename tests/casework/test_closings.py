"""Closing in one go: every answer given, everything under way ended, the practice told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select

from linkwork.casework import closings, episodes, shared_links, tasks, visits
from linkwork.casework.closings import Closing
from linkwork.casework.episodes import DeathMistake
from linkwork.casework.letters import Letter
from linkwork.casework.messages import ReadFirst
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.exchange import fhir_message
from linkwork.models import (
    AuditEntry,
    CaseNeed,
    CloseReason,
    DeclineReason,
    LinkPurpose,
    Message,
    Need,
    Notification,
    OnwardReferral,
    SnomedCode,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)
ENDED = CloseReason.PERSON_ENDED


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, and that has started."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    make.referral(cast.birch, by=cast.dev, case=case)
    return case


def close(case: SupportCase, by: User, reason: CloseReason = ENDED, **facts: Any) -> Message | None:
    return closings.close(case, Closing(reason, **facts), by=by, at=NOW)


def test_every_open_answer_is_given_with_the_close(case: SupportCase, cast: Cast) -> None:
    made = [
        make.onward_referral(case, by=cast.amina, service=make.service(name), **facts)
        for name, facts in (
            ("Choir", {"sent_at": NOW, "first_attended_at": NOW}),
            ("Garden", {"sent_at": NOW}),
            ("Walks", {}),
        )
    ]
    said = ("ended:helped", "declined:travel", "cancelled")
    given = {onward.key: code for onward, code in zip(made, said, strict=True)}
    message = close(case, cast.amina, answers=given, summary="Sings twice a week.")
    assert [onward.state for onward in made] == ["ended", "declined", "cancelled"]
    assert case.state == "closed"
    assert message is not None
    body = message.body
    assert "Choir: finished, it helped" in body
    assert "Garden: not going, because getting there is too hard" in body
    assert "Walks" not in body
    assert "Sings twice a week." in body
    assert "The patient chose to stop." in body


def test_what_is_not_answered_keeps_the_case_open(case: SupportCase, cast: Cast) -> None:
    make.onward_referral(case, by=cast.amina)
    with pytest.raises(RuleBroken, match="no answer yet"):
        close(case, cast.amina)


@pytest.mark.parametrize("code", ["ended:helped", "nonsense", ""])
def test_an_answer_that_does_not_fit_is_refused(case: SupportCase, cast: Cast, code: str) -> None:
    onward = make.onward_referral(case, by=cast.amina, sent_at=NOW)
    with pytest.raises(RuleBroken, match="Choose what became of it"):
        close(case, cast.amina, answers={onward.key: code})


def test_an_answer_to_another_case_changes_nothing_there(case: SupportCase, cast: Cast) -> None:
    theirs = make.onward_referral(make.case(cast.southside, worker=cast.cath), by=cast.cath)
    close(case, cast.amina, answers={theirs.key: "cancelled"})
    assert theirs.is_open


def test_needs_are_better_or_not(case: SupportCase, cast: Cast) -> None:
    for need, since in ((Need.LONELINESS, None), (Need.FOOD, NOW), (Need.WORK, NOW)):
        case.needs.append(CaseNeed(need=need, seen_at=NOW, resolved_at=since))
    make.contact(case, by=cast.amina, share_with_gp=True, needs=[Need.LONELINESS])
    message = close(case, cast.amina, resolved=frozenset({Need.LONELINESS, Need.WORK}))
    better = {need.need for need in case.needs if need.resolved_at}
    assert better == {Need.LONELINESS, Need.WORK}
    assert message is not None
    assert "Loneliness (better now)" in message.body


@pytest.mark.parametrize(
    ("reason", "facts", "refused"),
    [
        (CloseReason.STEPPED_UP, {"stepped_up_to": "Crisis team"}, "whom you told"),
        (CloseReason.STEPPED_UP, {"told": "Dr Hale"}, "where they get more help"),
        (CloseReason.MOVED, {}, "handed them over"),
        (CloseReason.MOVED, {"handed_over": True}, "handed them over"),
    ],
)
def test_a_reason_that_asks_for_more_is_refused_without_it(
    case: SupportCase, cast: Cast, reason: CloseReason, facts: dict[str, Any], refused: str
) -> None:
    with pytest.raises(RuleBroken, match=refused):
        close(case, cast.amina, reason, **facts)


def test_where_they_went_and_who_was_told_is_kept_and_told(case: SupportCase, cast: Cast) -> None:
    up = close(
        case, cast.amina, CloseReason.STEPPED_UP, stepped_up_to="Crisis team", told="Dr Hale, today"
    )
    assert case.close_details == {"stepped_up_to": "Crisis team", "told": "Dr Hale, today"}
    assert up is not None
    assert "Support now from: Crisis team" in up.body
    episodes.reopen(case, by=cast.amina, at=NOW)
    assert case.close_details == {}
    close(case, cast.amina, CloseReason.MOVED, handed_over=False)
    assert case.close_details == {"handed_over_to": "Nobody: not handed over"}


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.OPENED_IN_ERROR])
def test_after_a_death_and_for_a_mistake_no_message_goes(
    case: SupportCase, cast: Cast, reason: CloseReason
) -> None:
    assert close(case, cast.amina, reason) is None
    assert case.state == "closed"


def test_who_does_not_share_has_their_case_closed_without_a_message(
    case: SupportCase, cast: Cast
) -> None:
    case.share_with_gp = False
    assert close(case, cast.amina) is None


def test_nothing_is_closed_while_the_message_is_not_read(case: SupportCase, cast: Cast) -> None:
    db.session.commit()
    with pytest.raises(ReadFirst) as first:
        closings.close(case, Closing(ENDED), seen="", by=cast.amina, at=NOW)
    db.session.rollback()
    assert case.is_open
    seen = first.value.letter.digest
    assert closings.close(case, Closing(ENDED), seen=seen, by=cast.amina, at=NOW) is not None


def under_way(case: SupportCase, by: User) -> tuple[Any, ...]:
    """A promise, a visit, and both kinds of link."""
    onward = make.onward_referral(case, by=by, sent_at=NOW)
    return (
        tasks.promise(case, "Ring", TODAY, owner=by, by=by, at=NOW),
        visits.plan(case, planned_at=NOW + DAY, place="At home", by=by, at=NOW),
        shared_links.make(case, LinkPurpose.ANSWER, onward=onward, by=by, at=NOW),
        shared_links.make(case, LinkPurpose.PLAN, by=by, at=NOW),
    )


def test_what_is_under_way_ends_with_the_case_but_the_plan_stays_theirs(
    case: SupportCase, cast: Cast
) -> None:
    task, visit, answer, plan = under_way(case, cast.amina)
    given = {onward.key: "cancelled" for onward in episodes.unanswered(case)}
    close(case, cast.amina, answers=given)
    assert (task.cancelled_at, visit.cancelled_at, answer.revoked_at) == (NOW, NOW, NOW)
    assert plan.revoked_at is None


def test_a_death_stops_everything_in_every_pcn(case: SupportCase, cast: Cast) -> None:
    there = make.case(cast.southside, worker=cast.cath, person=case.person)
    stopped = [under_way(c, who) for c, who in ((case, cast.amina), (there, cast.cath))]
    close(case, cast.amina, CloseReason.DIED)
    assert {getattr(r, "cancelled_at", None) or r.revoked_at for s in stopped for r in s} == {NOW}
    assert case.person.died_on == TODAY
    told = [(n.user, n.kind) for n in db.session.scalars(select(Notification)) if not n.read_at]
    assert told == [(cast.cath, "death_recorded")]
    assert db.session.scalars(select(Message)).all() == []


def test_a_death_recorded_by_mistake_is_taken_back_in_every_pcn(
    case: SupportCase, cast: Cast
) -> None:
    there = make.case(cast.southside, worker=cast.cath, person=case.person)
    before = make.case(
        cast.southside, person=case.person, closed_at=NOW - 9 * DAY, close_reason=ENDED
    )
    onward = make.onward_referral(there, by=cast.cath, sent_at=NOW)
    close(case, cast.amina, CloseReason.DIED)
    episodes.take_death_back(case, DeathMistake.WRONG_NEWS, by=cast.supervisor, at=NOW + DAY)
    assert (case.state, there.state, before.state) == ("started", "waiting", "closed")
    assert (case.person.died_on, onward.state) == (None, "sent")
    assert case.next_action == episodes.NOT_DEAD
    told = {(n.user.name, n.kind) for n in db.session.scalars(select(Notification))}
    assert (cast.cath.name, "death_withdrawn") in told
    assert (cast.amina.name, "death_withdrawn") in told
    db.session.commit()
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "person.death_withdrawn")
    ).one()
    assert (entry.details, entry.person_id) == ({"reason": "wrong_news"}, case.person_id)


def test_an_earlier_death_of_another_case_is_not_taken_back_with_it(
    case: SupportCase, cast: Cast
) -> None:
    """Only what that act closed: a close at another moment had its own news."""
    other = make.case(
        cast.southside, person=case.person, closed_at=NOW - DAY, close_reason=CloseReason.DIED
    )
    close(case, cast.amina, CloseReason.DIED)
    episodes.take_death_back(case, DeathMistake.SLIP, by=cast.supervisor, at=NOW)
    assert (case.is_open, other.is_open) == (True, False)


def test_a_case_opened_meanwhile_goes_on_alone(case: SupportCase, cast: Cast) -> None:
    close(case, cast.amina, CloseReason.DIED)
    make.case(cast.northside, person=case.person)
    episodes.take_death_back(case, DeathMistake.SLIP, by=cast.supervisor, at=NOW)
    assert (case.state, case.close_reason) == ("closed", CloseReason.REDIRECTED)


def test_two_cases_that_were_open_side_by_side_are_so_again(case: SupportCase, cast: Cast) -> None:
    beside = make.case(cast.northside, person=case.person, share_with_gp=False)
    close(case, cast.amina, CloseReason.DIED)
    episodes.take_death_back(case, DeathMistake.SLIP, by=cast.supervisor, at=NOW)
    assert (case.is_open, beside.is_open) == (True, True)


def test_a_case_that_a_death_closed_opens_again_within_28_days(
    case: SupportCase, cast: Cast
) -> None:
    undo = {"by": cast.supervisor}
    with pytest.raises(RuleBroken, match="No death is recorded"):
        episodes.take_death_back(case, DeathMistake.SLIP, at=NOW, **undo)
    close(case, cast.amina, CloseReason.DIED)
    episodes.take_death_back(case, DeathMistake.SLIP, at=NOW + 29 * DAY, **undo)
    assert (case.person.died_on, case.is_open) == (None, False)


@pytest.mark.parametrize(
    ("reason", "code"),
    [(DeclineReason.PERSON_DECLINED, SnomedCode.DECLINED), (DeclineReason.NOT_ELIGIBLE, None)],
)
def test_the_practice_is_told_why_a_referral_is_not_taken_on(
    cast: Cast, reason: DeclineReason, code: SnomedCode | None
) -> None:
    """The code says that the patient declined, so it goes only where they did."""
    case = make.referral(cast.birch, by=cast.dev).case
    make.contact(case, by=cast.amina, notes="SECRET", share_with_gp=True)
    message = closings.decline(case, reason, note="Try the gym.", by=cast.amina, at=NOW)
    assert message is not None
    assert (message.kind, message.code) == ("declined", code)
    assert "Try the gym." in message.body
    assert "SECRET" not in message.body


def test_a_referral_that_is_not_shared_is_declined_without_a_message(cast: Cast) -> None:
    case = make.referral(cast.birch, by=cast.dev).case
    case.share_with_gp = False
    assert closings.decline(case, DeclineReason.UNSAFE, by=cast.amina, at=NOW) is None
    assert case.state == "declined"


def test_nobody_answers_for_an_onward_referral_that_cannot_be(cast: Cast) -> None:
    onward = make.onward_referral(make.case(cast.northside, worker=cast.amina), by=cast.amina)
    codes = [code for code, _ in closings.choices(onward)]
    assert codes[:2] == ["ended:never_went", "ended:not_known"]
    assert codes[-1] == "cancelled"
    onward.first_attended_at = NOW
    assert {c.split(":")[0] for c, _ in closings.choices(onward)} == {"ended"}
    assert db.session.scalars(select(OnwardReferral)).one() is onward


def test_what_is_sent_of_a_whole_case_is_valid_fhir(case: SupportCase, cast: Cast) -> None:
    case.person.nhs_number = case.person.phone = None
    case.person.family_name = "<img src=x onerror=alert(1)> O'Brien\u00a0😀"
    make.contact(case, by=cast.amina, notes="Open & shut.\nTwice.", share_with_gp=True)
    onward = make.onward_referral(case, by=cast.amina, sent_at=NOW)
    update = make.message(case, by=cast.amina)
    closing = close(case, cast.amina, answers={onward.key: "ended:never_went"})
    other = make.referral(cast.birch, by=cast.dev).case
    no = closings.decline(other, DeclineReason.PERSON_DECLINED, by=cast.amina, at=NOW)
    for message in (update, closing, no):
        assert message is not None
        kept = Letter.from_json(json.loads(json.dumps(message.contents)))
        document = fhir_message.bundle(kept, key=message.key, at=message.sent_at)
        assert Bundle.model_validate(document).type == "document"
