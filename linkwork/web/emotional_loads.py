"""How a case lies on its worker: a page of its own, so that nobody reads it over a shoulder."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import emotional_loads
from linkwork.forms.supervisions import EmotionalLoadForm
from linkwork.models import Contact, SupportCase
from linkwork.models.contact import MODE_LABELS
from linkwork.web.cases import opened
from linkwork.web.display import day
from linkwork.web.submissions import carry_out

bp = Blueprint("emotional_loads", __name__, url_prefix="/cases/<key>/load")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def mark(key: str) -> ResponseReturnValue:
    case = opened(key)
    if request.method == "GET" and case.worker_id != me().id:
        return redirect(url_for("cases.show", key=key))  # a colleague’s, or nobody’s yet
    talks = emotional_loads.recent_contacts(case, worker=me())
    known = emotional_loads.of_case(case, viewer=me())
    form = EmotionalLoadForm.from_request(
        data={"weight": str(known.weight), "feeling": known.feeling or ""} if known else None
    )
    form.contact.choices = [
        ("", "The case as a whole"),
        *((talk.key, f"{MODE_LABELS[talk.mode]}, {day(talk.at)}") for talk in talks),
    ]
    done = carry_out(
        form,
        lambda: _mark(case, form, {talk.key: talk for talk in talks}),
        then=lambda _: url_for("cases.show", key=key),
    )
    page = render_template("emotional_loads/mark.html", case=case, form=form, known=known)
    return done or (page, form.status)


@bp.post("/clear")
@requires(Permission.WORK_CASES)
def clear(key: str) -> ResponseReturnValue:
    emotional_loads.clear(opened(key), by=me())
    return redirect(url_for("cases.show", key=key), 303)


def _mark(case: SupportCase, form: EmotionalLoadForm, talks: dict[str, Contact]) -> None:
    emotional_loads.mark(
        case,
        int(form.weight.data),
        feeling=form.chosen_feeling(),
        contact=talks.get(form.contact.data or ""),
        by=me(),
        at=clock.now(),
    )
