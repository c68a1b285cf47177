"""Signing in and out, staying signed in, joining, and the demonstration."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import users
from linkwork.casework.sessions import FAILURES_PER_ACCOUNT
from linkwork.database import db
from linkwork.models import Role, UserSession
from linkwork.web.account import _safe
from tests.cast import PASSWORD, Cast, sign_in
from tests.pages import Reader
from tests.web.writing import add_a_page_for_notes, field, typed_sign_in, writing


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    """The app as it is served, with a page for notes."""
    app = make_app(WTF_CSRF_ENABLED=True, DEMO=False)
    add_a_page_for_notes(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_signing_in_leads_home_and_to_nothing_kept_before(client: Reader, cast: Cast) -> None:
    answer = typed_sign_in(client, cast.admin)
    assert (answer.status_code, answer.location) == (303, "/")


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Reader, cast: Cast) -> None:
    asked = client.get("/note?page=2")
    assert asked.location == "/sign-in?next=/note?page%3D2"
    page = client.get(asked.location).text
    action = re.search(r'<form method="post" action="([^"]*)"', page)
    assert action
    given = {"csrf_token": field(page, "csrf_token"), "email": cast.amina.email}
    answer = client.post(action[1], data={**given, "password": PASSWORD})
    assert answer.location == "/note?page=2"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:x\r\n",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/é",
        "",
        None,
    ],
)
def test_nobody_is_led_to_another_site_by_signing_in(elsewhere: str | None) -> None:
    assert _safe(elsewhere) is None


def test_somebody_signed_in_who_asks_to_sign_in_is_taken_on(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    assert client.get("/sign-in?next=/note").location == "/note"


def test_a_wrong_password_says_one_sentence_and_keeps_the_address(
    client: Reader, cast: Cast
) -> None:
    answer = typed_sign_in(client, cast.amina, password="three herons knitting")
    assert answer.status_code == 422
    assert "The email address or password is not right." in answer.text
    assert cast.amina.email in answer.text
    assert "herons" not in answer.text


def test_too_many_attempts_say_how_long_to_wait(client: Reader, cast: Cast) -> None:
    for _ in range(FAILURES_PER_ACCOUNT):
        typed_sign_in(client, cast.amina, password="wrong")
    answer = typed_sign_in(client, cast.amina)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text


@pytest.mark.parametrize("email", ["", "   ", "\0", "a" * 300, "' or 1=1 --", "🦊@x"])
def test_whatever_is_typed_as_an_address_is_answered(client: Reader, cast: Cast, email) -> None:
    assert typed_sign_in(client, cast.amina, email=email).status_code == 422


def test_signing_in_begins_a_new_session_and_a_clean_cookie(client: Reader, cast: Cast) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "before"
    typed_sign_in(client, cast.amina)
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert "planted" not in cookie
    typed_sign_in(client, cast.ben, page=client.get("/help").text)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    open_sessions = db.session.scalars(
        select(UserSession).where(UserSession.ended_at.is_(None))
    ).unique()
    assert [session.user.name for session in open_sessions] == ["Ben Harte"]


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    app: Flask, client: Reader, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    copied = client.get_cookie("linkwork")
    token = field(client.get("/note").text, "csrf_token")
    answer = client.post("/sign-out", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    thief = app.test_client()
    thief.set_cookie("linkwork", copied.value)
    assert thief.get("/note").status_code == 302


def test_signing_out_of_a_session_that_has_ended_is_no_error(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=16)
    assert client.post("/sign-out", data=form).location == "/sign-in"


def test_staying_signed_in_takes_one_press(client: Reader, cast: Cast, clock) -> None:
    sign_in(client, cast.amina)
    token = field(client.get("/note").text, "csrf_token")
    for _ in range(3):
        clock.advance(minutes=14)
        kept = client.post("/session/keep", headers={"X-CSRFToken": token})
        assert kept.status_code == 204
    clock.advance(minutes=15)
    assert client.post("/session/keep", headers={"X-CSRFToken": token}).status_code == 401


def test_a_refused_form_is_a_sign_of_life_too(client: Reader, cast: Cast, clock) -> None:
    sign_in(client, cast.amina)
    for _ in range(3):
        clock.advance(minutes=10)
        assert client.get("/no-such-page").status_code == 404
        clock.advance(minutes=10)
        assert client.get("/users/").status_code == 403


def test_a_session_that_has_ended_says_so(client: Reader, cast: Cast, clock) -> None:
    sign_in(client, cast.amina)
    clock.advance(minutes=15)
    assert "Your session has ended." in client.page("/note").text


def test_a_first_visit_is_not_told_of_a_session(client: Reader, cast: Cast) -> None:
    assert "session" not in client.page("/note").text


def test_a_sign_in_page_that_lost_its_cookie_says_what_to_do(client: Reader, cast: Cast) -> None:
    page = client.get("/sign-in").text
    client.delete_cookie("linkwork")
    answer = typed_sign_in(client, cast.amina, page=page)
    assert answer.status_code == 400
    assert "keep cookies" in answer.text
    assert typed_sign_in(client, cast.amina, page=answer.text).status_code == 303


def test_signing_in_in_two_tabs_is_no_error(client: Reader, cast: Cast) -> None:
    first, second = client.get("/sign-in").text, client.get("/sign-in").text
    typed_sign_in(client, cast.amina, page=first)
    assert typed_sign_in(client, cast.amina, page=second).location == "/"


# Joining -----------------------------------------------------------------------------------------


def invited(cast: Cast, clock) -> str:
    _, token = users.invite(
        name="Farah O’Noor",
        email="farah@moorvale.example",
        organisation=cast.northside,
        roles=[Role.LINK_WORKER],
        by=cast.admin,
        at=clock.now,
    )
    db.session.commit()
    return f"/join/{token}"


def choose(client: Reader, address: str, password: str, again: str | None = None) -> Any:
    token = field(client.get(address).text, "csrf_token")
    given = {"csrf_token": token, "password": password, "again": again or password}
    return client.post(address, data=given)


def test_an_invitation_leads_to_a_password_and_in(client: Reader, cast: Cast, clock) -> None:
    address = invited(cast, clock)
    assert "Farah O’Noor" in client.page(address).text
    assert choose(client, address, "three herons dancing").location == "/"
    assert client.get("/note").status_code == 200
    over = client.get(address)
    assert over.status_code == 404
    assert "This link no longer works" in over.text


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", None, "at least 12 characters"),
        ("password2026!", None, "easy to guess"),
        ("three herons dancing", "three herons", "not the same"),
        ("long " * 50, None, "at most 200"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    client: Reader, cast: Cast, clock, password, again, says
) -> None:
    answer = choose(client, invited(cast, clock), password, again)
    assert answer.status_code in {409, 422}
    assert says in answer.text
    assert "herons" not in answer.text


def test_joining_on_a_colleagues_computer_ends_their_session(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    choose(client, invited(cast, clock), "three herons dancing")
    page = client.page("/help")
    assert "Farah O’Noor" in page.text
    assert "Amina" not in page.text


# The demonstration -------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_click_sign_in_exists_only_in_the_demonstration(
    client: Reader, cast: Cast, method
) -> None:
    token = field(client.get("/sign-in").text, "csrf_token")
    address = "/demo" if method == "get" else f"/demo/{cast.amina.key}"
    assert getattr(client, method)(address, data={"csrf_token": token}).status_code == 404


@pytest.fixture
def app_of_demo(make_app) -> Any:
    """The demonstration."""
    app = make_app(DEMO=True, WTF_CSRF_ENABLED=True)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_the_demonstration_signs_in_with_one_click(app_of_demo: Flask, cast: Cast, clock) -> None:
    users.disable(cast.ben, by=cast.admin, at=clock.now)
    db.session.commit()
    client = app_of_demo.test_client()
    page = client.get("/demo").text
    assert "Nobody here exists" in page
    assert "Amina Okafor" in page
    assert "Ben Harte" not in page
    token = field(page, "csrf_token")
    assert client.post(f"/demo/{cast.amina.key}", data={"csrf_token": token}).location == "/"
    assert "Amina Okafor" in client.get("/help").text
    # Back to the page of before, and somebody else: one more look at the list, no error.
    assert client.post(f"/demo/{cast.cath.key}", data={"csrf_token": token}).location == "/demo"
    token = field(client.get("/demo").text, "csrf_token")
    assert client.post(f"/demo/{cast.cath.key}", data={"csrf_token": token}).location == "/"
    assert client.post(f"/demo/{cast.ben.key}", data={"csrf_token": token}).status_code == 303


def test_a_device_gets_a_key_for_whoever_is_signed_in_and_nobody_else(
    app: Flask, client: Reader, cast: Cast
) -> None:
    assert client.get("/account/device-key").status_code == 302
    given = sign_in(client, cast.amina).get("/account/device-key")
    again = sign_in(client, cast.amina).get("/account/device-key")
    other = sign_in(client, cast.ben).get("/account/device-key")
    app.config["SECRET_KEY"] = "another installation"
    foreign = sign_in(client, cast.amina).get("/account/device-key")
    assert given.headers["Cache-Control"] == "no-store"
    assert (given.json or {})["owner"] == cast.amina.key
    keys = [(answer.json or {})["key"] for answer in (given, again, other, foreign)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
