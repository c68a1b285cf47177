"""The plan of a case: written, agreed, reviewed, printed and shared, all on one page."""

from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import goals, plan_links, plans
from linkwork.errors import RuleBroken
from linkwork.forms.goals import GoalForm
from linkwork.forms.plans import AgreeForm, CopyForm, ReviewForm
from linkwork.models import CopyHow, Goal, Plan, SupportCase
from linkwork.web import plan_page
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("plans", __name__, url_prefix="/cases/<key>/plan")
EMAILED = "The link is on its way to them by email."
WAITS = "The link still waits to be sent to them, so it was not sent twice."


@bp.get("")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    return plan_page.answer(opened(key, *plan_page.WITH_NAMES))


@bp.route("/goals", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def write(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    form = GoalForm.from_request()
    done = carry_out(
        form,
        lambda: goals.write(case, form.words.data, by=me(), at=clock.now()),
        then=at_goal,
    )
    return done or plan_page.answer(case, form)


@bp.route("/agree", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def agree(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    form = AgreeForm.from_request()
    done = carry_out(
        form,
        lambda: plans.agree(
            case,
            on=form.agreed_on.data,
            review_on=cast(date, form.review_on.data),
            by=me(),
            now=clock.now(),
        ),
        then=lambda _: _said(key, "The plan is agreed."),
    )
    return done or plan_page.answer(case, form)


@bp.route("/copy", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def copy(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    form = CopyForm.from_request()
    done = carry_out(
        form,
        lambda: plans.give_copy(agreed(case), CopyHow(form.how.data), by=me(), at=clock.now()),
        then=lambda _: _said(key, "Saved: they have a copy."),
    )
    return done or plan_page.answer(case, form)


@bp.route("/review", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def review(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    form = ReviewForm.from_request()
    done = carry_out(
        form,
        lambda: plans.review(
            agreed(case),
            form.what_changed.data,
            review_on=form.next_review_on.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: _said(key, "Review saved."),
    )
    return done or plan_page.answer(case, form)


@bp.post("/share")
@requires(Permission.WORK_CASES)
def share(key: str) -> ResponseReturnValue:
    plan_links.share(opened(key, *plan_page.WITH_NAMES), by=me(), at=clock.now())
    return redirect(url_for("plans.show", key=key, _anchor="link"), 303)


@bp.post("/link/email")
@requires(Permission.WORK_CASES)
def email_link(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    sent = plan_links.email(case, plan_page.address_of, by=me(), at=clock.now())
    return redirect(_said(key, EMAILED if sent else WAITS), 303)


@bp.post("/unshare")
@requires(Permission.WORK_CASES)
def unshare(key: str) -> ResponseReturnValue:
    plan_links.revoke(opened(key, *plan_page.WITH_NAMES), by=me(), at=clock.now())
    return redirect(_said(key, "The link is taken back. It opens nothing now."), 303)


@bp.get("/print")
@requires(Permission.WORK_CASES)
def paper(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    sheet = plan_page.sheet(case, plans.of_case(case))
    return render_template("plans/print.html", sheet=sheet, layouts=plan_page.LAYOUTS)


def agreed(case: SupportCase) -> Plan:
    """The plan of a case, which a copy and a review need."""
    plan = plans.of_case(case)
    if plan is None:
        raise RuleBroken(plans.NOT_AGREED)
    return plan


def at_goal(goal: Goal) -> str:
    """The address of a goal on the page of its plan."""
    return url_for("plans.show", key=goal.case.key, _anchor=f"goal-{goal.key}")


def _said(key: str, sentence: str) -> str:
    flash(sentence)
    return url_for("plans.show", key=key)
