"""Users: invited, joined, given roles, disabled."""

from datetime import datetime, timedelta

import pytest
from flask import current_app

from linkwork import passwords
from linkwork.casework import sessions, users
from linkwork.casework.sessions import FAILURES_PER_ACCOUNT
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import OrganisationKind, Role, User
from tests import cast as make
from tests.cast import PASSWORD, Cast


def invite(cast: Cast, clock, **changes) -> tuple[User, str]:
    usual = {
        "name": "Farah Noor",
        "email": "farah.noor@moorvale.example",
        "organisation": cast.northside,
        "roles": [Role.LINK_WORKER],
    }
    made = users.invite(**{**usual, **changes}, by=cast.admin, at=clock.now)
    db.session.commit()
    return made


def join(token: str, password: str, at: datetime) -> None:
    """Join as the page does, in a session of its own."""
    with current_app.app_context():
        users.join(token, password, at=at)
        db.session.commit()


def can_sign_in(email: str, password: str, at: datetime) -> bool:
    db.session.commit()
    with current_app.app_context():
        try:
            sessions.sign_in(email, password, address="", at=at)
        except RuleBroken:
            return False
        finally:
            db.session.commit()
        return True


def test_somebody_invited_chooses_a_password_and_signs_in_with_it(cast: Cast, clock) -> None:
    user, token = invite(cast, clock)
    assert not user.is_active
    assert not can_sign_in(user.email, "three herons dancing", clock.now)
    join(token, "three herons dancing", clock.now)
    assert can_sign_in(user.email, "three herons dancing", clock.now)


def test_a_link_works_once(cast: Cast, clock) -> None:
    _, token = invite(cast, clock)
    join(token, "three herons dancing", clock.now)
    assert users.invitation(token, at=clock.now) is None
    db.session.commit()
    with pytest.raises(RuleBroken, match="has been used"):
        join(token, "four herons dancing", clock.now)


def test_a_link_works_for_seven_days(cast: Cast, clock) -> None:
    _, token = invite(cast, clock)
    week = timedelta(days=7)
    assert users.invitation(token, at=clock.now + week - timedelta(seconds=1)) is not None
    assert users.invitation(token, at=clock.now + week) is None


def test_a_new_link_ends_the_older_ones(cast: Cast, clock) -> None:
    user, first = invite(cast, clock)
    second = users.invite_again(user, by=cast.admin, at=clock.now)
    assert users.invitation(first, at=clock.now) is None
    assert users.invitation(second, at=clock.now) is not None


def test_a_link_that_was_made_up_opens_nothing(cast: Cast, clock) -> None:
    invite(cast, clock)
    assert users.invitation("made-up", at=clock.now) is None


def test_a_new_password_ends_every_session_and_forgets_failures(cast: Cast, clock) -> None:
    token = sessions.begin(cast.amina, at=clock.now).session_token
    tries = [can_sign_in(cast.amina.email, "wrong", clock.now) for _ in range(FAILURES_PER_ACCOUNT)]
    assert not any(tries)
    link = users.invite_again(cast.amina, by=cast.admin, at=clock.now)
    db.session.commit()
    join(link, "three herons dancing", clock.now)
    day = timedelta(days=1)
    assert sessions.user_of(token, at=clock.now, idle=day, longest=day) is None
    assert can_sign_in(cast.amina.email, "three herons dancing", clock.now)


def test_a_disabled_user_cannot_come_back_by_a_link(cast: Cast, clock) -> None:
    link = users.invite_again(cast.amina, by=cast.admin, at=clock.now)
    users.disable(cast.amina, by=cast.admin, at=clock.now)
    assert users.invitation(link, at=clock.now) is None
    users.enable(cast.amina, by=cast.admin)
    assert users.invitation(link, at=clock.now) is not None


@pytest.mark.parametrize(
    "address", ["AMINA.OKAFOR@moorvale.example", " amina.okafor@moorvale.example"]
)
def test_an_address_has_one_account_however_it_is_written(cast: Cast, clock, address) -> None:
    with pytest.raises(RuleBroken, match="already has an account"):
        invite(cast, clock, email=address)


def test_two_administrators_inviting_the_same_person_at_once_are_told(
    cast: Cast, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.session, "scalar", lambda *_: None)  # neither sees the other’s yet
    with pytest.raises(RuleBroken, match="already has an account"):
        invite(cast, clock, email=cast.amina.email)
    db.session.rollback()


def test_everybody_has_a_role(cast: Cast, clock) -> None:
    with pytest.raises(RuleBroken, match="at least one role"):
        invite(cast, clock, roles=[])
    with pytest.raises(RuleBroken, match="at least one role"):
        users.change_roles(cast.amina, [], by=cast.admin)


@pytest.mark.parametrize(
    ("place", "role"), [("hub", Role.LINK_WORKER), ("northside", Role.PRACTICE)]
)
def test_a_role_is_held_where_it_means_something(cast: Cast, clock, place, role) -> None:
    places = {
        "hub": make.organisation("Moorvale Hub", OrganisationKind.HUB_HOST),
        "northside": cast.northside,
    }
    with pytest.raises(RuleBroken, match="not the kind of organisation"):
        invite(cast, clock, organisation=places[place], roles=[role])


def test_roles_are_replaced_by_those_given(cast: Cast) -> None:
    users.change_roles(cast.amina, [Role.SUPERVISOR, Role.LINK_WORKER], by=cast.admin)
    db.session.commit()
    assert cast.amina.roles == {Role.SUPERVISOR, Role.LINK_WORKER}
    users.change_roles(cast.amina, [Role.SUPERVISOR], by=cast.admin)
    db.session.commit()
    assert cast.amina.roles == {Role.SUPERVISOR}


def test_an_administrator_cannot_lock_themselves_out(cast: Cast, clock) -> None:
    with pytest.raises(RuleBroken, match="ask a colleague"):
        users.disable(cast.admin, by=cast.admin, at=clock.now)
    with pytest.raises(RuleBroken, match="ask a colleague"):
        users.change_roles(cast.admin, [Role.DIRECTORY_EDITOR], by=cast.admin)


@pytest.mark.parametrize(
    "easy",
    [
        "short word",
        "password1234",
        "Password123!!",
        "p4ssw0rd2026!",
        "qwertyuiop123",
        "SocialPrescribing1",
        "linkworker2026",
        "welcomehome!!",
        "abababababab",
        "nhs-password-1",
    ],
)
@pytest.mark.one_engine
def test_a_password_that_is_easy_to_guess_is_refused(easy: str) -> None:
    with pytest.raises(RuleBroken):
        passwords.check(easy)


@pytest.mark.parametrize(
    "good", [PASSWORD, "correct kettle umbrella", "Ünïcödé wörds ök", "🦊🐢🦉🐝🦋🐙🦒🦔🐬🐧🦆🐌"]
)
@pytest.mark.one_engine
def test_three_random_words_make_a_password(good: str) -> None:
    passwords.check(good)


@pytest.mark.one_engine
def test_an_accented_letter_is_the_same_on_every_keyboard() -> None:
    assert passwords.verify(passwords.hashed("cafe\u0301 on the corner"), "caf\u00e9 on the corner")


@pytest.mark.one_engine
def test_no_password_fits_an_account_without_one() -> None:
    assert not passwords.verify(None, "nobody has this password")
    assert not passwords.verify("not a hash at all", "three herons dancing")
