"""Somebody died: nothing is begun for them, whenever it is told, and no note is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import (
    contacts,
    deaths,
    episodes,
    notifications,
    onward_referrals,
    questions,
    shared_links,
    visits,
)
from linkwork.casework.contacts import Conversation
from linkwork.casework.episodes import DeathMistake
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    ContactMode,
    LinkPurpose,
    Mail,
    MailKind,
    NoticeKind,
    Notification,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 9 * DAY)


@pytest.fixture
def ended(case: SupportCase) -> SupportCase:
    case.closed_at, case.close_reason = NOW - 40 * DAY, CloseReason.MOVED
    return case


def agree(case: SupportCase, cast: Cast) -> None:
    service = make.service()
    onward_referrals.agree(case, service, message=None, by=cast.amina, at=NOW)


def send(case: SupportCase, cast: Cast) -> None:
    onward = make.onward_referral(case, by=cast.amina)
    onward_referrals.send(onward, by=cast.amina, at=NOW)


def visit(case: SupportCase, cast: Cast) -> None:
    visits.plan(case, planned_at=NOW + DAY, place="Library", by=cast.amina, at=NOW)


def share(case: SupportCase, cast: Cast) -> None:
    shared_links.make(case, LinkPurpose.PLAN, by=cast.amina, at=NOW)


@pytest.mark.parametrize("begins", [agree, send, visit, share])
def test_nothing_is_begun_for_somebody_who_died(
    case: SupportCase, cast: Cast, begins: Callable[[SupportCase, Cast], None]
) -> None:
    case.person.died_on = TODAY
    with pytest.raises(RuleBroken, match="recorded as having died"):
        begins(case, cast)
    case.person.died_on = None
    begins(case, cast)


def test_no_link_is_emailed_to_somebody_who_died(app: Flask, case: SupportCase, cast: Cast) -> None:
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender="linkwork@moorvale.example")
    link = shared_links.make(case, LinkPurpose.PLAN, by=cast.amina, at=NOW)
    case.person.died_on = TODAY
    with pytest.raises(RuleBroken, match="recorded as having died"):
        shared_links.email(link, "rosa@example.org", "https://x", by=cast.amina, at=NOW)


def test_a_death_told_after_the_end_stops_what_goes_on_after_it(
    app: Flask, ended: SupportCase, cast: Cast
) -> None:
    app.config["SMTP"] = Smtp(host="mail.example", port=25, sender="linkwork@moorvale.example")
    link = shared_links.make(ended, LinkPurpose.PLAN, by=cast.amina, at=NOW)
    shared_links.email(link, "rosa@example.org", "https://x", by=cast.amina, at=NOW)
    notifications.tell(cast.ben, NoticeKind.PROVIDER_ANSWERED, case=ended, at=NOW)
    there = make.case(cast.southside, worker=cast.cath, person=ended.person)
    deaths.record(ended, by=cast.amina, at=NOW + HOUR)
    assert (ended.person.died_on, ended.close_reason) == (TODAY, CloseReason.MOVED)
    assert (there.close_reason, link.revoked_at) == (CloseReason.DIED, NOW + HOUR)
    letters = select(Mail).where(Mail.kind == MailKind.PLAN)
    assert db.session.scalars(letters).one().given_up_at == NOW + HOUR
    waiting = select(Notification.user_id).where(Notification.read_at.is_(None))
    assert db.session.scalars(waiting).all() == [cast.cath.id], "she is told of the death"
    db.session.commit()
    assert "person.death_recorded" in db.session.scalars(select(AuditEntry.event)).all()


def test_a_death_is_recorded_once_and_closes_what_is_open(case: SupportCase, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="This case is open"):
        deaths.record(case, by=cast.amina, at=NOW)
    episodes.close(case, CloseReason.DIED, summary=None, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="recorded already"):
        deaths.record(case, by=cast.amina, at=NOW)


def test_a_mistake_is_put_right_whenever_it_is_found(ended: SupportCase, cast: Cast) -> None:
    """What the death closed long ago stays closed; the referral that came since can go on."""
    there = make.case(cast.southside, worker=cast.cath, person=ended.person)
    deaths.record(ended, by=cast.amina, at=NOW)
    since = make.case(cast.northside, worker=cast.ben, person=ended.person)
    mistake = {"by": cast.supervisor, "at": NOW + 29 * DAY}
    episodes.take_death_back(since, DeathMistake.WRONG_PERSON, **mistake)
    assert (ended.person.died_on, there.is_open, ended.is_open) == (None, False, False)
    with pytest.raises(RuleBroken, match="No death"):
        episodes.take_death_back(since, DeathMistake.WRONG_PERSON, **mistake)


def test_from_any_case_the_ones_that_a_death_closed_lately_open_again(
    ended: SupportCase, cast: Cast
) -> None:
    there = make.case(cast.southside, worker=cast.cath, person=ended.person)
    deaths.record(ended, by=cast.amina, at=NOW)
    episodes.take_death_back(ended, DeathMistake.SLIP, by=cast.supervisor, at=NOW + 28 * DAY)
    assert (there.is_open, ended.is_open) == (True, False)


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.OPENED_IN_ERROR])
def test_no_question_is_answered_of_who_died_or_was_no_case(
    cast: Cast, reason: CloseReason
) -> None:
    asked = make.question(make.referral(cast.birch, by=cast.dev), by=cast.dev)
    asked.case.share_with_gp = True
    episodes.close(asked.case, reason, summary=None, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match=r"died|in error"):
        questions.answer(asked, "She is well.", by=cast.amina, at=NOW)
    assert asked.answer is None


def test_a_note_of_before_the_death_is_kept_and_changes_nothing_else(
    case: SupportCase, cast: Cast
) -> None:
    episodes.close(case, CloseReason.DIED, summary=None, by=cast.amina, at=NOW)
    step = {"next_action": "Ring", "next_action_on": TODAY + DAY}
    said = Conversation(ContactMode.PHONE, 20, "She was tired.", **step)
    made = contacts.record(case, said, by=cast.amina, at=NOW - HOUR, now=NOW + HOUR)
    assert made in contacts.of_case(case)
    assert (case.next_action_on, case.closed_at, case.is_open) == (None, NOW, False)
    with pytest.raises(RuleBroken, match="before the end"):
        contacts.record(case, said, by=cast.amina, at=NOW + HOUR, now=NOW + HOUR)
