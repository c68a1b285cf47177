"""What a worker says to a suggestion: no good, and why, with one press; another puts it back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import limits, match_answers
from linkwork.casework.match_answers import Shown
from linkwork.errors import RuleBroken
from linkwork.forms import tidied
from linkwork.models import MatchAnswer, MatchAnswerKind, RejectReason, Service
from linkwork.web.cases import opened

bp = Blueprint("match_answers", __name__)
PUT_BACK = "It is put back. It is on the list again where it fits."


@bp.post("/cases/<key>/matches/no-good")
@requires(Permission.WORK_CASES)
def reject(key: str) -> ResponseReturnValue:
    """Take an activity off the list. Pressed twice it is said once: no form is needed."""
    case, reason = opened(key), request.form.get("reason")
    service = access.find(Service, request.values.get("service", ""), user=me())
    if reason not in set(RejectReason):
        raise RuleBroken("Choose why it is no good.")
    answer = match_answers.reject(
        case,
        service,
        RejectReason(reason),
        words=tidied(request.form.get("words")),
        shown=Shown.read(request.form.get("match", "")),
        by=me(),
        at=clock.now(),
    )
    if answer.reason is RejectReason.TRIED_BEFORE:
        limits.never_again(case, service, by=me(), on=clock.today())
    after = request.form.get("after") or None
    return redirect(url_for("matches.index", key=key, after=after, answered=answer.key), 303)


@bp.post("/match-answers/<key>/put-back")
@requires(Permission.WORK_CASES)
def put_back(key: str) -> ResponseReturnValue:
    """Let it be suggested again."""
    answer = access.find(MatchAnswer, key, user=me())
    case = opened(answer.case.key)
    match_answers.take_back(answer, by=me(), at=clock.now())
    if answer.reason is RejectReason.TRIED_BEFORE:
        limits.once_more(case, answer.service, by=me(), on=clock.today())
    flash(PUT_BACK if answer.kind is MatchAnswerKind.REJECTED else "Taken off.")
    after = request.form.get("after") or None
    return redirect(url_for("matches.index", key=case.key, after=after), 303)
