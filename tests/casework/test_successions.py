"""What becomes of what a closed practice or PCN leaves behind, and who may see it then."""

from datetime import date, timedelta

import pytest
from flask import current_app

from linkwork import access
from linkwork.casework import following, messages, public_places, referrals, shareable, successions
from linkwork.casework import organisation_changes as changes
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Referrer, Request
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    Organisation,
    OrganisationKind,
    Post,
    Referral,
    ReferralSource,
    Role,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)
ROSA = Identity("Quill", "Rosa", date(1951, 3, 12))
ASKED = Request("Lonely.", consented=True)


@pytest.fixture
def elm(cast: Cast) -> Organisation:
    """Another practice of Northside."""
    return make.organisation("Elm Lane Surgery", OrganisationKind.PRACTICE, parent=cast.northside)


def close(cast: Cast, what: Organisation, *successors: Organisation, day: date = TODAY) -> None:
    changes.close(what, day, successors=successors, by=cast.admin, at=NOW, on=TODAY)
    db.session.flush()


def carry_on(cast: Cast, what: Organisation, to: Organisation) -> successions.Left:
    return successions.carry_on(what, to, by=cast.supervisor, at=NOW, on=TODAY)


def sees(user: User, record: Referral | SupportCase) -> bool:
    try:
        access.find(type(record), record.key, user=user)
    except NotYours:
        return False
    return True


def test_a_closed_practice_sends_nothing_new_and_is_told_who_carries_on(
    cast: Cast, elm: Organisation
) -> None:
    close(cast, cast.birch, elm, day=TOMORROW)
    referrals.receive_from_practice(ROSA, ASKED, by=cast.dev, at=NOW, on=TODAY)
    with pytest.raises(
        RuleBroken,
        match=r"closed on 19 November 2026\. Elm Lane Surgery carries on for it\.",
    ):
        referrals.receive_from_practice(ROSA, ASKED, by=cast.dev, at=NOW, on=TOMORROW)


def test_nothing_new_is_sent_to_a_closed_pcn_or_written_down_for_a_closed_practice(
    cast: Cast, elm: Organisation
) -> None:
    close(cast, cast.birch, elm)
    assert [place.name for place in referrals.places(cast.amina, on=TODAY)] == [
        "Northside PCN", "Elm Lane Surgery",
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="Elm Lane Surgery carries on"):
        record(cast, cast.birch)
    close(cast, cast.southside)
    with pytest.raises(RuleBroken, match=r"^Southside PCN closed on 18 November 2026\. So nothing"):
        referrals.receive_from_practice(ROSA, ASKED, by=cast.quinn, at=NOW, on=TODAY)


def record(cast: Cast, place: Organisation) -> Referral:
    return referrals.record(
        ROSA, ASKED, place=place, source=ReferralSource.FAMILY, referrer=Referrer("Iris"),
        by=cast.amina, at=NOW, on=TODAY,
    )  # fmt: skip


def test_the_public_link_of_a_closed_practice_leads_to_the_one_that_carries_on(
    cast: Cast, elm: Organisation
) -> None:
    current_app.config["PUBLIC_REFERRALS"] = "all"
    close(cast, cast.birch, elm)
    assert public_places.find(cast.birch.key, on=TODAY) is elm
    close(cast, elm)
    with pytest.raises(NotYours):
        public_places.find(cast.birch.key, on=TODAY)


def test_people_and_users_of_a_closed_practice_stay_until_they_are_moved_on(
    cast: Cast, elm: Organisation
) -> None:
    person = make.person(practice=cast.birch)
    close(cast, cast.birch, elm)
    assert successions.left(cast.birch).people == 1
    assert person.practice is cast.birch
    moved = carry_on(cast, cast.birch, elm)
    assert (moved.people, moved.users) == (1, 1)
    assert person.practice is elm
    assert cast.dev.organisation is elm
    assert not successions.left(cast.birch).anything


def test_what_a_practice_sent_and_was_told_is_its_successors_to_see_once_it_took_over(
    cast: Cast, elm: Organisation
) -> None:
    sent = make.referral(practice=cast.birch)
    told = make.message(sent.case, by=cast.amina)
    assert told.practice is cast.birch
    newcomer = make.user("Nia Elm", elm, Role.PRACTICE)
    db.session.flush()
    assert sees(cast.dev, sent)
    assert not sees(newcomer, sent)
    close(cast, cast.birch, elm)
    assert not sees(newcomer, sent)  # not before somebody said so
    carry_on(cast, cast.birch, elm)
    assert sees(cast.dev, sent)
    assert sees(newcomer, sent)
    assert [m.id for m in messages.to_practice(newcomer).messages] == [told.id]
    messages.read(told, by=newcomer, at=NOW)
    assert following.follow(sent.key, newcomer).referral is sent
    assert sent.practice is cast.birch  # as it was received
    assert shareable.practice_of(sent.case) is elm
    assert not sees(cast.quinn, sent)


