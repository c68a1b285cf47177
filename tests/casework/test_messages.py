"""Messages to a practice: made of what may be shared and nothing else, coded once an episode."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from linkwork.casework import episodes, letters, messages
from linkwork.casework.letters import Letter
from linkwork.casework.messages import ReadFirst
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    Message,
    MessageKind,
    Notification,
    ReferralSource,
    Role,
    SnomedCode,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import at_once

DAY = timedelta(days=1)
STARTED, UPDATE, CLOSING = MessageKind.STARTED, MessageKind.UPDATE, MessageKind.CLOSING


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, and that has started."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    make.referral(cast.birch, by=cast.dev, case=case)
    return case


def sent(case: SupportCase, cast: Cast, kind: MessageKind = UPDATE, **how: Any) -> Message:
    return messages.send(case, kind, by=cast.amina, at=NOW, **how)


def close(case: SupportCase, cast: Cast, reason: CloseReason = CloseReason.PERSON_ENDED) -> None:
    episodes.close(case, reason, summary="Sings again.", by=cast.amina, at=NOW)


def test_nothing_is_sent_where_the_person_does_not_share_with_their_practice(
    case: SupportCase, cast: Cast
) -> None:
    case.share_with_gp = False
    for kind in MessageKind:
        with pytest.raises(RuleBroken, match="does not share"):
            sent(case, cast, kind)


def test_nothing_is_sent_where_no_practice_is_known(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    with pytest.raises(RuleBroken, match="No GP practice"):
        sent(case, cast)


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.OPENED_IN_ERROR])
def test_nothing_is_sent_after_a_death_or_of_a_case_opened_in_error(
    case: SupportCase, cast: Cast, reason: CloseReason
) -> None:
    close(case, cast, reason)
    with pytest.raises(RuleBroken, match=r"Nothing is sent|not reported"):
        sent(case, cast, CLOSING)


def test_there_is_nothing_to_tell_before_anybody_talked(case: SupportCase, cast: Cast) -> None:
    case.first_conversation_at = None
    with pytest.raises(RuleBroken, match="Record a conversation first"):
        sent(case, cast, STARTED)


def test_an_open_case_has_no_last_message_and_a_closed_one_no_other(
    case: SupportCase, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="Close it"):
        sent(case, cast, CLOSING)
    close(case, cast)
    with pytest.raises(RuleBroken, match="has ended"):
        sent(case, cast)
    assert "Sings again." in sent(case, cast, CLOSING).body


def test_support_starts_once(case: SupportCase, cast: Cast) -> None:
    assert messages.due([]) is STARTED
    first = sent(case, cast, STARTED)
    assert messages.due([first]) is UPDATE
    with pytest.raises(RuleBroken, match="already knows"):
        sent(case, cast, STARTED)


def test_the_practice_that_referred_last_is_told(case: SupportCase, cast: Cast) -> None:
    case.person.practice = cast.quay
    assert sent(case, cast).practice is cast.birch
    own = make.referral(cast.quay, case=case, source=ReferralSource.SELF)
    db.session.refresh(case, ["referrals"])
    assert own.practice is cast.quay
    assert sent(case, cast).practice is cast.birch


def test_an_episode_is_coded_once_and_not_again_when_it_is_opened_again(
    case: SupportCase, cast: Cast
) -> None:
    assert sent(case, cast).code is SnomedCode.REFERRED
    assert case.coded_in_gp_record_at == NOW
    assert sent(case, cast).code is None
    close(case, cast)
    assert sent(case, cast, CLOSING).code is None
    episodes.reopen(case, by=cast.amina, at=NOW + DAY)
    again = messages.send(case, UPDATE, by=cast.amina, at=NOW + DAY)
    assert (again.code, "SNOMED" in again.body) == (None, False)


def test_an_episode_in_which_nobody_talked_is_not_coded(case: SupportCase, cast: Cast) -> None:
    case.first_conversation_at = None
    close(case, cast)
    assert sent(case, cast, CLOSING).code is None


def test_two_messages_at_once_code_an_episode_once(
    case: SupportCase, cast: Cast, make_app: Callable[..., Flask]
) -> None:
    acts = [_sending(case.id, who.id) for who in (cast.amina, cast.ben)]
    assert sorted(at_once(make_app, *acts)) == ["", "871731000000106"]


def _sending(case_id: int, who: int) -> Callable[[Flask], str]:
    def act(_app: Flask) -> str:
        case, by = db.session.get_one(SupportCase, case_id), db.session.get_one(User, who)
        made = messages.send(case, UPDATE, by=by, at=NOW)
        db.session.commit()
        return str(made.code or "")

    return act


def test_the_database_itself_refuses_a_second_code(case: SupportCase, cast: Cast) -> None:
    sent(case, cast)
    case.coded_in_gp_record_at = None  # as if the rule were not there
    with pytest.raises(IntegrityError):
        sent(case, cast)
    db.session.rollback()


def test_what_is_sent_is_what_was_read(case: SupportCase, cast: Cast) -> None:
    letter = messages.compose(case, UPDATE, by=cast.amina, at=NOW)
    make.contact(case, by=cast.ben, notes="Meanwhile.", share_with_gp=True)
    with pytest.raises(ReadFirst) as refused:
        sent(case, cast, seen=letter.digest)
    assert "Meanwhile." in letters.text(refused.value.letter)
    assert sent(case, cast, seen=refused.value.letter.digest).body


def test_a_message_that_was_sent_does_not_change_with_the_record(
    case: SupportCase, cast: Cast
) -> None:
    message = sent(case, cast)
    case.person.family_name, cast.birch.name = "Renamed", "Renamed"
    db.session.commit()
    assert "Renamed" not in message.body
    assert letters.text(Letter.from_json(message.contents)) == message.body


def test_whoever_reads_for_the_practice_is_told_without_a_name(
    case: SupportCase, cast: Cast
) -> None:
    make.user("Nell Hart", cast.birch, Role.DIRECTORY_EDITOR)
    sent(case, cast)
    told = db.session.scalars(select(Notification)).all()
    assert [(n.user, n.kind) for n in told] == [(cast.dev, "message_from_link_worker")]


def test_a_message_is_read_and_filed_by_its_practice_once(case: SupportCase, cast: Cast) -> None:
    message = sent(case, cast)
    assert messages.unread(cast.dev) == 1
    with pytest.raises(RuleBroken, match="Only the practice"):
        messages.read(message, by=cast.amina, at=NOW)
    messages.read(message, by=cast.dev, at=NOW)
    messages.file(message, by=cast.dev, at=NOW + DAY)
    messages.file(message, by=cast.dev, at=NOW + 2 * DAY)
    assert (message.read_at, message.filed_at, message.filed_by) == (NOW, NOW + DAY, cast.dev)
    assert messages.unread(cast.dev) == 0
    db.session.commit()
    events = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)).all()
    assert events == ["message.sent", "message.read", "message.filed"]


def test_a_practice_finds_its_own_messages_and_no_others(case: SupportCase, cast: Cast) -> None:
    message = sent(case, cast)
    make.message(make.case(cast.southside, worker=cast.cath), by=cast.cath)
    inbox = messages.to_practice(cast.dev)
    assert (list(inbox.messages), inbox.unread, inbox.to_file, inbox.filed) == ([message], 1, 1, 0)
    messages.file(message, by=cast.dev, at=NOW)
    assert list(messages.to_practice(cast.dev).messages) == []
    assert list(messages.to_practice(cast.dev, filed=True).messages) == [message]
    assert list(messages.to_practice(cast.amina).messages) == []
