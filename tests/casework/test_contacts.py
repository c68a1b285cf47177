"""Contacts: what starts a case, what a late entry changes, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork import clock as linkwork_clock
from linkwork.casework import contacts
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Contact, ContactMode, ContactOutcome, Need, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

HOSTILE = "<script>alert(1)</script> O'Brien 😀 مرحبا \u202eabc"
HOUR = timedelta(hours=1)


def talk(case: SupportCase, cast: Cast, at: datetime = NOW, **facts: Any) -> Contact:
    said = Conversation(**{"mode": ContactMode.PHONE, "minutes": 25, "notes": "Talked.", **facts})
    return contacts.record(case, said, by=cast.amina, at=at, now=NOW)


def attempt(case: SupportCase, cast: Cast, at: datetime = NOW, **facts: Any) -> Contact:
    usual: dict[str, Any] = {
        "mode": ContactMode.PHONE,
        "outcome": ContactOutcome.NO_REPLY,
        "notes": None,
        "next_action": None,
        "next_action_on": None,
    }
    return contacts.attempt(case, **{**usual, **facts}, by=cast.amina, at=at, now=NOW)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def test_the_first_conversation_starts_the_case(case: SupportCase, cast: Cast) -> None:
    talk(case, cast)
    assert (case.state, case.first_conversation_at) == ("started", NOW)


def test_an_attempt_never_starts_a_case(case: SupportCase, cast: Cast) -> None:
    attempt(case, cast)
    assert (case.state, case.last_contact_at) == ("waiting", None)


def test_writing_to_somebody_is_not_talking_with_them(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, mode=ContactMode.LETTER)
    assert case.first_conversation_at is None


def test_a_late_entry_moves_the_start_back_and_never_forward(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, at=NOW - HOUR)
    talk(case, cast, at=NOW - 3 * HOUR)
    talk(case, cast, at=NOW)
    assert case.first_conversation_at == NOW - 3 * HOUR
    assert case.last_contact_at == NOW


def test_a_late_entry_does_not_change_what_was_booked_since(case: SupportCase, cast: Cast) -> None:
    attempt(case, cast, at=NOW - HOUR, next_action="Ring again", next_action_on=TODAY)
    talk(case, cast, at=NOW - 2 * HOUR, next_action="Old plan", next_action_on=TODAY)
    assert case.next_action == "Ring again"


def test_a_try_without_a_next_step_leaves_what_was_booked(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, at=NOW - HOUR, next_action="Ring again", next_action_on=TODAY)
    attempt(case, cast)
    assert (case.next_action, case.next_action_on) == ("Ring again", TODAY)


def test_a_conversation_without_a_next_step_leaves_nothing_booked(
    case: SupportCase, cast: Cast
) -> None:
    attempt(case, cast, at=NOW - HOUR, next_action="Ring again", next_action_on=TODAY)
    talk(case, cast)
    assert (case.next_action, case.next_action_on) == (None, None)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"at": NOW + timedelta(minutes=1)}, "cannot be in the future"),
        ({"at": NOW - timedelta(days=11)}, "before the referral arrived"),
        ({"next_action_on": TODAY - timedelta(days=1)}, "today or later"),
        ({"next_action_on": date(2062, 1, 1)}, "within a year"),
        ({"notes": None}, "Write down what was said"),
        ({"safety_concern": True}, "whom you told"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    case: SupportCase, cast: Cast, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        talk(case, cast, **facts)


def test_a_next_step_may_be_today_and_a_year_away(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, next_action_on=TODAY)
    talk(case, cast, next_action_on=TODAY + timedelta(days=366))


def test_a_contact_on_the_day_of_the_referral_is_taken(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, at=case.opened_at - HOUR)


def test_an_ended_case_takes_no_contact(case: SupportCase, cast: Cast) -> None:
    case.closed_at = NOW
    for act in (talk, attempt):
        with pytest.raises(RuleBroken, match="has ended"):
            act(case, cast)


def test_somebody_who_was_reached_was_not_only_tried(case: SupportCase, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Record a conversation instead"):
        attempt(case, cast, outcome=ContactOutcome.ATTENDED)


def test_talking_to_somebody_who_waits_is_taking_them_on(cast: Cast) -> None:
    case = make.case(cast.northside)
    talk(case, cast)
    db.session.commit()
    assert (case.worker, case.accepted_at) == (cast.amina, NOW)
    events = set(db.session.scalars(select(AuditEntry.event)))
    assert {"case.accepted", "contact.recorded"} <= events


def test_needs_that_came_up_join_the_case_and_none_matters_less_for_coming_up_again(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast, needs={Need.LONELINESS: 3, Need.FOOD: 2})
    talk(case, cast, needs={Need.LONELINESS: 2})
    assert {n.need: n.importance for n in case.needs} == {Need.LONELINESS: 3, Need.FOOD: 2}


def test_an_agreed_plan_keeps_the_day_it_was_first_agreed(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, at=NOW - HOUR, plan_agreed=True)
    talk(case, cast, plan_agreed=True)
    assert (case.plan_agreed_at, case.state) == (NOW - HOUR, "planned")


def test_what_was_typed_is_kept_as_it_was_typed(case: SupportCase, cast: Cast) -> None:
    contact = talk(case, cast, notes=HOSTILE)
    db.session.commit()
    db.session.expire_all()
    assert contact.notes == HOSTILE


def test_the_hour_that_happens_twice_is_never_in_the_future_of_itself() -> None:
    """On 25 October 2026 half past one happens twice: the first is meant."""
    twice = linkwork_clock.utc(datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001 - off a clock on the wall
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_hour_that_does_not_happen_moves_on() -> None:
    never = linkwork_clock.utc(datetime(2026, 3, 29, 1, 30))  # noqa: DTZ001
    assert linkwork_clock.london(never).hour == 2


@given(hours=st.lists(st.integers(0, 200), min_size=1, max_size=6))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_the_order_of_entry_the_first_and_last_talks_are_the_same(
    cast: Cast, hours: list[int]
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for ago in hours:
        talk(case, cast, at=NOW - ago * HOUR, next_action=str(ago))
    assert case.first_conversation_at == NOW - max(hours) * HOUR
    assert case.last_contact_at == NOW - min(hours) * HOUR
    assert case.next_action == str(min(hours))


def test_contacts_are_read_newest_first_and_no_more_than_asked_for(
    case: SupportCase, cast: Cast
) -> None:
    made = [make.contact(case, by=cast.amina, at=NOW - n * HOUR) for n in range(4)]
    assert list(contacts.of_case(case, limit=3)) == made[:3]
