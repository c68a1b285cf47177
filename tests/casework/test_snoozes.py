"""What is put off comes back by itself as soon as something else is to be done."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from linkwork.casework import alarms, cases, contacts, referrals, snoozes, today, visits
from linkwork.casework.contacts import Conversation
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.models import (
    AlarmAnswer,
    ContactMode,
    ContactOutcome,
    SnoozeReason,
    SupportCase,
    TodayList,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)
ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number="9990000018")


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """Somebody who was to be called today, put off for sixty days."""
    facts = {"date_of_birth": ROSA.date_of_birth, "nhs_number": ROSA.nhs_number}
    person = make.person("Rosa", "Quill", **facts)
    case = make.case(cast.northside, worker=cast.amina, person=person)
    case.first_conversation_at = case.last_contact_at = NOW - 9 * DAY
    make.contact(case, by=cast.amina, at=NOW - 9 * DAY)
    case.next_action, case.next_action_on = "Ring", TODAY
    put_off(case, cast)
    assert listed(cast) == []
    return case


def put_off(case: SupportCase, cast: Cast) -> None:
    kept = {"case": case, "reason": SnoozeReason.AWAY, "until_on": TODAY + 60 * DAY}
    snoozes.put_off(TodayList.CALL_BACK, case.key, by=cast.amina, at=NOW, **kept)


def listed(cast: Cast, days: int = 1) -> list[SupportCase]:
    found = today.day(cast.amina, at=NOW + days * DAY).listings
    wanted = [one for one in found if one.on_list is TodayList.CALL_BACK]
    return [row.record for one in wanted for row in one.rows]


def join(case: SupportCase, cast: Cast) -> None:
    at, on = NOW + DAY, TODAY + DAY
    request = Request(note="Lonely.", consented=True)
    assert referrals.receive_from_practice(ROSA, request, by=cast.dev, at=at, on=on).case is case


def answer(case: SupportCase, cast: Cast) -> None:
    at = NOW + DAY
    said = Conversation(ContactMode.PHONE, 20, "He says he will kill himself.")
    contact = contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)
    put_off(case, cast)
    alarm = alarms.of_contact(contact)
    assert alarm is not None
    account, step = "Rang his daughter, who is with him.", "Ring again"
    alarms.answer(alarm, AlarmAnswer.NO_DANGER, account, step=step, by=cast.amina, at=at)


def book(case: SupportCase, cast: Cast) -> None:
    cases.book(case, "Ring", TODAY + DAY, by=cast.amina, at=NOW)


def miss(case: SupportCase, cast: Cast) -> None:
    contacts.attempt(
        case,
        mode=ContactMode.PHONE,
        outcome=ContactOutcome.NO_REPLY,
        notes=None,
        next_action="Ring again",
        next_action_on=TODAY + DAY,
        by=cast.amina,
        at=NOW,
        now=NOW,
    )


def visit(case: SupportCase, cast: Cast) -> None:
    case.next_action_on = TODAY - DAY
    then = NOW + DAY
    visits.plan(case, planned_at=then, place="Library", by=cast.amina, at=NOW)


@pytest.mark.parametrize("happens", [join, answer, book, miss, visit])
def test_what_happens_afterwards_is_not_hidden_by_what_was_put_off(
    case: SupportCase, cast: Cast, happens: Callable[[SupportCase, Cast], None]
) -> None:
    happens(case, cast)
    assert listed(cast) == [case]


def test_what_is_in_the_case_stays_put_off(case: SupportCase, cast: Cast) -> None:
    kept = {"case": case, "reason": SnoozeReason.AWAY, "until_on": TODAY + 60 * DAY}
    snoozes.put_off(TodayList.SILENT, "some-onward-key", by=cast.amina, at=NOW, **kept)
    snoozes.end_of(case, at=NOW)
    assert [one.on_list for one in snoozes.of(cast.amina, on=TODAY)] == [TodayList.SILENT]


def test_a_new_referral_of_somebody_paused_is_there_to_be_read(
    case: SupportCase, cast: Cast
) -> None:
    cases.pause(case, by=cast.amina, at=NOW)
    join(case, cast)
    assert (case.paused_at, listed(cast)) == (None, [case])


def test_who_is_paused_is_shown_on_the_day_that_was_put_down(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, paused_at=NOW)
    case.next_action, case.next_action_on = "Ring the ward", TODAY + 2 * DAY
    assert (listed(cast, 1), listed(cast, 2)) == ([], [case])


@pytest.mark.parametrize(("hours", "goes_on"), [(1, True), (-1, False)])
def test_whoever_is_talked_with_is_not_paused_any_more(
    case: SupportCase, cast: Cast, hours: int, goes_on: bool
) -> None:
    cases.pause(case, by=cast.amina, at=NOW)
    said = Conversation(ContactMode.PHONE, 20, "Home again.")
    at = NOW + timedelta(hours=hours)
    contacts.record(case, said, by=cast.amina, at=at, now=NOW + DAY)
    assert (case.paused_at is None) is goes_on
