"""Onward referrals: agreed with the person, sent, asked after, answered, ended."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import (
    answer_links,
    answers,
    limits,
    match_answers,
    onward_referrals,
    sent_details,
)
from linkwork.casework.answers import Said
from linkwork.casework.match_answers import Shown
from linkwork.errors import RuleBroken
from linkwork.forms.onward_referrals import AgreeForm, AnswerForm, EndForm
from linkwork.models import (
    AnswerKind,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    Service,
    SupportCase,
)
from linkwork.web.cases import opened
from linkwork.web.display import LABELS
from linkwork.web.onward_page import (
    address_of,
    answer_address,
    crowded,
    found,
    in_directory,
    page,
    tried_before,
)
from linkwork.web.submissions import carry_out

bp = Blueprint("onward_referrals", __name__)
EMAILED = "The link is on its way to them by email."
WAITS = "The link still waits to be sent to them, so it was not sent twice."


@bp.route("/cases/<key>/onward-referrals/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    service = access.find(Service, request.values.get("service", ""), user=me())
    after = tried_before(case)
    shown = Shown.read(request.values.get("match", ""))
    form = AgreeForm(
        data={
            "service": service.key,
            "after": after.key if after else "",
            "match": shown.words if shown else "",
            "needs_accompanying": limits.kept_of(case).not_alone,
        }
    )
    done = carry_out(form, lambda: _agree(case, service, form, after), then=address_of)
    if done is not None:
        flash("Sent." if _is_to_be_sent() else "Saved. It is not sent yet.")
        return done
    html = render_template(
        "onward_referrals/new.html",
        case=case,
        service=service,
        form=form,
        after=after,
        crowding=crowded(service),
        in_directory=in_directory(service),
        obstacle=_obstacle(case, service),
        lines=sent_details.what_is_sent(case.person, message=None, needs_accompanying=False),
    )
    return html, form.status


@bp.get("/onward-referrals/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    return page(found(key))


@bp.post("/onward-referrals/<key>/send")
@requires(Permission.WORK_CASES)
def send(key: str) -> ResponseReturnValue:
    onward = found(key)
    onward_referrals.send(onward, by=me(), at=clock.now())
    return _done(onward, "Sent. Pass the link on to them below.")


@bp.post("/onward-referrals/<key>/send-again")
@requires(Permission.WORK_CASES)
def send_again(key: str) -> ResponseReturnValue:
    onward = found(key)
    onward_referrals.send_again(onward, by=me(), at=clock.now())
    return _done(onward, "The link now shows the new details. Tell them that something changed.")


@bp.post("/onward-referrals/<key>/chase")
@requires(Permission.WORK_CASES)
def chase(key: str) -> ResponseReturnValue:
    onward = found(key)
    onward_referrals.chase(onward, by=me(), at=clock.now())
    return _done(onward, "Noted. You are reminded again in ten days.")


@bp.route("/onward-referrals/<key>/answer", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def answer(key: str) -> ResponseReturnValue:
    onward = found(key)
    form = AnswerForm(LABELS[OnwardDecline])
    done = carry_out(form, lambda: _answer(onward, form), then=lambda _: address_of(onward))
    return done or page(onward, form)


@bp.route("/onward-referrals/<key>/end", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def end(key: str) -> ResponseReturnValue:
    onward = found(key)
    form = EndForm(LABELS[OnwardOutcome])
    done = carry_out(
        form,
        lambda: onward_referrals.end(
            onward, OnwardOutcome(form.outcome.data), by=me(), at=clock.now()
        ),
        then=lambda _: address_of(onward),
    )
    return done or page(onward, form)


@bp.post("/onward-referrals/<key>/cancel")
@requires(Permission.WORK_CASES)
def cancel(key: str) -> ResponseReturnValue:
    onward = found(key)
    onward_referrals.cancel(onward, by=me(), at=clock.now())
    flash("Taken back.")
    return redirect(url_for("cases.show", key=onward.case.key), 303)


@bp.post("/onward-referrals/<key>/link")
@requires(Permission.WORK_CASES)
def renew_link(key: str) -> ResponseReturnValue:
    onward = found(key)
    answer_links.renew(onward, by=me(), at=clock.now())
    return _done(onward, "There is a new link. Any earlier one has ended.")


@bp.post("/onward-referrals/<key>/link/take-back")
@requires(Permission.WORK_CASES)
def take_link_back(key: str) -> ResponseReturnValue:
    onward = found(key)
    answer_links.take_back(onward, by=me(), at=clock.now())
    return _done(onward, "The link has ended. It opens nothing any more.")


@bp.post("/onward-referrals/<key>/link/email")
@requires(Permission.WORK_CASES)
def email_link(key: str) -> ResponseReturnValue:
    onward = found(key)
    sent = answer_links.email(onward, answer_address, by=me(), at=clock.now())
    return _done(onward, EMAILED if sent else WAITS)


def _done(onward: OnwardReferral, announced: str) -> ResponseReturnValue:
    flash(announced)
    return redirect(address_of(onward), 303)


def _agree(
    case: SupportCase, service: Service, form: AgreeForm, after: OnwardReferral | None
) -> OnwardReferral:
    onward = onward_referrals.agree(
        case,
        service,
        message=form.message.data,
        needs_accompanying=form.needs_accompanying.data,
        after=after,
        by=me(),
        at=clock.now(),
    )
    shown = Shown.read(form.match.data or "")
    if shown is not None or match_answers.is_answered(case, service):
        match_answers.accept(onward, shown=shown, by=me(), at=clock.now())
    if _is_to_be_sent():
        onward_referrals.send(onward, by=me(), at=clock.now())
    return onward


def _answer(onward: OnwardReferral, form: AnswerForm) -> None:
    kind = AnswerKind(form.answer.data)
    declined = kind is AnswerKind.DECLINED
    said = Said(
        kind,
        decline_reason=OnwardDecline(form.decline_reason.data) if declined else None,
        first_session_on=form.first_session_on.data if kind is AnswerKind.ACCEPTED else None,
        wait_weeks=form.wait_weeks.data if kind is AnswerKind.WAITLISTED else None,
    )
    answers.give(onward, said, by=me(), at=clock.now())


def _is_to_be_sent() -> bool:
    return request.form.get("send") == "now"


def _obstacle(case: SupportCase, service: Service) -> str | None:
    """Why nothing can be agreed, said before anybody types."""
    try:
        onward_referrals.check(case, service, at=clock.now())
    except RuleBroken as refusal:
        return str(refusal)
    return None
