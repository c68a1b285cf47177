"""What a user sees when something cannot be done: what happened, and what to do next."""

import logging
import secrets
from typing import Any

from flask import Flask, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from linkwork.access import me
from linkwork.capacity.calendar import BankHolidaysUnknown
from linkwork.database import db
from linkwork.errors import NotAllowed, NotYours, RuleBroken, without_values
from linkwork.forms.account import SignInForm
from linkwork.web import gate

log = logging.getLogger("linkwork")
PASSED_ON = ("Allow", "Retry-After")
CHANGED = "Somebody else changed this record first. Go back, load the page again and try again."
STALE_FORM = (
    "This page was open for too long, or your browser does not keep cookies for this site. "
    "Go back, load the page again and try again. Copy anything you have typed first."
)
STALE_SIGN_IN = (
    "We could not sign you in from that page. Try again here. If it happens again, "
    "let your browser keep cookies for this site."
)
SOMEBODY_ELSE = (
    "Somebody else was signed in when this page was opened. Go back, load the page again "
    "and try again."
)


def refused(status: int, error: object = "") -> tuple[str, int]:
    """The page of one refusal. A 404 never says what it was that was not found."""
    return render_template("errors/refused.html", status=status, error=error), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, InternalServerError):
        return _after_the_answer(error.original_exception or error)
    if error.code is None or error.code < 400:
        return error.get_response()
    given = dict(error.get_headers())
    return *refused(error.code), {name: given[name] for name in PASSED_ON if name in given}


def _after_the_answer(error: BaseException) -> ResponseReturnValue:
    """What failed after a page was made: the commit, so that nothing was kept."""
    away = isinstance(error, OperationalError | InterfaceError)
    return _away(error) if away else _broken(error)


def _token_missing(error: CSRFError) -> ResponseReturnValue:
    """A form that was not made for this session: from another site, another user or long ago."""
    log.info("form token refused at %s: %s", request.endpoint, error.description)
    if request.endpoint == "account.sign_in":
        form = SignInForm()
        if current_user.is_authenticated and not form.kept.data:
            return redirect(url_for("pages.home"), 303)  # signed in in another tab meanwhile
        form.refuse(STALE_SIGN_IN)
        kept = bool(form.kept.data)
        page = render_template("account/sign_in.html", form=form, ended=False, kept=kept)
        return page, 400
    if request.endpoint == "account.demo_sign_in":
        return redirect(url_for("account.demo"), 303)
    written_by = gate.writer()
    if written_by is None:
        return refused(400, STALE_FORM)
    if current_user.is_authenticated and written_by != me().key and not gate.takes_a_page():
        return refused(400, SOMEBODY_ELSE)
    return gate.ask_again()


def _away(error: BaseException) -> ResponseReturnValue:
    _nothing_was_kept()
    log.error("database away: %s", type(error).__name__)
    return _plain_page(), 503, {"Retry-After": "60"}


def _broken(error: BaseException) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    _nothing_was_kept()
    log.error("error %s at %s\n%s", reference, request.endpoint, without_values(error))
    try:
        page = render_template("errors/refused.html", status=500, error="", reference=reference)
    except Exception:  # whatever is broken may break the frame of the page too
        page = _plain_page(reference=reference)
    return page, 500


def _nothing_was_kept() -> None:
    """Drop the transaction, and what the next page would have said that it did."""
    db.session.rollback()
    session.pop("_flashes", None)


def _plain_page(**facts: Any) -> str:
    # Not by render_template, which would ask the database who is signed in.
    return current_app.jinja_env.get_template("errors/unavailable.html").render(**facts)


def _leave_it_to_broken(exc_info: object) -> None:
    """Flask would log the message as well as the place."""


def init_app(app: Flask) -> None:
    """Answer every kind of refusal with a page."""
    handlers: dict[Any, Any] = {
        RuleBroken: lambda error: refused(409, error),
        BankHolidaysUnknown: lambda error: refused(422, error),
        StaleDataError: lambda _: refused(409, CHANGED),
        NotAllowed: lambda _: refused(403),
        NotYours: lambda _: refused(404),
        CSRFError: _token_missing,
        HTTPException: _http,
        OperationalError: _away,
        InterfaceError: _away,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)
    app.log_exception = _leave_it_to_broken  # type: ignore[method-assign]
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _broken)
