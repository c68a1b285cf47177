"""Signing in, staying signed in, and being signed out."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from linkwork import passwords
from linkwork.audit import Event
from linkwork.casework import sessions, users
from linkwork.casework.sessions import FAILURES_PER_ACCOUNT, WRONG, TooOften
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, SignInFailure, User, UserSession
from tests.cast import PASSWORD, Cast

IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=12)


def sign_in(email: str, password: str, at: datetime, address: str = "192.0.2.1") -> str | None:
    """Sign in as the page does, in a session of its own: what was noted of a failure is kept."""
    db.session.commit()
    with current_app.app_context():
        try:
            return sessions.sign_in(email, password, address=address, at=at).session_token
        except TooOften:
            return "too often"
        except RuleBroken:
            return None
        finally:
            db.session.commit()


def token_of(user: User, at: datetime) -> str:
    token = sessions.begin(user, at=at).session_token
    db.session.commit()
    return token


def comes_back(token: str, at: datetime) -> bool:
    found = sessions.user_of(token, at=at, idle=IDLE, longest=LONGEST)
    db.session.commit()
    return found is not None


def test_the_right_password_begins_a_session(cast: Cast, clock) -> None:
    token = sign_in(" AMINA.Okafor@moorvale.example ", PASSWORD, clock.now)
    assert comes_back(str(token), clock.now)


def test_the_token_itself_is_kept_nowhere(cast: Cast, clock) -> None:
    token = token_of(cast.amina, clock.now)
    kept = db.session.scalars(select(UserSession.token_hash)).all()
    assert token not in kept
    assert kept == [sessions.token_hash(token)]


def test_each_session_has_a_token_of_its_own(cast: Cast, clock) -> None:
    assert token_of(cast.amina, clock.now) != token_of(cast.amina, clock.now)


@pytest.mark.parametrize("who", ["amina.okafor@moorvale.example", "nobody@moorvale.example"])
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(cast: Cast, clock, who) -> None:
    with pytest.raises(RuleBroken, match=WRONG):
        sessions.sign_in(who, "three herons knitting", address="192.0.2.1", at=clock.now)


def test_an_account_nobody_has_joined_yet_has_no_password_that_fits(cast: Cast, clock) -> None:
    cast.amina.password_hash = None
    assert sign_in(cast.amina.email, "nobody has this password", clock.now) is None


def test_a_session_ends_when_nobody_used_it_for_fifteen_minutes(cast: Cast, clock) -> None:
    token = token_of(cast.amina, clock.now)
    assert comes_back(token, clock.now + IDLE - timedelta(seconds=1))
    later = clock.now + 2 * IDLE - timedelta(seconds=1)
    assert not comes_back(token, later)


def test_a_session_that_is_used_goes_on_for_twelve_hours_and_no_longer(cast: Cast, clock) -> None:
    token = token_of(cast.amina, clock.now)
    moments = [clock.now + timedelta(minutes=12) * step for step in range(1, 63)]
    ends = clock.now + LONGEST
    assert [comes_back(token, at) for at in moments] == [at < ends for at in moments]


def test_signing_out_ends_this_session_and_no_other(cast: Cast, clock) -> None:
    here, there = token_of(cast.amina, clock.now), token_of(cast.amina, clock.now)
    cast.amina.session_token = here
    sessions.end(cast.amina, at=clock.now)
    db.session.commit()
    assert (comes_back(here, clock.now), comes_back(there, clock.now)) == (False, True)


def test_a_session_that_was_ended_is_not_brought_back_by_a_late_visit(cast: Cast, clock) -> None:
    token = token_of(cast.amina, clock.now)
    sessions.end_all(cast.amina, at=clock.now)
    sessions.touch(token, at=clock.now)
    db.session.commit()
    assert not comes_back(token, clock.now)


def test_a_disabled_user_is_out_at_once(cast: Cast, clock) -> None:
    token = token_of(cast.amina, clock.now)
    cast.amina.disabled_at = clock.now  # as an administrator of the database might
    assert not comes_back(token, clock.now)
    cast.amina.disabled_at = None
    assert comes_back(token, clock.now)
    users.disable(cast.amina, by=cast.admin, at=clock.now)
    assert not comes_back(token, clock.now)
    assert sign_in(cast.amina.email, PASSWORD, clock.now) is None


def test_five_failures_close_an_account_for_fifteen_minutes(cast: Cast, clock) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        assert sign_in(cast.amina.email, "wrong", clock.now) is None
    email, other = cast.amina.email, cast.ben.email
    assert sign_in(email, PASSWORD, clock.now, address="198.51.100.7") == "too often"
    assert comes_back(str(sign_in(other, PASSWORD, clock.now)), clock.now)
    clock.advance(minutes=15)
    assert comes_back(str(sign_in(email, PASSWORD, clock.now)), clock.now)


def test_writing_an_address_differently_gives_no_further_guesses(cast: Cast, clock) -> None:
    address = cast.amina.email
    for written in (address, f" {address}", f"{address} ", address.upper(), address.title()):
        sign_in(written, "wrong", clock.now)
    assert sign_in(address, PASSWORD, clock.now) == "too often"


def test_guessing_at_many_accounts_from_one_address_is_slowed(
    cast: Cast, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "FAILURES_PER_ADDRESS", 3)
    for number in range(3):
        sign_in(f"guess{number}@moorvale.example", "wrong", clock.now)
    assert sign_in(cast.amina.email, PASSWORD, clock.now) == "too often"
    elsewhere = sign_in(cast.amina.email, PASSWORD, clock.now, address="198.51.100.7")
    assert comes_back(str(elsewhere), clock.now)


def test_failures_are_counted_by_every_process(
    cast: Cast, clock, make_app: Callable[..., Flask]
) -> None:
    email = cast.amina.email
    db.session.commit()
    for _ in range(FAILURES_PER_ACCOUNT):
        with make_app().app_context():
            sign_in(email, "wrong", clock.now)
            db.engine.dispose()
    assert sign_in(email, PASSWORD, clock.now) == "too often"


def test_guesses_made_all_at_once_count_against_the_one_that_is_right(
    cast: Cast, clock, make_app, monkeypatch: pytest.MonkeyPatch
) -> None:
    email, verify = cast.amina.email, passwords.verify
    db.session.commit()

    def meanwhile(kept: str | None, password: str) -> bool:
        monkeypatch.setattr(passwords, "verify", verify)
        with make_app().app_context():
            for _ in range(FAILURES_PER_ACCOUNT):
                sign_in(email, "wrong", clock.now)
            db.engine.dispose()
        return verify(kept, password)

    monkeypatch.setattr(passwords, "verify", meanwhile)
    assert sign_in(email, PASSWORD, clock.now) == "too often"


def test_signing_in_forgets_the_failures_before_it(cast: Cast, clock) -> None:
    for _ in range(2):
        for _ in range(FAILURES_PER_ACCOUNT - 1):
            sign_in(cast.amina.email, "wrong", clock.now)
        token = sign_in(cast.amina.email, PASSWORD, clock.now)
        assert comes_back(str(token), clock.now)


def test_failures_are_forgotten_when_they_no_longer_count(cast: Cast, clock) -> None:
    sign_in(cast.amina.email, "wrong", clock.now)
    clock.advance(minutes=16)
    sign_in(cast.ben.email, "wrong", clock.now)
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 2


def test_signing_in_and_failing_to_leave_an_entry_each(cast: Cast, clock) -> None:
    sign_in(cast.amina.email, "wrong", clock.now)
    sign_in("nobody@moorvale.example", "wrong", clock.now)
    sign_in(cast.amina.email, PASSWORD, clock.now)
    rows = db.session.execute(
        select(AuditEntry.event, AuditEntry.user_id, AuditEntry.record_id).order_by(
            AuditEntry.number
        )
    ).all()
    assert [tuple(row) for row in rows] == [
        (Event.SIGN_IN_FAILED, None, cast.amina.id),
        (Event.SIGN_IN_FAILED, None, None),
        (Event.USER_SIGNED_IN, cast.amina.id, cast.amina.id),
    ]
