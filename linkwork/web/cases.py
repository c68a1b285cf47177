"""The caseload, the waiting list, and the life of a case."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import caseload, cases, contacts, onward_referrals, people, timeline
from linkwork.casework.caseload import Asked, Sort, View
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms.cases import (
    AllocateForm,
    CloseForm,
    CoverForm,
    DeclineForm,
    SearchForm,
    WeighForm,
)
from linkwork.models import (
    CloseReason,
    Complexity,
    CoverReason,
    DeclineReason,
    Need,
    SupportCase,
    User,
)
from linkwork.web.display import LABELS, label
from linkwork.web.paging import Page, here, number_asked, sorting
from linkwork.web.submissions import carry_out

E = TypeVar("E", View, Sort)

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    asked = _asked()
    desk = caseload.desk(me(), asked, on=clock.today())
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(desk.cases), view=asked.view)
    return render_template(
        "cases/index.html",
        desk=desk,
        asked=asked,
        tab_items=_tabs(asked, desk.counts),
        chip_items=_chips(asked),
        need_codes=list(Need),
        sort=sorting(asked.sort, descending=asked.descending),
        page=Page(asked.page, desk.total, caseload.PAGE),
        form=SearchForm(formdata=None),
    )


@bp.post("/search")
@requires(Permission.WORK_CASES)
def search() -> ResponseReturnValue:
    form, found = SearchForm.from_request(), None
    if form.validate():
        try:
            found = caseload.search(me(), form.words.data)
            audit.record(Event.CASES_SEARCHED, None, by=me(), found=len(found))
        except RuleBroken as refusal:
            form.refuse(str(refusal))
    return render_template("cases/search.html", form=form, found=found), form.status


@bp.get("/waiting")
@requires(Permission.WORK_CASES)
def waiting() -> ResponseReturnValue:
    number = number_asked()
    referrals, total = caseload.waiting(me(), page=number)
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(referrals), view="waiting")
    return render_template(
        "cases/waiting.html",
        referrals=referrals,
        page=Page(number, total, caseload.PAGE),
        can_allocate=access.may(me(), Permission.ALLOCATE_CASES),
    )


@bp.get("/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    case = opened(key)
    cases.open(case, by=me())
    onward = onward_referrals.of_case(case)
    return render_template(
        "cases/show.html",
        case=case,
        onward=onward,
        happenings=timeline.of_case(
            case,
            referrals=case.referrals,
            contacts=contacts.of_case(case),
            onward=onward,
        ),
        duplicates=_duplicates(case),
        can_allocate=access.may(me(), Permission.ALLOCATE_CASES),
        weigh=WeighForm(formdata=None, complexity=case.complexity),
    )


@bp.route("/<key>/cover", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def cover(key: str) -> ResponseReturnValue:
    case = access.find(SupportCase, key, user=me())
    form = CoverForm(LABELS[CoverReason])
    done = carry_out(
        form,
        lambda: cases.cover(case, CoverReason(form.reason.data), by=me(), on=clock.today()),
        then=lambda _: url_for("cases.show", key=key),
    )
    return done or (render_template("cases/cover.html", case=case, form=form), form.status)


@bp.post("/<key>/accept")
@requires(Permission.WORK_CASES)
def accept(key: str) -> ResponseReturnValue:
    cases.accept(opened(key), by=me(), at=clock.now())
    return redirect(url_for("cases.show", key=key), 303)


@bp.route("/<key>/decline", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def decline(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = DeclineForm(LABELS[DeclineReason])
    done = carry_out(
        form,
        lambda: cases.decline(case, DeclineReason(form.reason.data), by=me(), at=clock.now()),
        then=lambda _: url_for("cases.waiting"),
    )
    return done or (render_template("cases/decline.html", case=case, form=form), form.status)


@bp.route("/<key>/allocate", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_CASES)
def allocate(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = AllocateForm.from_request()
    team = db.session.scalars(access.colleagues(me())).unique().all()
    form.worker.choices = [("", "Choose a link worker"), *((u.key, u.name) for u in team)]
    done = carry_out(
        form,
        lambda: cases.allocate(case, _colleague(team, form.worker.data), by=me(), at=clock.now()),
        then=lambda _: url_for("cases.waiting"),
    )
    return done or (render_template("cases/allocate.html", case=case, form=form), form.status)


@bp.post("/<key>/pause")
@requires(Permission.WORK_CASES)
def pause(key: str) -> ResponseReturnValue:
    cases.pause(opened(key), by=me(), at=clock.now())
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/resume")
@requires(Permission.WORK_CASES)
def resume(key: str) -> ResponseReturnValue:
    cases.resume(opened(key), by=me())
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/weigh")
@requires(Permission.WORK_CASES)
def weigh(key: str) -> ResponseReturnValue:
    case, form = opened(key), WeighForm.from_request()
    if form.validate():
        cases.weigh(case, Complexity(form.complexity.data), by=me())
    return redirect(url_for("cases.show", key=key), 303)


@bp.route("/<key>/close", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def close(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = CloseForm(LABELS[CloseReason])
    done = carry_out(
        form,
        lambda: cases.close(
            case,
            CloseReason(form.reason.data),
            summary=form.summary.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    open_onward = cases.unanswered(case)
    page = render_template("cases/close.html", case=case, form=form, onward=open_onward)
    return done or (page, form.status)


@bp.post("/<key>/reopen")
@requires(Permission.WORK_CASES)
def reopen(key: str) -> ResponseReturnValue:
    cases.reopen(opened(key), by=me(), at=clock.now())
    return redirect(url_for("cases.show", key=key), 303)


def opened(key: str) -> SupportCase:
    """The case, once its worker or a colleague with a reason asks for it."""
    return access.open_case(key, user=me(), on=clock.today())


def _colleague(team: Iterable[User], key: str) -> User:
    for user in team:
        if user.key == key:
            return user
    raise RuleBroken("Choose a link worker of your PCN.")


def _duplicates(case: SupportCase) -> list[SupportCase]:
    """Cases of possible duplicates, and only those this user may see."""
    others = [person.id for person in people.possible_duplicates(case.person)]
    if not others:
        return []
    query = access.cases(me()).where(SupportCase.person_id.in_(others))
    return list(db.session.scalars(query.limit(5)))


VIEW_LABELS = {
    View.NEEDS_ACTION: "Needs action",
    View.OPEN: "All open",
    View.NOT_STARTED: "Not yet spoken to",
    View.PAUSED: "Paused",
    View.CLOSED: "Closed",
}


def _tabs(asked: Asked, counts: Mapping[View, int]) -> list[dict[str, object]]:
    return [
        {
            "label": text,
            "url": here(view=view, page=None),
            "current": view is asked.view,
            "count": counts[view],
        }
        for view, text in VIEW_LABELS.items()
    ]


def _chips(asked: Asked) -> list[dict[str, str]]:
    chips = [
        ("The whole team’s", "whose", asked.team),
        (label(Need(asked.need)) if asked.need else "", "need", asked.need),
        ("To be seen soon", "soon", asked.soon),
    ]
    return [
        {"label": text, "url": here(**{name: None, "page": None})}
        for text, name, is_set in chips
        if is_set
    ]


def _asked() -> Asked:
    args = request.args
    need = args.get("need", "")
    return Asked(
        view=_one_of(View, args.get("view"), View.NEEDS_ACTION),
        team=args.get("whose") == "team",
        need=need if need in set(Need) else None,
        soon=args.get("soon") == "yes",
        sort=_one_of(Sort, args.get("sort"), Sort.DUE),
        descending=args.get("dir") == "desc",
        page=number_asked(),
    )


def _one_of(kind: type[E], text: str | None, usual: E) -> E:
    return kind(text) if text in set(kind) else usual
