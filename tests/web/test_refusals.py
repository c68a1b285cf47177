"""What a user sees when something cannot be done, and the headers of every answer."""

import io
import logging
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from linkwork.access import Permission, open_to_all, requires
from linkwork.casework import sessions
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from tests.cast import Cast, sign_in
from tests.pages import Reader

SECRET = "Rosa Quill 999 000 0018"


def fail(kind: str) -> Any:
    """Fail in one of the ways in which things fail."""
    failures: dict[str, Exception] = {
        "rule": RuleBroken("This case is closed. Reopen it first."),
        "stale": StaleDataError("UPDATE expected 1 row"),
        "not-yours": NotYours(SECRET),
        "away": OperationalError(SECRET, {}, Exception("gone")),
        "broken": IntegrityError(SECRET, {"name": SECRET}, Exception(SECRET)),
    }
    if kind in failures:
        raise failures[kind]
    abort(int(kind))


@pytest.fixture
def app(make_app) -> Any:
    """The app with an address for each way to fail."""
    app: Flask = make_app(MAX_CONTENT_LENGTH=1000)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fail/<kind>", "fail", open_to_all(fail))

    @app.get("/undeclared")
    def undeclared() -> str:
        return SECRET

    @app.post("/take")
    @requires(Permission.OWN_ACCOUNT)
    def take() -> Any:
        from flask import request

        return str(len(request.files)), 200, {"Content-Type": "text/plain"}

    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        ("400", 400, "We could not read that"),
        ("403", 403, "You cannot open this"),
        ("404", 404, "Page not found"),
        ("405", 405, "That is not possible here"),
        ("409", 409, "That can no longer be done"),
        ("413", 413, "That file is too large"),
        ("415", 415, "That kind of file is not accepted"),
        ("422", 422, "Some of that could not be used"),
        ("429", 429, "Too many tries"),
        ("500", 500, "Something went wrong"),
        ("503", 503, "not available just now"),
        ("418", 418, "Something went wrong"),
        ("rule", 409, "This case is closed. Reopen it first."),
        ("stale", 409, "Somebody else changed this record first."),
        ("not-yours", 404, "Page not found"),
        ("away", 503, "Linkwork is not available just now"),
        ("broken", 500, "Quote this reference"),
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_refusal_says_what_to_do_and_nothing_else(
    client: Reader, cast: Cast, kind: str, status: int, says: str, signed_in: bool
) -> None:
    if signed_in:
        sign_in(client, cast.amina)
    answer = client.get(f"/fail/{kind}")
    assert answer.status_code == status
    assert says in answer.text
    assert "Rosa" not in answer.text


def test_a_failure_is_logged_with_its_reference_and_nobodys_data(
    client: Reader, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = client.get("/fail/broken").text
    written = caplog.text
    reference = page.split("reference: <strong")[1].split(">")[1].split("<")[0]
    assert reference in written
    assert "IntegrityError" in written
    assert "in fail" in written
    assert "Rosa" not in written


def test_a_page_whose_own_frame_is_broken_still_gives_a_reference(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, cast.amina)
    monkeypatch.setattr("linkwork.web.menu.items", lambda _: 1 / 0)
    answer = client.get("/help")
    assert answer.status_code == 500
    assert "quote this reference" in answer.text


@pytest.mark.parametrize("address", ["/", "/help", "/sign-in", "/health", "/no-such-page"])
def test_a_database_that_is_away_gives_a_plain_page_and_comes_back_by_itself(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    sign_in(client, cast.amina)
    with monkeypatch.context() as away:

        def gone(*_: Any, **__: Any) -> None:
            raise OperationalError("select", {}, Exception("connection refused"))

        away.setattr(sessions, "user_of", gone)
        away.setattr(db.session, "execute", gone)
        answer = client.get(address)
        assert answer.status_code == 503
        assert "Linkwork is not available just now" in answer.text
        assert answer.headers["Retry-After"] == "60"
    assert client.get("/help").status_code == 200


def test_a_commit_that_fails_is_a_failure_although_the_page_was_made(
    client: Reader,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def gone() -> None:
        raise OperationalError("commit", {}, Exception(SECRET))

    sign_in(client, cast.amina)
    monkeypatch.setattr("linkwork.database._note_the_reading", gone)
    answer = client.get("/help")
    assert answer.status_code == 503
    assert "Linkwork is not available just now" in answer.text
    assert "database away" in caplog.text
    assert "Rosa" not in caplog.text


def test_a_route_that_declares_nothing_is_refused_to_everybody(client: Reader, cast: Cast) -> None:
    assert client.get("/undeclared").status_code == 403
    assert client.get("/undeclared").status_code == 403
    answer = sign_in(client, cast.admin).get("/undeclared")
    assert (answer.status_code, SECRET in answer.text) == (403, False)


@pytest.mark.parametrize("address", ["/help?x=%00", "/cases/%00", "/join/%00"])
def test_an_address_no_database_can_be_asked_for_is_not_found(
    client: Reader, cast: Cast, address: str
) -> None:
    assert sign_in(client, cast.amina).get(address).status_code == 404


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(
    client: Reader, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    file = (io.BytesIO(b"x" * 5000), "large.json")
    answer = client.post("/take", data={"file": file})
    assert answer.status_code == 413
    assert "Send a smaller file" in answer.text
    small = (io.BytesIO(b"x" * 5), "small.json")
    assert client.post("/take", data={"file": small}).text == "1"


def test_a_wrong_method_says_which_are_right(client: Reader, cast: Cast) -> None:
    answer = client.post("/help")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("address", ["/help", "/sign-in", "/no-such-page", "/fail/broken", "/"])
def test_every_page_carries_the_strict_headers_and_is_kept_nowhere(
    client: Reader, cast: Cast, address: str
) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in headers


def test_a_static_file_is_kept_for_a_year_under_its_fingerprint_only(client: Reader) -> None:
    def kept(address: str) -> str:
        with client.get(address) as answer:
            return answer.headers.get("Cache-Control", "")

    assert "immutable" in kept("/static/css/linkwork.css?v=abc")
    assert "immutable" not in kept("/static/css/linkwork.css")
    assert kept("/static/css/no-such-file.css?v=abc") == ""


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(make_app, cast: Cast) -> None:
    client = make_app(SESSION_COOKIE_SECURE=True, WTF_CSRF_ENABLED=True).test_client()
    cookie = client.get("/sign-in", base_url="https://linkwork.example").headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))
    strict = client.get("/sign-in", base_url="https://linkwork.example").headers
    assert "max-age" in strict["Strict-Transport-Security"]
