"""Gaps: noted where a search found nothing, listed for those who plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock, geography
from linkwork.access import Permission, may, me, requires
from linkwork.casework import gaps
from linkwork.errors import RuleBroken
from linkwork.forms.gaps import GapForm, MonthForm
from linkwork.models import Gap, GapReason, Need, SupportCase
from linkwork.reports import disclosure, export, gaps_words
from linkwork.reports import gaps as gap_reports
from linkwork.reports.gaps import Report
from linkwork.web.cases import opened
from linkwork.web.paging import local_address
from linkwork.web.submissions import carry_out

bp = Blueprint("gaps", __name__, url_prefix="/gaps")

MOST_OFFERED = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Which filter of the directory, or limit of a case, speaks for which reason: the first that is set.
BY_FILTER = (
    ("cost", GapReason.COST),
    ("access", GapReason.ACCESS),
    ("language", GapReason.LANGUAGE),
    ("meets", GapReason.HOURS),
    ("day", GapReason.HOURS),
    ("part", GapReason.HOURS),
    ("age", GapReason.ELIGIBILITY),
    ("room", GapReason.FULL),
    ("miles", GapReason.TRAVEL),
)
BY_LIMIT = {
    "gender": GapReason.ELIGIBILITY,
    "mixed": GapReason.ELIGIBILITY,
    "age": GapReason.ELIGIBILITY,
    "group": GapReason.ELIGIBILITY,
    "language": GapReason.LANGUAGE,
    "channel": GapReason.ACCESS,
    "distance": GapReason.TRAVEL,
    "cost": GapReason.COST,
    "time": GapReason.HOURS,
    "access": GapReason.ACCESS,
    "places": GapReason.FULL,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What one press would note; without needs the form asks."""

    needs: tuple[Need, ...]
    place: str | None
    reason: GapReason
    case_key: str | None = None


def of_search(values: dict[str, Any]) -> Offer | None:
    """What a search of the directory that found nothing would note, for those who may."""
    if not may(me(), Permission.REPORT_GAPS):
        return None
    need = values.get("need") or gaps.need_in(str(values.get("words", "")))
    reason = next((why for name, why in BY_FILTER if values.get(name)), GapReason.NONE)
    place = geography.outcode_of(values.get("postcode"))
    return Offer((Need(need),) if need else (), place, reason)


def of_case(case: SupportCase, left_out: Iterable[tuple[str, int]]) -> Offer:
    """What matches of a case that fit nothing would note; ``left_out`` is how many by limit."""
    open_needs = [need.need for need in case.needs if need.resolved_at is None]
    telling = (group for group in left_out if group[0] in BY_LIMIT)
    most = max(telling, key=lambda group: group[1], default=("", 0))[0]
    return Offer(
        tuple(open_needs[:MOST_OFFERED]),
        geography.outcode_of(case.person.postcode),
        BY_LIMIT.get(most, GapReason.NONE),
        case.key,
    )


@bp.get("")
@requires(Permission.REPORT_GAPS, Permission.SEE_GAPS)
def index() -> ResponseReturnValue:
    sees = may(me(), Permission.SEE_GAPS)
    counts = gaps.counts(me(), at=clock.now())
    # What somebody without sight of either noted is their own.
    withholds = sees and not may(me(), Permission.WORK_CASES)
    return render_template(
        "gaps/index.html",
        undoable=gaps.undoable(me(), at=clock.now()),
        counts=counts,
        total=None if withholds else sum(count.times for count in counts),
        times=disclosure.coarse if withholds else str,
        several=len({count.organisation.id for count in counts}) > 1,
        sees=sees,
        may_note=may(me(), Permission.REPORT_GAPS),
        back=local_address(request.args.get("next")),
    )


@bp.post("")
@requires(Permission.REPORT_GAPS)
def note() -> ResponseReturnValue:
    """One press: everything is filled in by the page it stands on."""
    need, reason = request.form.get("need"), request.form.get("reason")
    if need not in set(Need) or reason not in set(GapReason):
        raise RuleBroken("Choose what was looked for, and why nothing was found.")
    key = request.form.get("case")
    gaps.note(
        Need(need),
        GapReason(reason),
        postcode=request.form.get("place"),
        case=opened(key) if key else None,
        by=me(),
        at=clock.now(),
    )
    back = local_address(request.form.get("next"))
    return redirect(url_for("gaps.index", next=back), 303)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REPORT_GAPS)
def new() -> ResponseReturnValue:
    given = {name: request.args.get(name) for name in ("need", "place", "reason")}
    form = GapForm.from_request(data={name: text for name, text in given.items() if text})
    done = carry_out(
        form,
        lambda: gaps.note(
            Need(form.need.data),
            GapReason(form.reason.data),
            postcode=form.place.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("gaps.index"),
    )
    return done or (render_template("gaps/new.html", form=form), form.status)


@bp.get("/report")
@requires(Permission.SEE_GAPS)
def report() -> ResponseReturnValue:
    found, months = _report_asked()
    return render_template(
        "gaps/report.html",
        report=found,
        sentences=gaps_words.sentences(found),
        place=gaps_words.place,
        reasons=gaps_words.reasons,
        trend=gaps_words.trend,
        form=MonthForm(months, found.month),
        is_present=found.month == months[0],
        near_miles=gap_reports.NEAR_MILES,
        withheld=disclosure.EXPLAINED,
    )


@bp.get("/report.csv")
@requires(Permission.SEE_GAPS)
def report_csv() -> ResponseReturnValue:
    found, _ = _report_asked()
    return _file(export.gaps_csv(found, by=me()), found, "csv", "text/csv")


@bp.get("/report.xlsx")
@requires(Permission.SEE_GAPS)
def report_xlsx() -> ResponseReturnValue:
    found, _ = _report_asked()
    return _file(export.gaps_xlsx(found, by=me()), found, "xlsx", XLSX)


def _report_asked() -> tuple[Report, list[date]]:
    """The month of the address, the last whole one where it names none; and all there are."""
    months = gap_reports.months(clock.today())
    asked = {f"{month:%Y-%m}": month for month in months}.get(request.args.get("month", ""))
    return gap_reports.of_month(me(), asked or months[1], on=clock.today()), months


def _file(content: str | bytes, found: Report, ending: str, kind: str) -> Response:
    name = f"gaps-{found.month:%Y-%m}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)


@bp.post("/<key>/undo")
@requires(Permission.REPORT_GAPS)
def undo(key: str) -> ResponseReturnValue:
    gaps.undo(access.find(Gap, key, user=me()), by=me(), at=clock.now())
    flash("Taken back.")
    return redirect(url_for("gaps.index"), 303)
