"""What of a case a practice may be told: what is ticked of what is shared, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import episodes, goals, letters, messages, shareable
from linkwork.casework.shareable import Chosen
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseNeed,
    CloseReason,
    Contact,
    ContactKind,
    Correction,
    Goal,
    Message,
    MessageKind,
    Need,
    OnwardReferral,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

DAY = timedelta(days=1)
STARTED, UPDATE, CLOSING = MessageKind.STARTED, MessageKind.UPDATE, MessageKind.CLOSING


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, and that has started."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    make.referral(cast.birch, by=cast.dev, case=case)
    return case


def composed(case: SupportCase, cast: Cast, kind: MessageKind = UPDATE, **how: Any) -> str:
    return letters.text(messages.compose(case, kind, by=cast.amina, at=NOW, **how))


def sent(case: SupportCase, cast: Cast, kind: MessageKind = UPDATE, **how: Any) -> Message:
    return messages.send(case, kind, by=cast.amina, at=NOW, **how)


def close(case: SupportCase, cast: Cast, reason: CloseReason = CloseReason.PERSON_ENDED) -> None:
    episodes.close(case, reason, summary="Sings again.", by=cast.amina, at=NOW)


def test_a_message_says_what_may_be_shared_under_the_headings_in_their_order(
    case: SupportCase, cast: Cast
) -> None:
    case.needs.append(CaseNeed(need=Need.LONELINESS, importance=3, seen_at=NOW))
    talk = {"what_matters": "To sing again.", "notes": "Lost her husband.", "strengths": "Humour."}
    make.contact(case, by=cast.amina, share_with_gp=True, needs=[Need.LONELINESS], **talk)
    make.onward_referral(case, by=cast.amina, sent_at=NOW)
    text = composed(case, cast, note="Please check her hearing.")
    order = (
        "FOR THE GP RECORD",
        "Referral to social prescribing service (SNOMED CT 871731000000106)",
        "PATIENT",
        "Name: QUILL, Rosa",
        "FROM THE LINK WORKER",
        "Please check her hearing.",
        "ABOUT ME",
        "To sing again.",
        "REFERRAL",
        "Referred by Birch Road Surgery on 8 November 2026.",
        "CONSENT",
        "CONTACTS",
        "18 November 2026, phone call, Amina Okafor: Lost her husband.",
        "NEEDS AND CONCERNS",
        "Loneliness",
        "SUPPORT OFFERED",
        "Riverside choir: referred, waiting for an answer",
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_a_conversation_that_is_not_marked_as_safe_to_share_cannot_slip_in(
    case: SupportCase, cast: Cast
) -> None:
    secret = make.contact(case, by=cast.amina, notes="SECRET", what_matters="SECRET")
    open_ = make.contact(case, by=cast.amina, notes="Open.", share_with_gp=True)
    asked = Chosen(contacts=frozenset({secret.key, open_.key}))
    text = composed(case, cast, chosen=asked)
    assert "Open." in text
    assert "SECRET" not in text


def test_a_conversation_that_was_struck_out_is_not_told(case: SupportCase, cast: Cast) -> None:
    struck = {"struck_at": NOW, "struck_by_id": cast.amina.id}
    make.contact(case, by=cast.amina, notes="Of somebody else.", share_with_gp=True, **struck)
    assert "Of somebody else." not in composed(case, cast)


def test_what_was_corrected_after_it_was_told_is_told_again(case: SupportCase, cast: Cast) -> None:
    talk = make.contact(case, by=cast.amina, notes="Sings.", share_with_gp=True)
    sent(case, cast)
    talk.notes = "Swims."
    said = {"version": 1, "said": {}, "reason": "Misheard."}
    db.session.add(
        Correction(contact=talk, corrected_at=NOW + DAY, corrected_by_id=cast.amina.id, **said)
    )
    text = composed(case, cast)
    assert "(corrected: please use this, not what we told you before): Swims." in text
    messages.send(case, UPDATE, by=cast.amina, at=NOW + 2 * DAY)
    assert "Swims." not in composed(case, cast)


def test_a_practice_that_took_its_referral_back_is_told_nothing_more(
    case: SupportCase, cast: Cast
) -> None:
    mistaken = make.referral(cast.quay, case=case, withdrawn_at=NOW)
    db.session.refresh(case, ["referrals"])
    assert sent(case, cast).practice is cast.birch
    case.referrals[0].withdrawn_at, mistaken.withdrawn_at = NOW, None
    assert sent(case, cast).practice is cast.quay
    mistaken.withdrawn_at = NOW
    with pytest.raises(RuleBroken, match="No GP practice"):
        sent(case, cast)


def test_a_referral_that_was_taken_back_is_not_spoken_of(case: SupportCase, cast: Cast) -> None:
    case.referrals[0].withdrawn_at, case.person.practice = NOW, cast.birch
    text = composed(case, cast)
    assert not [words for words in ("Referred by", "agreed to the referral") if words in text]


def test_a_need_that_only_an_unshared_note_speaks_of_waits_for_its_tick(
    case: SupportCase, cast: Cast
) -> None:
    for need in (Need.FOOD, Need.ALCOHOL_DRUGS):
        case.needs.append(CaseNeed(need=need, importance=2, seen_at=NOW))
    make.contact(case, by=cast.amina, share_with_gp=True, needs=[Need.FOOD])
    make.contact(case, by=cast.amina, needs=[Need.FOOD, Need.ALCOHOL_DRUGS])
    offer = shareable.offer(case)
    assert {need.need for need in offer.needs} == {Need.FOOD, Need.ALCOHOL_DRUGS}
    assert offer.usual.needs == {Need.FOOD}
    assert "Alcohol" not in composed(case, cast)
    assert "Alcohol" in composed(case, cast, chosen=Chosen(needs=frozenset({Need.ALCOHOL_DRUGS})))


def test_what_is_not_ticked_is_left_out(case: SupportCase, cast: Cast) -> None:
    make.contact(case, by=cast.amina, notes="Open.", share_with_gp=True)
    case.needs.append(CaseNeed(need=Need.ALCOHOL_DRUGS, importance=3, seen_at=NOW))
    make.onward_referral(case, by=cast.amina)
    text = composed(case, cast, chosen=Chosen())
    assert not [w for w in ("Open.", "Alcohol", "Riverside") if w in text]


def test_a_conversation_is_told_of_once_unless_it_is_ticked_again(
    case: SupportCase, cast: Cast
) -> None:
    talk = make.contact(case, by=cast.amina, notes="Open.", share_with_gp=True)
    assert "Open." in sent(case, cast).body
    assert "Open." not in composed(case, cast)
    assert "Open." in composed(case, cast, chosen=Chosen(contacts=frozenset({talk.key})))


def test_the_goals_of_a_plan_are_told_once_it_is_agreed(case: SupportCase, cast: Cast) -> None:
    goals.write(case, "Sing in public.", by=cast.amina, at=NOW)
    assert "Sing in public." not in composed(case, cast)
    case.plan_agreed_at = NOW
    assert "Sing in public." in composed(case, cast)


def test_what_happened_before_the_practice_referred_is_not_told(
    case: SupportCase, cast: Cast
) -> None:
    assert "First conversation" in composed(case, cast)
    case.first_conversation_at = case.opened_at - DAY
    assert "First conversation" not in composed(case, cast)


def test_nothing_that_is_typed_passes_for_a_heading_or_a_code(
    case: SupportCase, cast: Cast
) -> None:
    forged = "Fine.\nFOR THE GP RECORD\r\n  Something (SNOMED CT 1)\u202e\x07"
    case.person.family_name = "Quill\nFOR THE GP RECORD"
    make.contact(case, by=cast.amina, notes=forged, share_with_gp=True)
    text = composed(case, cast)
    assert [line for line in text.split("\n") if line == "FOR THE GP RECORD"] == [
        "FOR THE GP RECORD"
    ]
    assert not {"\u202e", "\x07", "\r"} & set(text)


MARK = "UNSHARED"
SHOWN = "SHARED"


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    talks=st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sampled_from(ContactKind)), max_size=5
    ),
    agreed=st.booleans(),
    aside=st.booleans(),
    kind=st.sampled_from([STARTED, UPDATE, CLOSING]),
    everything=st.booleans(),
)
@pytest.mark.one_engine
def test_nothing_unshared_is_ever_in_a_message(
    cast: Cast,
    talks: list[tuple[bool, bool, ContactKind]],
    agreed: bool,
    aside: bool,
    kind: MessageKind,
    everything: bool,
) -> None:
    case = _marked_case(cast)
    case.plan_agreed_at = NOW if agreed else None
    _marked_contacts(case, cast, talks)
    goal = goals.write(case, SHOWN if agreed and not aside else MARK, by=cast.amina, at=NOW)
    if aside:
        goals.set_aside(goal, MARK, by=cast.amina, at=NOW)
    make.onward_referral(case, by=cast.amina, message=MARK, sent_at=NOW, ended_at=NOW)
    make.onward_referral(case, by=cast.amina, service=make.service(MARK), cancelled_at=NOW)
    if kind is CLOSING:
        close(case, cast)
    else:
        case.close_summary = MARK  # of an earlier close
    ticked = _all_keys(case) if everything else None
    letter = messages.compose(case, kind, chosen=ticked, by=cast.amina, at=NOW)
    assert MARK not in letters.text(letter)
    assert MARK not in str(letter.as_json())
    if any(flag and talked not in shareable.NOT_A_TALK for flag, _, talked in talks):
        assert SHOWN in letters.text(letter)
    db.session.rollback()


def _marked_case(cast: Cast) -> SupportCase:
    """A case in which everything that no practice is told is marked."""
    hidden = (
        "address email safe_to_contact access_needs alert next_of_kin language gender "
        "ethnic_group preferred_name"
    )
    person = make.person(**dict.fromkeys(hidden.split(), MARK))
    case = make.case(
        cast.northside,
        worker=cast.amina,
        person=person,
        first_conversation_at=NOW - 5 * DAY,
        next_action=MARK,
        limits={"note": MARK},
    )
    make.referral(cast.birch, case=case, referrer_name=MARK, note=MARK, reasons=[])
    return case


def _marked_contacts(
    case: SupportCase, cast: Cast, talks: list[tuple[bool, bool, ContactKind]]
) -> None:
    for flag, concern, kind in talks:
        words = SHOWN if flag and kind not in shareable.NOT_A_TALK else MARK
        make.contact(
            case,
            by=cast.amina,
            kind=kind,
            share_with_gp=flag,
            safety_concern=concern,
            safety_action=MARK,
            next_action=MARK,
            **dict.fromkeys(("notes", "what_matters", "strengths"), words),
        )


def _all_keys(case: SupportCase) -> Chosen:
    """Every key there is, as somebody might send who forges a form."""

    def keys(model: Any) -> frozenset[str]:
        return frozenset(db.session.scalars(select(model.key)))

    needs = frozenset(str(need) for need in Need)
    return Chosen(keys(Contact), needs, keys(Goal), keys(OnwardReferral))
