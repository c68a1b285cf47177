"""``linkwork capacity``: the figures of the lead’s page, for people in a terminal and programs."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

import click
from sqlalchemy.exc import IntegrityError

from linkwork import audit, clock
from linkwork.capacity.calendar import BankHolidaysUnknown, FinancialYear, long_date
from linkwork.capacity.targets import TARGETS, Scope
from linkwork.casework import organisations
from linkwork.commands import running
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Organisation, OrganisationKind
from linkwork.reports import capacity as reports
from linkwork.reports import documents, firsts, kept_reports

NOTHING = "Nothing has been recorded yet."
BY_TARGET = {str(target.people): scope for scope, target in TARGETS.items()}
MOST_AT_ONCE = 300
"""Reports kept in one run: the others are kept by the next, so that no email waits for long."""


def _day(_context: click.Context, _option: click.Parameter, said: str | None) -> date:
    if said is None:
        return clock.today()
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise click.BadParameter(
            f"{said} is no date that can be read. Write it like 2026-09-30."
        ) from None
    if day > clock.today():
        raise click.BadParameter(f"{long_date(day)} is still to come.")
    return day


@click.command("capacity")
@click.option("--pcn", "code", required=True, metavar="CODE", help="The ODS code of the PCN.")
@click.option(
    "--as-of", callback=_day, metavar="YYYY-MM-DD", help="The last day; today if not said."
)
@click.option(
    "--target",
    type=click.Choice(sorted(BY_TARGET)),
    help="The national target, and with it whose work is counted; the PCN’s own if not said.",
)
@click.option("--format", "form", default="table", show_default=True,
              type=click.Choice(["table", "json"]), help="For people or for programs.")  # fmt: skip
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def capacity(code: str, as_of: date, target: str | None, form: str, *, in_demo: bool) -> None:
    """Show what a PCN has started, its share, what it can do and what is expected.

    The same figures as its page. The JSON is described in docs/capacity-json.md. What is shown
    is noted in the audit trail.
    """
    with running.chosen(in_demo=in_demo).app_context():
        said = _said(_pcn(code), BY_TARGET[target] if target else None, as_of)
        db.session.commit()
    if form == "json":
        click.echo(json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        click.echo("\n".join(_lines(said)))


def keep_reports(at: datetime) -> None:
    """Keep the reports of the month before that are not kept yet, and say how many.

    Each is committed alone, so that a run that is stopped loses nothing.
    """
    made, refused = 0, set()
    for pcn_id, scope in [
        (pcn.id, scope) for pcn, scope in kept_reports.due(at, most=MOST_AT_ONCE)
    ]:
        try:
            pcn = db.session.get_one(Organisation, pcn_id)
            kept_reports.keep_month(pcn, scope, at=at)
            db.session.commit()
            made += 1
        except IntegrityError:  # another run kept it meanwhile
            db.session.rollback()
        except (RuleBroken, BankHolidaysUnknown) as refusal:
            db.session.rollback()
            refused.add(str(refusal))
    if made:
        click.echo(f"Reports on capacity kept: {made}.")
    for sentence in sorted(refused):
        click.echo(f"Reports on capacity not kept: {sentence}")


def _pcn(code: str) -> Organisation:
    try:
        found = organisations.by_code(code)
    except RuleBroken as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--pcn'") from None
    if found.kind is not OrganisationKind.PCN:
        raise click.BadParameter(f"{found.name} is no PCN.", param_hint="'--pcn'")
    return found


def _said(pcn: Organisation, scope: Scope | None, as_of: date) -> dict[str, Any]:
    _check(pcn, as_of)
    try:
        report = reports.of_pcn(pcn, scope=scope, as_of=as_of)
        said = documents.of_report(report)
    except BankHolidaysUnknown as unknown:
        raise click.BadParameter(str(unknown), param_hint="'--as-of'") from None
    except RuleBroken as refusal:
        running.stop(str(refusal))
    audit.record(audit.Event.REPORT_EXPORTED, pcn, by=None, report="command",
                 scope=report.basis.scope.value)  # fmt: skip
    return said


def _check(pcn: Organisation, as_of: date) -> None:
    """Refuse a day before anything was recorded, as the page does."""
    if as_of == clock.today():
        return
    first = firsts.referral_on([pcn.id])
    start = FinancialYear.containing(first or clock.today()).start
    if first is None or as_of < start:
        sentence = f"There is nothing before {long_date(start)}." if first else NOTHING
        raise click.BadParameter(sentence, param_hint="'--as-of'")


def _lines(said: dict[str, Any]) -> Iterator[str]:
    scope = Scope(said["scope"]).words
    day = long_date(date.fromisoformat(said["as_of"]))
    yield f"{said['pcn']['name']} ({said['pcn']['code']}), {said['financial_year']}"
    yield f"{scope[0].upper()}{scope[1:]}, to {day}."
    yield said["sentence"]
    for section, group in groupby(said["figures"], lambda one: one["section"]):
        figures = list(group)
        of_all = {one["scope"] for one in figures} - {said["scope"]}
        yield ""
        yield f"{section}, {Scope(figures[0]['scope']).words}" if of_all else section
        for one in figures:
            reason = f"  {one['reason']}" if one["reason"] else ""
            yield f"  {one['label']:<60}{one['text']:>9} {one['unit']}{reason}".rstrip()
