"""What a worker says to a suggestion: no good, and why, with one press; another puts it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import limits, match_answers
from linkwork.casework.match_answers import Shown
from linkwork.forms.matches import RejectForm
from linkwork.models import MatchAnswer, MatchAnswerKind, RejectReason, Service, SupportCase
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("match_answers", __name__)
PUT_BACK = "It is put back. It is on the list again where it fits."


@bp.route("/cases/<key>/matches/no-good", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def reject(key: str) -> ResponseReturnValue:
    """Take an activity off the list: with one press there, or here with words."""
    case = opened(key)
    service = access.find(Service, request.values.get("service", ""), user=me())
    asked = {name: request.values.get(name, "") for name in ("match", "after")}
    form = RejectForm.from_request(data={**asked, "service": service.key})
    done = carry_out(
        form,
        lambda: _reject(case, service, form),
        then=lambda answer: _list(key, form.after.data, answered=answer.key),
    )
    page = {"case": case, "service": service, "form": form, "back": _list(key, asked["after"])}
    return done or (render_template("matches/no_good.html", **page), form.status)


def _reject(case: SupportCase, service: Service, form: RejectForm) -> MatchAnswer:
    answer = match_answers.reject(
        case,
        service,
        RejectReason(form.reason.data),
        words=form.words.data,
        shown=Shown.read(form.match.data or ""),
        by=me(),
        at=clock.now(),
    )
    if answer.reason is RejectReason.TRIED_BEFORE:
        limits.never_again(case, service, by=me(), on=clock.today())
    return answer


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
    return redirect(_list(case.key, request.form.get("after")), 303)


def _list(key: str, after: str | None, answered: str | None = None) -> str:
    return url_for("matches.index", key=key, after=after or None, answered=answered)
