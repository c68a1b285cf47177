"""What a PCN has started, against its share; and the PCNs of a board side by side."""

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import mergers, organisations
from linkwork.models import Organisation
from linkwork.reports import (
    capacity,
    definitions,
    disclosure,
    export,
    funnels,
    kept_reports,
    weeks,
)
from linkwork.reports.basis import Basis
from linkwork.reports.teams import Team
from linkwork.web import bases, boards
from linkwork.web.charts import bar
from linkwork.web.pace_chart import pace_chart, weeks_chart

bp = Blueprint("capacity", __name__, url_prefix="/capacity")


@bp.get("")
@requires(Permission.SEE_CAPACITY)
def index() -> ResponseReturnValue:
    own = organisations.pcns(me(), on=clock.today())
    if len(own) == 1:
        return _page_of(own[0])
    return boards.page_of(me().organisation)


@bp.get("/<key>")
@requires(Permission.SEE_CAPACITY)
def show(key: str) -> ResponseReturnValue:
    return _page_of(organisations.pcn(key, user=me()))


@bp.get("/<key>/months.csv")
@requires(Permission.SEE_CAPACITY)
def months(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    asked = bases.asked([pcn])
    report = capacity.of_pcn(pcn, scope=asked.scope, as_of=asked.as_of)
    name = f"people-started-{report.basis.year.label.replace('/', '-')}-{report.basis.scope}.csv"
    return Response(
        export.months_csv(report, by=me()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page_of(pcn: Organisation) -> str:
    asked = bases.asked([pcn])
    report = capacity.of_pcn(pcn, scope=asked.scope, as_of=asked.as_of)
    basis = report.basis
    return render_template(
        "capacity/show.html",
        report=report,
        basis=basis,
        refusal=asked.refusal,
        args=bases.args(basis),
        behind_url=url_for("behind.show", key=pcn.key, figure="FIGURE", **bases.args(basis)),
        standing=report.standing,
        chart=pace_chart(report),
        weeks_chart=weeks_chart(report),
        weeks_sentence=weeks.sentence(report.standing.weeks),
        scope_tabs=bases.scope_tabs(basis.scope),
        is_one_of_many=me().organisation_id != pcn.id,
        bar=bar,
        most_points=_most_points(report.team),
        most_people=max(figure.value or 0 for _, figure in report.limits.rows),
        today=clock.today(),
        mergers=mergers.notes(pcn, on=clock.today()),
        changed=kept_reports.changed_since(pcn, basis),
        links=_links(pcn, basis),
        in_force=report.assumptions.texts,
        definitions=definitions.of(basis, report.assumptions),
        withheld=disclosure.EXPLAINED,
        published_source=funnels.PUBLISHED_SOURCE,
        what_if_url=url_for("what_ifs.show", key=pcn.key, **bases.args(basis)),
    )


def _links(pcn: Organisation, basis: Basis) -> list[tuple[str, str]]:
    """The pages about the same PCN, each with its name."""
    here = bases.args(basis)
    links = [
        ("Kept reports", url_for("kept_reports.index", key=pcn.key)),
        ("Save the tables", url_for("tables.index", key=pcn.key, **here)),
        ("Assumptions", url_for("assumptions.of_pcn", key=pcn.key)),
        ("How the share was worked out", url_for("target_shares.of_pcn", key=pcn.key)),
    ]
    if may(me(), Permission.MANAGE_STAFFING):
        links.append(("Posts and long absences", url_for("posts.index", key=pcn.key)))
    return links


def _most_points(team: Team) -> float:
    """The longest bar of the team: the largest load, or limit of one."""
    return max([1.0, *(max(w.load.points, w.load.limit) for w in team.workers)])
