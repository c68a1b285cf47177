"""Closing a case, and taking none on: in one go, with what is told to the practice seen first."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import cases, closings, deaths, episodes, shareable
from linkwork.casework.closings import Closing
from linkwork.casework.episodes import DeathMistake
from linkwork.casework.messages import ReadFirst
from linkwork.forms.closings import CloseForm, DeclineForm, DiedForm, NotDeadForm, close_form
from linkwork.models import (
    NEED_LABELS,
    CloseReason,
    DeclineReason,
    Message,
    Need,
    OnwardOutcome,
    SupportCase,
)
from linkwork.web.cases import opened
from linkwork.web.display import LABELS, label
from linkwork.web.messages import chosen, offer_parts, previewed
from linkwork.web.submissions import carry_out

bp = Blueprint("closings", __name__, url_prefix="/cases")

READ_BY_THE_PRACTICE = "The practice reads this. Leave out what it need not know."
MISTAKES = {
    DeathMistake.WRONG_PERSON: "It was somebody else who died",
    DeathMistake.WRONG_NEWS: "What we were told was wrong",
    DeathMistake.SLIP: "The wrong reason was chosen",
}


@bp.route("/<key>/close", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def close(key: str) -> ResponseReturnValue:
    case = opened(key, *cases.WHOLE)
    form = _form(case)
    unread: list[ReadFirst] = []
    done = carry_out(form, lambda: _close(case, form, unread), then=lambda _: _page(case))
    return done or _closing(case, form, unread)


@bp.route("/<key>/decline", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def decline(key: str) -> ResponseReturnValue:
    case = opened(key, *cases.WHOLE)
    labels = {c: words for c, words in LABELS[DeclineReason].items() if c != "withdrawn"}
    form = DeclineForm(labels)
    done = carry_out(
        form,
        lambda: closings.decline(
            case,
            DeclineReason(form.reason.data),
            note=form.note.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda message: _announced(message, url_for("cases.waiting")),
    )
    stopped = shareable.obstacle(case)
    if stopped:
        form.reason.description = ""
    page = render_template("cases/decline.html", case=case, form=form, stopped=stopped)
    return done or (page, form.status)


@bp.route("/<key>/not-dead", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_CASES)
def not_dead(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = NotDeadForm(MISTAKES)
    done = carry_out(
        form,
        lambda: episodes.take_death_back(
            case, DeathMistake(form.reason.data), by=me(), at=clock.now()
        ),
        then=lambda _: _page(case),
    )
    if done is None and case.person.died_on is None and not form.form_errors:
        return redirect(_page(case), 303)
    return done or (render_template("cases/not_dead.html", case=case, form=form), form.status)


@bp.route("/<key>/died", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def died(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = DiedForm()
    done = carry_out(
        form,
        lambda: deaths.record(case, by=me(), at=clock.now()),
        then=lambda _: _page(case),
    )
    if done is None and (case.is_open or case.person.died_on) and not form.form_errors:
        return redirect(_page(case), 303)
    return done or (render_template("cases/died.html", case=case, form=form), form.status)


def _close(case: SupportCase, form: CloseForm, unread: list[ReadFirst]) -> None:
    closing = Closing(
        reason=CloseReason(form.reason.data),
        summary=form.summary.data,
        answers=form.answers,
        resolved=frozenset(Need(code) for code in form.resolved.data or () if code in set(Need)),
        stepped_up_to=form.stepped_up_to.data,
        told=form.told.data,
        handed_over={"yes": True, "no": False}.get(form.handed_over.data),
        handed_over_to=form.handed_over_to.data,
    )
    try:
        message = closings.close(
            case, closing, chosen=chosen(form), seen=form.seen.data or "", by=me(), at=clock.now()
        )
    except ReadFirst as first:
        unread.append(first)
        raise
    _announced(message, "")


def _closing(case: SupportCase, form: CloseForm, unread: list[ReadFirst]) -> ResponseReturnValue:
    """The form; once it is filled in, beside the message that goes with the close."""
    if unread and not form.seen.data:  # nothing is wrong: the message is there to be read
        form.form_errors = []
    letter, stopped = unread[0].letter if unread else None, shareable.obstacle(case)
    if not stopped:
        form.summary.description = READ_BY_THE_PRACTICE
    form.seen.data = letter.digest if letter else ""
    page = render_template(
        "cases/close.html",
        case=case,
        form=form,
        offer=offer_parts(form, case),
        practice=shareable.practice_of(case),
        stopped=stopped,
        preview=previewed(letter) if letter else None,
    )
    return page, form.status


def _form(case: SupportCase) -> CloseForm:
    onward = [
        (record.key, record.service.name, [(code, _words(of)) for code, of in said])
        for record in episodes.unanswered(case)
        for said in [closings.choices(record)]
    ]
    form = close_form(
        LABELS[CloseReason], onward, {need.need: NEED_LABELS[need.need] for need in case.needs}
    )
    if form.reason.raw_data is None:
        form.resolved.data = [str(need.need) for need in case.needs if need.resolved_at]
    return form


def _words(of: Any) -> str:
    if of is None:
        return "Made by mistake: take it back"
    return (
        label(of)
        if isinstance(of, OnwardOutcome)
        else f"Not going: {label(of)[:1].lower()}{label(of)[1:]}"
    )


def _announced(message: Message | None, location: str) -> str:
    if message is not None:
        flash(f"Sent to {message.practice.name}.")
    return location


def _page(case: SupportCase) -> str:
    return url_for("cases.show", key=case.key)
