"""Goals and what is done towards them, each changed from the page of the plan."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import goal_actions, goals
from linkwork.forms import Form
from linkwork.forms.goals import ActionForm, PlaceForm, RewordForm, SetAsideForm
from linkwork.models import ActionOwner, Goal, SupportCase
from linkwork.web import plan_page
from linkwork.web.cases import opened
from linkwork.web.plans import at_goal
from linkwork.web.submissions import carry_out

bp = Blueprint("goals", __name__, url_prefix="/goals/<key>")
WITH_CASE = (joinedload(Goal.case).joinedload(SupportCase.person),)


@bp.get("")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    return _page(_opened(key))


@bp.route("/reword", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def reword(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    form = RewordForm.from_request()
    done = carry_out(
        form,
        lambda: goals.reword(goal, form.words.data, seen=form.seen.data, by=me(), at=clock.now()),
        then=lambda _: at_goal(goal),
    )
    return done or _page(goal, form)


@bp.route("/set-aside", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def set_aside(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    form = SetAsideForm.from_request()
    done = carry_out(
        form,
        lambda: goals.set_aside(goal, form.why.data, by=me(), at=clock.now()),
        then=lambda _: at_goal(goal),
    )
    return done or _page(goal, form)


@bp.post("/order")
@requires(Permission.WORK_CASES)
def order(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    form = PlaceForm.from_request()
    if form.is_ready():
        goals.order(goal, place=form.place.data, by=me())
    return redirect(at_goal(goal), 303)


@bp.post("/meet")
@requires(Permission.WORK_CASES)
def meet(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    goals.meet(goal, by=me(), at=clock.now())
    return redirect(at_goal(goal), 303)


@bp.post("/take-up")
@requires(Permission.WORK_CASES)
def take_up(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    goals.take_up(goal, by=me())
    return redirect(at_goal(goal), 303)


@bp.route("/actions", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def act(key: str) -> ResponseReturnValue:
    goal = _opened(key)
    form = ActionForm(plan_page.owners(goal.case))
    done = carry_out(
        form,
        lambda: goal_actions.add(
            goal,
            form.what.data,
            owner=ActionOwner(form.owner.data),
            owner_name=form.owner_name.data,
            due_on=form.due_on.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: at_goal(goal),
    )
    return done or plan_page.answer(goal.case, form, goal=goal)


def _opened(key: str) -> Goal:
    """The goal, once its case may be opened: who may not read one, reads neither."""
    found = access.find(Goal, key, user=me(), options=WITH_CASE)
    opened(found.case.key)
    return found


def _page(goal: Goal, sent: Form | None = None) -> ResponseReturnValue:
    """One goal with what can be changed in it: the form that was sent as it was filled in."""
    reword = RewordForm(formdata=None, words=goal.words, seen=goal.wording)
    forms: dict[str, Form] = {"reword": reword, "set_aside": SetAsideForm(formdata=None)}
    if sent is not None:
        forms = {name: sent if type(sent) is type(form) else form for name, form in forms.items()}
    if isinstance(sent, RewordForm):
        sent.seen.data = goal.wording  # sent again, it replaces what is shown now
        sent.seen.raw_data = None
    page = render_template("goals/show.html", goal=goal, case=goal.case, forms=forms, form=sent)
    return page, sent.status if sent is not None else 200
