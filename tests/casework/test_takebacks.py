"""Taking back what a practice was told of somebody else, or of a case that was not to be."""

from datetime import timedelta
from typing import Any

import pytest

from linkwork.casework import contacts, corrections, letters, messages, shareable
from linkwork.casework.contacts import Conversation
from linkwork.casework.shareable import Chosen
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Contact,
    ContactMode,
    Message,
    MessageKind,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

DAY = timedelta(days=1)
STARTED, UPDATE = MessageKind.STARTED, MessageKind.UPDATE


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, and that has started."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    make.referral(cast.birch, by=cast.dev, case=case)
    make.contact(case, by=cast.amina, at=NOW - 5 * DAY)
    return case


def composed(case: SupportCase, cast: Cast, **how: Any) -> str:
    return letters.text(messages.compose(case, UPDATE, by=cast.amina, at=NOW, **how))


def sent(case: SupportCase, cast: Cast, kind: MessageKind = UPDATE, **how: Any) -> Message:
    return messages.send(case, kind, by=cast.amina, at=NOW, **how)


def strike(talk: Contact, cast: Cast) -> None:
    corrections.strike(talk, reason="The wrong person", by=cast.amina, at=NOW)


def test_what_was_struck_out_after_it_was_told_is_taken_back_once(
    case: SupportCase, cast: Cast
) -> None:
    talk = make.contact(case, by=cast.amina, notes="Of somebody else.", share_with_gp=True)
    sent(case, cast)
    strike(talk, cast)
    text = composed(case, cast, chosen=Chosen())
    assert "Please disregard what we told you of the conversation on 18 November 2026" in text
    assert "Of somebody else." not in text
    sent(case, cast)
    assert "disregard" not in composed(case, cast)


def test_the_first_conversation_that_was_of_somebody_else_can_be_taken_back(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    make.referral(cast.birch, by=cast.dev, case=case)
    said = Conversation(ContactMode.PHONE, 20, notes="Of somebody else.", share_with_gp=True)
    talk = contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)
    assert "Of somebody else." in sent(case, cast, STARTED).body
    strike(talk, cast)
    assert shareable.may_update(case)
    assert messages.due(messages.of_case(case)) is UPDATE
    message = sent(case, cast)
    assert ("Please disregard" in message.body, message.code) == (True, None)
    assert not shareable.may_update(case)
    with pytest.raises(RuleBroken, match="Record a conversation first"):
        sent(case, cast)


def test_what_was_told_of_a_case_that_was_opened_in_error_is_taken_back_once(
    case: SupportCase, cast: Cast
) -> None:
    make.contact(case, by=cast.amina, notes="Of somebody else.", share_with_gp=True)
    sent(case, cast)
    case.closed_at, case.close_reason = NOW + DAY, CloseReason.OPENED_IN_ERROR
    assert shareable.may_update(case)
    assert messages.due(messages.of_case(case)) is UPDATE
    last = messages.send(case, UPDATE, by=cast.amina, at=NOW + 2 * DAY)
    assert last.practice is cast.birch
    assert "Please disregard everything we told you of this patient" in last.body
    assert "take the code SNOMED CT 871731000000106 out" in last.body
    assert not [words for words in ("Of somebody", "First conv", "CONSENT") if words in last.body]
    assert not shareable.may_update(case)
    with pytest.raises(RuleBroken, match="not reported"):
        messages.send(case, UPDATE, by=cast.amina, at=NOW + 2 * DAY)


def test_of_a_case_opened_in_error_that_nobody_was_told_of_nothing_is_said(
    case: SupportCase, cast: Cast
) -> None:
    case.closed_at, case.close_reason = NOW, CloseReason.OPENED_IN_ERROR
    assert not shareable.may_update(case)
    with pytest.raises(RuleBroken, match="not reported"):
        sent(case, cast)
