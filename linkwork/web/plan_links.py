"""A person’s own plan, by a link and without an account.

The link alone opens nothing: the page asks for the date of birth first, and this browser is then
let in for half an hour. A link that is over, locked, altered or unknown is answered alike. Nobody
who is signed in gets any further: what they did here would be taken for the person’s.
"""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from linkwork import clock
from linkwork.access import open_to_all
from linkwork.casework import plan_links, plans
from linkwork.casework.shared_links import LinkOver
from linkwork.database import commit_anyway
from linkwork.errors import NotYours, RuleBroken
from linkwork.exchange import icalendar
from linkwork.forms.plan_links import ProveForm
from linkwork.models import SharedLink
from linkwork.web import calendars, plan_page

bp = Blueprint("plan_links", __name__, url_prefix="/plan/<plan_link>")
LET_IN = timedelta(minutes=30)
MOST_REMEMBERED = 3
OPENED = "plans_opened"


@bp.get("")
@open_to_all
def show(plan_link: str) -> ResponseReturnValue:
    link = _followed(plan_link)
    if link is None:
        return _nothing()
    if not _is_let_in(link):
        return _ask(ProveForm(formdata=None))
    return render_template(
        "plan_links/show.html",
        plan_link=plan_link,
        sheet=plan_page.sheet(link.case, plans.of_case(link.case)),
        layouts=plan_page.LAYOUTS,
        looks=plan_links.looks(link.case.person),
        minutes=LET_IN.seconds // 60,
    )


@bp.post("")
@open_to_all
def prove(plan_link: str) -> ResponseReturnValue:
    link = _followed(plan_link)
    if link is None:
        return _nothing()
    form = ProveForm.from_request()
    if not form.is_ready():
        return _ask(form)
    try:
        plan_links.prove(link, form.born_on.data, at=clock.now())
    except LinkOver as over:
        commit_anyway()
        return _over(str(over))
    except RuleBroken as wrong:
        commit_anyway()  # a wrong answer is counted
        form.born_on.errors = [*form.born_on.errors, str(wrong)]
        return _ask(form)
    _let_in(link)
    return redirect(_here(plan_link), 303)


@bp.get("/plan.ics")
@open_to_all
def calendar(plan_link: str) -> ResponseReturnValue:
    link = _followed(plan_link)
    plan = plans.of_case(link.case) if link is not None else None
    if link is None or plan is None:
        return _nothing()
    if not _is_let_in(link):
        return redirect(url_for("plan_links.show", plan_link=plan_link))
    goings = calendars.goings(link.case)
    at = clock.now()
    return calendars.answer(
        icalendar.of_plan(plan, link.case.person, goings, by=None, at=at), "plan"
    )


@bp.post("/tick")
@open_to_all
def tick(plan_link: str) -> ResponseReturnValue:
    link = _followed(plan_link)
    if link is None:
        return _nothing()
    if _is_let_in(link):
        is_done = request.form.get("done") == "yes"
        plan_links.tick(link, request.form.get("action", ""), is_done=is_done, at=clock.now())
    return redirect(_here(plan_link), 303)


@bp.post("/close")
@open_to_all
def close(plan_link: str) -> ResponseReturnValue:
    session.pop(OPENED, None)
    flash("Your plan is closed. You can shut this window.")
    return redirect(url_for("plan_links.show", plan_link=plan_link), 303)


def _followed(plan_link: str) -> SharedLink | None:
    if current_user.is_authenticated:
        return None
    try:
        return plan_links.follow(plan_link, at=clock.now())
    except (NotYours, LinkOver):
        return None


def _nothing() -> ResponseReturnValue:
    """What is shown where there is no link to follow, or somebody is signed in."""
    if current_user.is_authenticated:
        status = 200 if request.method == "GET" else 409
        return render_template("plan_links/signed_in.html"), status
    return _over()


def _over(why: str = "") -> ResponseReturnValue:
    return render_template("plan_links/over.html", why=why), 404


def _ask(form: ProveForm) -> ResponseReturnValue:
    return render_template("plan_links/ask.html", form=form), form.status


def _here(plan_link: str) -> str:
    """The plan again, in the layout that was being read."""
    layout = request.args.get("layout")
    kept = layout if layout in plan_page.LAYOUTS else None
    return url_for("plan_links.show", plan_link=plan_link, layout=kept)


def _let_in(link: SharedLink) -> None:
    """Remember in this browser’s signed cookie that the answer was right, and until when."""
    until = (clock.now() + LET_IN).isoformat()
    kept = {key: when for key, when in session.get(OPENED, {}).items() if key != link.key}
    session[OPENED] = dict([*kept.items(), (link.key, until)][-MOST_REMEMBERED:])


def _is_let_in(link: SharedLink) -> bool:
    until = session.get(OPENED, {}).get(link.key)
    return until is not None and clock.now() < datetime.fromisoformat(until)
