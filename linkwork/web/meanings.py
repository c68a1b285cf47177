"""The page about the model of meaning: is it in use, which is it, what has it read, what next."""

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock, meaning
from linkwork.access import Permission, may, me, requires
from linkwork.casework import meanings, service_vectors, understandings
from linkwork.errors import RuleBroken
from linkwork.web import building

bp = Blueprint("meanings", __name__, url_prefix="/meaning")

OFF = "It is turned off: the setting LINKWORK_MEANING is off. Set it to auto and start again."


@bp.get("")
@requires(Permission.EDIT_DIRECTORY, Permission.MANAGE_ORGANISATIONS)
def show() -> ResponseReturnValue:
    row = understandings.found()
    return render_template(
        "meanings/show.html",
        trouble=_trouble(),
        may_import=may(me(), Permission.EDIT_DIRECTORY),
        standing=service_vectors.standing(),
        is_taught=understandings.is_taught(),
        taught_at=row.taught_at if row else None,
        finished_at=row.finished_at if row else None,
        is_at_work=row is not None
        and row.taken_until is not None
        and row.taken_until > clock.now(),
        versions=meaning.versions(),
        hashes={"Model": meaning.MODEL_HASH, "Vocabulary": meaning.VOCABULARY_HASH},
    )


@bp.post("/build")
@requires(Permission.EDIT_DIRECTORY, Permission.MANAGE_ORGANISATIONS)
def build() -> ResponseReturnValue:
    """Begin to read what waits; the answer does not wait for it."""
    if trouble := _trouble():
        raise RuleBroken(trouble)
    flash("It has begun. Load this page again to see how far it is.")
    answer = redirect(url_for("meanings.show"), 303)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    answer.call_on_close(lambda: building.start(app))
    return answer


@bp.teardown_app_request
def forget_old(_error: BaseException | None) -> None:
    """With every request, let go of what was made of notes some time ago."""
    meanings.forget_old()


def _trouble() -> str | None:
    """Why the model is not in use, in a sentence; None where it is. Reads both of its files."""
    if not meanings.is_on():
        return OFF
    try:
        meaning.checked()
    except meaning.ModelUnusable as unusable:
        return str(unusable)
    return None
