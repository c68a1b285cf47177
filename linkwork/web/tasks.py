"""Tasks of a case, and its next step: promised, done, put off, called off."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import cases, tasks
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms.tasks import NextStepForm, PutOffForm, TaskForm
from linkwork.models import SnoozeReason, SupportCase, Task, User
from linkwork.web.cases import opened
from linkwork.web.paging import local_address
from linkwork.web.submissions import carry_out

bp = Blueprint("tasks", __name__)


@bp.route("/cases/<key>/tasks/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = TaskForm(data={"owner": me().key})
    team = db.session.scalars(access.colleagues(me())).unique().all()
    form.owner.choices = [(user.key, user.name) for user in team]
    done = carry_out(
        form,
        lambda: tasks.promise(
            case,
            form.what.data,
            form.due_on.data,
            owner=_chosen(team, form.owner.data),
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    return done or (render_template("tasks/new.html", case=case, form=form), form.status)


@bp.route("/cases/<key>/next-step", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def next_step(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = NextStepForm(data={"version": str(case.version)})
    done = carry_out(
        form,
        lambda: cases.book(
            case,
            form.what.data,
            form.due_on.data,
            seen=form.version_read(),
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: _back(key),
    )
    if done is not None:
        return done
    changed = bool(form.form_errors) and form.version_read() not in (None, case.version)
    if changed:
        form.version.data = str(case.version)  # the next save knows of what it is shown
    page = render_template("tasks/next_step.html", case=case, form=form, changed=changed)
    return page, form.status


@bp.post("/tasks/<key>/done")
@requires(Permission.WORK_CASES)
def done(key: str) -> ResponseReturnValue:
    task = _mine(key)
    tasks.done(task, by=me(), at=clock.now())
    flash("Task done.")
    return redirect(_back(task.case.key), 303)


@bp.post("/tasks/<key>/cancel")
@requires(Permission.WORK_CASES)
def cancel(key: str) -> ResponseReturnValue:
    task = _mine(key)
    tasks.cancel(task, by=me(), at=clock.now())
    flash("Task called off.")
    return redirect(_back(task.case.key), 303)


@bp.route("/tasks/<key>/put-off", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def put_off(key: str) -> ResponseReturnValue:
    task = _mine(key)
    form = PutOffForm()
    carried = carry_out(
        form,
        lambda: tasks.put_off(
            task,
            form.until_on.data,
            reason=SnoozeReason(form.reason.data),
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("cases.show", key=task.case.key),
    )
    return carried or (
        render_template("tasks/put_off.html", case=task.case, task=task, form=form),
        form.status,
    )


def _mine(key: str) -> Task:
    """A task one may see, in a case one may open."""
    whole = joinedload(Task.case).joinedload(SupportCase.person)
    task = access.find(Task, key, user=me(), options=[whole])
    opened(task.case.key)
    return task


def _back(case_key: str) -> str:
    """Where one came from, if that is a page of ours: Today, or the page of the case."""
    wanted = local_address(request.args.get("next"))
    return wanted or url_for("cases.show", key=case_key)


def _chosen(team: Iterable[User], key: str) -> User:
    for user in team:
        if user.key == key:
            return user
    raise RuleBroken("Choose somebody who works in the PCN of this case.")