def test_a_practice_that_was_split_leaves_what_it_sent_to_nobody_else(
    cast: Cast, elm: Organisation
) -> None:
    sent = make.referral(practice=cast.birch)
    newcomer = make.user("Nia Elm", elm, Role.PRACTICE)
    close(cast, cast.birch, elm, cast.quay)
    carry_on(cast, cast.birch, elm)
    assert not sees(newcomer, sent)
    assert not sees(cast.quinn, sent)


def test_a_practice_that_moved_opens_no_case_to_its_new_pcn_and_keeps_its_referrals(
    cast: Cast,
) -> None:
    sent = make.referral(practice=cast.birch)
    changes.move(cast.birch, cast.southside, TODAY, by=cast.admin, at=NOW, on=TODAY)
    assert sees(cast.dev, sent)
    assert sees(cast.amina, sent.case)
    assert not sees(cast.cath, sent.case)
    assert not sees(cast.cath, sent)
    new = referrals.receive_from_practice(ROSA, ASKED, by=cast.dev, at=NOW, on=TODAY)
    assert new.organisation is cast.southside
    assert sees(cast.cath, new.case)
    assert not sees(cast.amina, new.case)


def test_everything_of_a_pcn_goes_to_the_one_it_merged_into(cast: Cast) -> None:
    sent = make.referral(practice=cast.birch)
    ended = make.case(cast.northside, closed_at=NOW)
    make.post(cast.amina)
    close(cast, cast.northside, cast.southside)
    assert sees(cast.amina, sent.case)
    assert not sees(cast.cath, sent.case)
    moved = carry_on(cast, cast.northside, cast.southside)
    assert (moved.cases, moved.posts) == (2, 1)
    assert not successions.left(cast.northside).anything
    assert sent.organisation is sent.case.organisation is cast.southside
    for user in (cast.amina, cast.cath):
        assert sees(user, sent.case)
        assert sees(user, ended)
    assert db.session.query(Post).one().organisation is cast.southside


def test_a_case_of_a_pcn_that_was_split_follows_the_practice_of_its_person(
    cast: Cast, elm: Organisation
) -> None:
    third = make.organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    with_birch = make.referral(
        cast.birch, case=make.case(cast.northside, person=make.person(practice=cast.birch))
    ).case
    with_nobody = make.case(cast.northside, person=make.person(practice=None))
    close(cast, cast.northside, cast.southside, third)
    changes.move(cast.birch, third, TODAY, by=cast.admin, at=NOW, on=TODAY)
    carry_on(cast, cast.northside, cast.southside)
    assert with_birch.organisation is third
    assert with_nobody.organisation is cast.southside
    assert with_birch.referrals[0].organisation is third


def test_nothing_is_moved_on_before_the_day_or_to_anybody_else(
    cast: Cast, elm: Organisation
) -> None:
    close(cast, cast.birch, elm, day=TOMORROW)
    with pytest.raises(RuleBroken, match="not closed yet"):
        carry_on(cast, cast.birch, elm)
    with pytest.raises(RuleBroken, match="Quay Street Practice does not carry on"):
        successions.carry_on(cast.birch, cast.quay, by=cast.admin, at=NOW, on=TOMORROW)


def test_what_goes_to_one_that_closed_too_is_moved_on_once_more_if_somebody_follows_it(
    cast: Cast, elm: Organisation
) -> None:
    person = make.person(practice=cast.birch)
    close(cast, cast.birch, elm)
    close(cast, elm)
    with pytest.raises(RuleBroken, match=r"^Elm Lane Surgery closed on 18 November 2026\. So"):
        carry_on(cast, cast.birch, elm)
    [mistake] = changes.of(elm)
    changes.undo(mistake, by=cast.admin, at=NOW, on=TODAY)
    close(cast, elm, cast.quay)
    carry_on(cast, cast.birch, elm)
    carry_on(cast, elm, cast.quay)
    assert person.practice is cast.quay
