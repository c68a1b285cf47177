"""Following a referral: a practice sees its own words and a stage, and never who was known."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.casework import contacts, following, referrals
from linkwork.casework.contacts import Conversation
from linkwork.casework.following import ENDINGS, STAGES, Followed, Tab
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    CaseState,
    CloseReason,
    ContactMode,
    DeclineReason,
    Referral,
    ReferralSource,
    Role,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number="9990000018")
LATER = NOW + timedelta(days=3)


def refer(by: User, at: datetime = NOW, identity: Identity = ROSA) -> Referral:
    request = Request(note="Lonely.", consented=True)
    return referrals.receive_from_practice(identity, request, by=by, at=at, on=TODAY)


def followed(by: User, referral: Referral) -> Followed:
    return following.follow(referral.key, by)


def accept(case: SupportCase, by: User, at: datetime) -> None:
    case.worker, case.accepted_at, case.accepted_by_id = by, at, by.id


def test_every_state_has_a_stage_and_every_reason_words_for_a_practice() -> None:
    assert set(STAGES) == set(CaseState)
    assert set(ENDINGS) == {*CloseReason, *DeclineReason}


def test_a_practice_follows_its_referral_from_stage_to_stage(cast: Cast) -> None:
    sent = refer(cast.dev)
    seen = [followed(cast.dev, sent).stage]
    for moment in ("accepted_at", "first_conversation_at", "connected_at", "closed_at"):
        setattr(sent.case, moment, LATER)
        seen.append(followed(cast.dev, sent).stage)
    assert seen == [
        "Received",
        "Accepted",
        "Being supported",
        "Going to an activity",
        "Support has ended",
    ]


def test_the_link_worker_is_named_once_the_referral_is_accepted(cast: Cast) -> None:
    sent = refer(cast.dev)
    assert followed(cast.dev, sent).worker is None
    accept(sent.case, cast.amina, LATER)
    assert followed(cast.dev, sent).worker == "Amina Okafor"


def test_the_reason_of_an_end_is_in_words_for_a_practice(cast: Cast) -> None:
    sent = refer(cast.dev)
    sent.case.declined_at, sent.case.decline_reason = LATER, DeclineReason.UNSAFE
    found = followed(cast.dev, sent)
    assert (found.stage, found.ended_at) == ("Not taken on", LATER)
    assert found.ending == "The patient needs clinical or crisis help first."


def test_what_happened_before_this_practice_referred_does_not_exist_for_it(cast: Cast) -> None:
    """The other practice of the PCN referred first, and support has long begun."""
    elm = make.organisation("Elm Street Surgery", cast.birch.kind, parent=cast.northside)
    elms = make.user("Ella North", elm, Role.PRACTICE)
    first = refer(elms, NOW)
    accept(first.case, cast.amina, NOW)
    first.case.first_conversation_at = NOW
    joined = refer(cast.dev, LATER)
    assert joined.case is first.case
    new = followed(cast.dev, joined)
    assert (new.stage, new.worker, new.accepted_at, new.started_at) == ("Received",) + (None,) * 3
    assert followed(elms, first).stage == "Being supported"


def test_a_talk_before_the_referral_was_typed_in_is_seen_by_the_practice_that_sent_it(
    cast: Cast,
) -> None:
    sent = refer(cast.dev, NOW)
    said = Conversation(ContactMode.PHONE, 20, notes="Talked.")
    earlier = NOW - timedelta(hours=1)
    contacts.record(sent.case, said, by=cast.amina, at=earlier, now=NOW)
    assert (sent.case.accepted_at, sent.case.first_conversation_at) == (NOW, earlier)
    found = followed(cast.dev, sent)
    assert (found.stage, found.worker) == ("Being supported", "Amina Okafor")
    assert (found.accepted_at, found.started_at) == (NOW, earlier)


def test_a_second_referral_of_the_same_practice_shows_what_the_first_shows(cast: Cast) -> None:
    first = refer(cast.dev, NOW)
    accept(first.case, cast.amina, NOW + timedelta(hours=1))
    second = refer(cast.dev, LATER)
    assert followed(cast.dev, second).worker == "Amina Okafor"


def test_a_practice_sees_what_it_wrote_and_nothing_that_is_known_elsewhere(cast: Cast) -> None:
    known = replace(ROSA, family_name="Known", phone="07700 900001", postcode="ZZ1 1AA")
    refer(cast.quinn, identity=known)
    sent = refer(cast.dev)
    assert sent.person.family_name == "Known"
    assert followed(cast.dev, sent).patient == ROSA


def test_a_practice_is_shown_its_own_words_whatever_the_record_says_now(cast: Cast) -> None:
    refer(cast.quinn)
    sent = refer(cast.dev, identity=replace(ROSA, family_name="Adams"))
    assert sent.person.family_name == "Quill"
    assert followed(cast.dev, sent).patient.family_name == "Adams"


def test_a_patient_who_stops_sharing_leaves_the_practice_the_stage_alone(cast: Cast) -> None:
    sent = refer(cast.dev)
    accept(sent.case, cast.amina, LATER)
    sent.case.share_with_gp = False
    sent.case.closed_at, sent.case.close_reason = LATER, CloseReason.PERSON_ENDED
    found = followed(cast.dev, sent)
    assert (found.stage, found.worker, found.ending) == ("Support has ended", None, "")


@pytest.mark.parametrize("source", [ReferralSource.SELF, ReferralSource.FAMILY])
def test_a_self_referral_of_its_own_patient_does_not_exist_for_a_practice(
    cast: Cast, source: ReferralSource
) -> None:
    private = make.referral(cast.birch, source=source)
    with pytest.raises(NotYours):
        following.follow(private.key, cast.dev)
    assert following.sent_by(cast.dev, Tab.OPEN, page=1).referrals == []
    assert following.search(cast.dev, "Quill") == []


def test_another_practice_s_referral_does_not_exist_for_a_practice(cast: Cast) -> None:
    theirs = refer(cast.quinn)
    with pytest.raises(NotYours):
        following.follow(theirs.key, cast.dev)
    sent = following.sent_by(cast.dev, Tab.OPEN, page=1)
    assert (sent.referrals, sent.counts) == ([], {Tab.OPEN: 0, Tab.ENDED: 0})


def test_a_list_is_in_pages_newest_first_and_counts_both_tabs(cast: Cast) -> None:
    for days in range(27):
        case = make.case(cast.northside, opened_at=NOW - timedelta(days=days))
        make.referral(cast.birch, by=cast.dev, case=case)
    case.closed_at = NOW
    first, second = (following.sent_by(cast.dev, Tab.OPEN, page=n) for n in (1, 2))
    ended = following.sent_by(cast.dev, Tab.ENDED, page=1)
    assert [len(s.referrals) for s in (first, second, ended)] == [25, 1, 1]
    assert first.counts == {Tab.OPEN: 26, Tab.ENDED: 1}
    assert first.referrals[0].referral.referred_at == NOW


@pytest.mark.parametrize(
    "words", ["quill", "ROSA QUILL", "Quill, Rosa", "ros quil", "999 000 0018"]
)
def test_a_referral_is_found_by_what_the_practice_wrote(cast: Cast, words: str) -> None:
    sent = refer(cast.dev)
    assert [f.referral for f in following.search(cast.dev, words)] == [sent]


@pytest.mark.parametrize("words", ["Known", "Adams", "999 000", "9990000026"])
def test_a_referral_is_not_found_by_what_others_know(cast: Cast, words: str) -> None:
    refer(cast.quinn, identity=replace(ROSA, family_name="Known"))
    refer(cast.dev)
    assert following.search(cast.dev, words) == []


def test_a_search_for_nothing_says_what_to_type() -> None:
    with pytest.raises(RuleBroken, match="Type a name"):
        following.search(User(), " , ’ ")


@given(st.text(min_size=1))
def test_a_patient_is_about_any_whole_word_of_their_name(name: str) -> None:
    patient = replace(ROSA, family_name=name)
    assert following._is_about(patient, ["rosa"])
