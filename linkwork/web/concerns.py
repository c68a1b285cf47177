"""Safeguarding concerns: raised within a case, read and closed by those who work it."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import concerns
from linkwork.forms.concerns import ConcernForm, OutcomeForm
from linkwork.models import Concern, SupportCase
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("concerns", __name__)


@bp.get("/concerns")
@requires(Permission.ALLOCATE_CASES)
def index() -> ResponseReturnValue:
    found = concerns.under_way(me())
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(found), view="concerns")
    return render_template("concerns/index.html", concerns=found)


@bp.route("/cases/<key>/concerns/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    now = clock.london(clock.now())
    form = ConcernForm(data={"on": now.date(), "at": now.time(), "high": True})
    done = carry_out(
        form,
        lambda: concerns.raise_concern(
            case,
            what=form.what.data,
            told=form.told.data,
            told_at=form.told_at(),
            high=form.high.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    if done is not None:
        flash("Concern saved. Your supervisors have been told.")
        return done
    return render_template("concerns/new.html", case=case, form=form), form.status


@bp.route("/concerns/<key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    options = [joinedload(Concern.case).joinedload(SupportCase.person)]
    concern = access.find(Concern, key, user=me(), options=options)
    case = opened(concern.case.key)
    form = OutcomeForm()
    done = carry_out(
        form,
        lambda: concerns.close(concern, form.outcome.data, by=me(), at=clock.now()),
        then=lambda _: url_for("cases.show", key=case.key),
    )
    if done is not None:
        flash("Concern closed.")
        return done
    concerns.open(concern, by=me())
    return render_template("concerns/show.html", concern=concern, case=case, form=form), form.status
