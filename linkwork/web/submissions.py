"""Carrying a form out: once, in one transaction, and back to the typist where it cannot be."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from linkwork.access import me
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms import Form
from linkwork.models import Submission

T = TypeVar("T")
CHANGED = (
    "Somebody else changed this record while you were writing. Nothing you typed is lost: "
    "check what changed in another tab, then send this again."
)


def carry_out(
    form: Form, act: Callable[[], T], *, then: Callable[[T], str]
) -> ResponseReturnValue | None:
    """Do ``act`` if the form was sent and is well-formed, and go where ``then`` says.

    Returns None where the form is to be shown (again): it then holds what was typed, with its
    errors. A form that was carried out before only leads to where it led before.
    """
    if not form.is_ready():
        return None
    token, user_id = str(form.once.data or "")[:36], me().id
    try:
        earlier = _claim(token, user_id)
        if earlier is not None:
            return redirect(earlier, 303)
        result = act()
        db.session.flush()
        location = then(result)
        _settle(token, location)
    except (RuleBroken, StaleDataError) as refusal:
        db.session.rollback()
        form.refuse(str(refusal) if isinstance(refusal, RuleBroken) else CHANGED)
        return None
    return redirect(location, 303)


def _claim(token: str, user_id: int) -> str | None:
    """Take the token, or say where it led. A second claim waits for the first to commit."""
    db.session.add(Submission(token=token, user_id=user_id, location=""))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        query = select(Submission.location).where(
            Submission.token == token, Submission.user_id == user_id
        )
        return db.session.scalar(query) or "/"
    return None


def _settle(token: str, location: str) -> None:
    made: Any = db.session.scalar(select(Submission).where(Submission.token == token))
    made.location = location
