"""Shares of the national targets: looked at, frozen for a year, and how each was worked out."""

from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.shares import Method
from linkwork.capacity.targets import TARGETS
from linkwork.casework import list_profiles, organisations, successions, targets
from linkwork.casework.target_claims import Plan
from linkwork.errors import RuleBroken
from linkwork.exchange import profile_sheets
from linkwork.forms.target_shares import METHOD_LABELS, FreezeForm, LookForm
from linkwork.models import TargetShare
from linkwork.web import sheets
from linkwork.web.display import day
from linkwork.web.paging import Page, number_asked
from linkwork.web.sheets import Sheet, many
from linkwork.web.submissions import carry_out

bp = Blueprint("target_shares", __name__)

PAGE = 50
COLUMNS = (
    ("PCN code", "The code of the PCN, such as U12345."),
    (
        "Q1 to Q5",
        "The part of its list in each fifth of areas, Q1 the most deprived: per cents or patients.",
    ),
    ("As of", "The day of the list. Empty: today."),
)
EXAMPLE = """PCN code,Q1,Q2,Q3,Q4,Q5,As of
U12345,50,30,10,10,0,01/04/2026"""


@bp.get("/shares")
@requires(Permission.MANAGE_ORGANISATIONS)
def index() -> ResponseReturnValue:
    year, method = _asked()
    form = FreezeForm(formdata=None, data={"year": str(year.first_year), "method": method.value})
    return _page(year, method, form)


@bp.post("/shares")
@requires(Permission.MANAGE_ORGANISATIONS)
def freeze() -> ResponseReturnValue:
    form = FreezeForm.from_request()
    year, method = _of(form)
    done = carry_out(
        form,
        lambda: _frozen(year, method),
        then=lambda _: url_for("target_shares.index", year=year.first_year, method=method.value),
    )
    return done or _page(year, method, form)


@bp.route("/shares/profiles", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def profiles() -> ResponseReturnValue:
    today = clock.today()
    return sheets.page(
        Sheet(
            template="target_shares/profiles.html",
            read=lambda text: list_profiles.sort_out(profile_sheets.profiles(text), on=today),
            bring=lambda text: list_profiles.bring_in(
                profile_sheets.profiles(text), by=me(), on=today
            ),
            said=lambda number: f"{many(number, 'profile')} brought in.",
            home=url_for("target_shares.index"),
            columns=COLUMNS,
            example=EXAMPLE,
        )
    )


@bp.get("/capacity/<key>/share")
@requires(Permission.SEE_CAPACITY)
def of_pcn(key: str) -> ResponseReturnValue:
    pcn, today = organisations.pcn(key, user=me()), clock.today()
    year = FinancialYear.containing(today)
    held = targets.held(year, [pcn.id])
    shares = [(target, held.get((pcn.id, target.code))) for target in TARGETS.values()]
    return render_template(
        "target_shares/of_pcn.html",
        pcn=pcn,
        year=year,
        heir=successions.today_of(pcn),
        shares=shares,
        inputs={
            target.code: [_inputs(row) for row in one.rows if row.people is not None]
            for target, one in shares
            if one is not None
        },
    )


def _inputs(row: TargetShare) -> list[tuple[str, str]]:
    """What a share was worked out from, a line each."""
    known, method = row.inputs, Method(row.method)
    listed = f"{known['list_size']:,} registered" if known.get("list_size") else "No list size"
    found = [
        ("PCN", row.organisation.name),
        ("Share", f"{row.people:,} people"),
        ("Method", METHOD_LABELS[method]),
        ("List", f"{listed}{_of_day(known.get('as_of'))}"),
    ]
    if method is Method.WTE:
        found.append(("WTE", f"{known['wte']:g} of {known['national_wte']:,.10g} in England"))
    else:
        found.append(("England", f"{known['national_list']:,} registered"))
    if method is Method.DEPRIVATION:
        parts = ", ".join(f"{100 * part:.0f}%" for part in known["quintiles"])
        found.append(("Fifths of areas", f"{parts}, the most deprived first"))
        found.append(("Profile", _of_day(known.get("profile_as_of")).removeprefix(", ")))
        found.append(("Tilt", f"{known['tilt']:g}"))
    return [*found, ("Frozen", day(row.frozen_at))]


def _of_day(text: str | None) -> str:
    """The day of an input, as a page has it."""
    return f", as of {day(date.fromisoformat(text))}" if text else ""


def _page(year: FinancialYear, method: Method, form: FreezeForm) -> ResponseReturnValue:
    """What freezing would give, and what is frozen already."""
    before = targets.method_of(year)
    plans: list[Plan] = []
    problem = ""
    try:
        plans = targets.planned(year, method, at=clock.now())
    except RuleBroken as wrong:
        problem = str(wrong)
    rows = list(zip(*(one.portions for one in plans), strict=True))
    page = Page(number_asked(), len(rows), PAGE)
    first = (page.number - 1) * PAGE
    shown = render_template(
        "target_shares/index.html",
        year=year,
        method=method,
        before=before,
        labels=METHOD_LABELS,
        look=_look({"year": str(year.first_year), "method": method.value}),
        form=form,
        plans=plans,
        problem=problem,
        rows=rows[first : first + PAGE],
        page=page,
        frozen=targets.frozen(year),
    )
    return shown, form.status


def _frozen(year: FinancialYear, method: Method) -> None:
    fixed = targets.freeze_shares(year, method, by=me(), at=clock.now())
    if not fixed:
        raise RuleBroken(
            "Nothing is left to freeze: every PCN has its share, or still lacks what it takes."
        )
    given = len({row.organisation_id for row in fixed if row.people is not None})
    flash(f"Shares of {many(given, 'PCN')} are frozen for {year.label}.")


def _look(chosen: dict[str, str] | None = None) -> LookForm:
    """What the address asks for, or what was chosen otherwise."""
    args = request.args if chosen is None else None
    return LookForm.of(args, _years(), chosen or _usual())


def _asked() -> tuple[FinancialYear, Method]:
    form = _look()
    return FinancialYear(int(form.year.data)), Method(form.method.data)


def _of(form: FreezeForm) -> tuple[FinancialYear, Method]:
    """What the form was shown for; the usual where it was tampered with."""
    usual = _usual()
    year = form.year.data if form.year.data in map(str, _years()) else usual["year"]
    methods = {one.value for one in Method}
    method = form.method.data if form.method.data in methods else usual["method"]
    return FinancialYear(int(year)), Method(method)


def _usual() -> dict[str, str]:
    """This year, by the method it is frozen by."""
    year = FinancialYear.containing(clock.today())
    chosen = request.args.get("year", "")
    if chosen in map(str, _years()):
        year = FinancialYear(int(chosen))
    method = targets.method_of(year) or Method.LIST
    return {"year": str(year.first_year), "method": method.value}


def _years() -> dict[int, str]:
    """Last year, this one and the next."""
    this = FinancialYear.containing(clock.today())
    return {year.first_year: year.label for year in (this.previous, this, this.next)}
