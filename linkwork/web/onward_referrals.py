"""Onward referrals: agreed with the person, sent, answered, visited, ended."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import onward_referrals
from linkwork.errors import RuleBroken
from linkwork.forms import Form
from linkwork.forms.onward_referrals import AgreeForm, AnswerForm, EndForm, VisitForm
from linkwork.models import (
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    Service,
    SupportCase,
)
from linkwork.web.cases import opened
from linkwork.web.display import LABELS, day, label
from linkwork.web.submissions import carry_out

bp = Blueprint("onward_referrals", __name__)

WITH_PARTS = (
    joinedload(OnwardReferral.service).joinedload(Service.provider),
    joinedload(OnwardReferral.case).joinedload(SupportCase.person),
)


@bp.route("/cases/<key>/onward-referrals/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    service = access.find(Service, request.values.get("service", ""), user=me())
    form = AgreeForm(data={"service": service.key})
    done = carry_out(form, lambda: _agree(case, service, form), then=_address)
    if done is not None:
        flash("Sent." if _is_to_be_sent() else "Saved. It is not sent yet.")
        return done
    page = render_template(
        "onward_referrals/new.html",
        case=case,
        service=service,
        form=form,
        obstacle=_obstacle(case, service),
        lines=onward_referrals.what_is_sent(case.person, message=None, needs_accompanying=False),
    )
    return page, form.status


@bp.get("/onward-referrals/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    return _page(_opened(key))


@bp.post("/onward-referrals/<key>/send")
@requires(Permission.WORK_CASES)
def send(key: str) -> ResponseReturnValue:
    onward = _opened(key)
    onward_referrals.send(onward, by=me(), at=clock.now())
    flash("Sent.")
    return redirect(_address(onward), 303)


@bp.route("/onward-referrals/<key>/answer", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def answer(key: str) -> ResponseReturnValue:
    onward = _opened(key)
    form = AnswerForm(LABELS[OnwardDecline])
    done = carry_out(form, lambda: _answer(onward, form), then=lambda _: _address(onward))
    return done or _page(onward, form)


@bp.route("/onward-referrals/<key>/first-visit", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def first_visit(key: str) -> ResponseReturnValue:
    onward = _opened(key)
    form = VisitForm()
    done = carry_out(
        form,
        lambda: onward_referrals.attended(
            onward, by=me(), on=form.first_visit_on.data, now=clock.now()
        ),
        then=lambda _: _address(onward),
    )
    return done or _page(onward, form)


@bp.route("/onward-referrals/<key>/end", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def end(key: str) -> ResponseReturnValue:
    onward = _opened(key)
    form = EndForm(LABELS[OnwardOutcome])
    done = carry_out(
        form,
        lambda: onward_referrals.end(
            onward, OnwardOutcome(form.outcome.data), by=me(), at=clock.now()
        ),
        then=lambda _: _address(onward),
    )
    return done or _page(onward, form)


@bp.post("/onward-referrals/<key>/cancel")
@requires(Permission.WORK_CASES)
def cancel(key: str) -> ResponseReturnValue:
    onward = _opened(key)
    onward_referrals.cancel(onward, by=me(), at=clock.now())
    flash("Taken back.")
    return redirect(url_for("cases.show", key=onward.case.key), 303)


def _opened(key: str) -> OnwardReferral:
    """The onward referral, once its case may be opened: who may not read one, reads neither."""
    found = access.find(OnwardReferral, key, user=me(), options=WITH_PARTS)
    opened(found.case.key)
    return found


def _page(onward: OnwardReferral, sent: Form | None = None) -> ResponseReturnValue:
    """The onward referral with its forms: the one that was sent as it was filled in."""
    forms: dict[str, Form] = {
        "answer": AnswerForm(LABELS[OnwardDecline], formdata=None),
        "visit": VisitForm(formdata=None, first_visit_on=clock.today()),
        "end": EndForm(_endings(onward), formdata=None),
    }
    if sent is not None:
        forms = {name: sent if type(sent) is type(form) else form for name, form in forms.items()}
    lines = onward_referrals.what_is_sent(
        onward.case.person, message=onward.message, needs_accompanying=onward.needs_accompanying
    )
    page = render_template(
        "onward_referrals/show.html",
        onward=onward,
        case=onward.case,
        lines=lines,
        happened=_happened(onward),
        forms=forms,
        form=sent,
    )
    return page, sent.status if sent is not None else 200


def _happened(onward: OnwardReferral) -> list[tuple[str, str]]:
    moments = {
        "Agreed": onward.agreed_at,
        "Sent": onward.sent_at,
        "Waiting list": onward.waitlisted_at,
        "Accepted": onward.accepted_at,
        "First visit": onward.first_attended_at,
        "Not going": onward.declined_at,
        "Taken back": onward.cancelled_at,
        "Ended": onward.ended_at,
    }
    why = {"Not going": onward.decline_reason, "Ended": onward.outcome}
    return [
        (name, f"{day(at)}: {label(why[name])}" if why.get(name) else day(at))
        for name, at in moments.items()
        if at is not None
    ]


def _agree(case: SupportCase, service: Service, form: AgreeForm) -> OnwardReferral:
    onward = onward_referrals.agree(
        case,
        service,
        message=form.message.data,
        needs_accompanying=form.needs_accompanying.data,
        by=me(),
        at=clock.now(),
    )
    if _is_to_be_sent():
        onward_referrals.send(onward, by=me(), at=clock.now())
    return onward


def _answer(onward: OnwardReferral, form: AnswerForm) -> None:
    if form.answer.data == "declined":
        reason = OnwardDecline(form.decline_reason.data)
        onward_referrals.declined(onward, reason, by=me(), at=clock.now())
    elif form.answer.data == "waitlisted":
        onward_referrals.waitlisted(onward, by=me(), at=clock.now())
    else:
        onward_referrals.accepted(onward, by=me(), at=clock.now())


def _is_to_be_sent() -> bool:
    return request.form.get("send") == "now"


def _obstacle(case: SupportCase, service: Service) -> str | None:
    """Why nothing can be agreed, said before anybody types."""
    try:
        onward_referrals.check(case, service, at=clock.now())
    except RuleBroken as refusal:
        return str(refusal)
    return None


def _endings(onward: OnwardReferral) -> dict[OnwardOutcome, str]:
    fitting = onward_referrals.endings(onward)
    return {code: text for code, text in LABELS[OnwardOutcome].items() if code in fitting}


def _address(onward: OnwardReferral) -> str:
    return url_for("onward_referrals.show", key=onward.key)
