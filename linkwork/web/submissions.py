"""Carrying a form out: once, in one transaction, and back to the typist where it cannot be."""

import hashlib
import json
from collections.abc import Callable
from typing import TypeVar

from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from linkwork.access import me
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms import RESUMED, Form, new_token
from linkwork.models import Submission

T = TypeVar("T")
NOT_TYPED = {"csrf_token", RESUMED}
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
    token, user_id = _name_of(form), me().id
    try:
        claimed = _claim(token, user_id)
        if claimed is None:
            return redirect(_led_to(token, user_id), 303)
        result = act()
        db.session.flush()
        claimed.location = location = then(result)
        db.session.flush()
    except (RuleBroken, StaleDataError, IntegrityError) as refusal:
        db.session.rollback()
        session.pop("_flashes", None)  # what was not done is not announced either
        form.refuse(str(refusal) if isinstance(refusal, RuleBroken) else CHANGED)
        return None
    return redirect(location, 303)


def _name_of(form: Form) -> str:
    """A name for one filling-in: the same content of the same form has the same name.

    Somebody who goes back to a page that was sent and writes something else means something else.
    """
    if not form.once.data:
        return new_token()
    typed = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in NOT_TYPED)
    content = json.dumps([me().id, request.path, typed])
    return hashlib.sha256(content.encode()).hexdigest()[:36]


def _claim(token: str, user_id: int) -> Submission | None:
    """Take the token, or None where it is taken. A second claim waits for the first to commit."""
    claimed = Submission(token=token, user_id=user_id, location="")
    db.session.add(claimed)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return None
    return claimed


def _led_to(token: str, user_id: int) -> str:
    """Where its sender was taken when a form was carried out before."""
    query = select(Submission.location).where(
        Submission.token == token, Submission.user_id == user_id
    )
    return db.session.scalar(query) or "/"
