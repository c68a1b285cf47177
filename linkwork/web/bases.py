"""Which day and whose work an address asks for: what every page of figures rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from linkwork import clock
from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.targets import Scope
from linkwork.models import Organisation
from linkwork.reports import firsts
from linkwork.reports.basis import Basis
from linkwork.web.paging import here

SCOPES = {Scope.ADDITIONAL: "Additional link workers", Scope.ALL: "All link workers"}
TODAY = "so this page shows today."


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. ``scope`` None is the default of the PCN.

    Where the day it names cannot be shown, ``as_of`` is today and ``refusal`` says why.
    """

    scope: Scope | None
    as_of: date
    refusal: str = ""


def asked(pcns: Sequence[Organisation]) -> Asked:
    """Read ``scope`` and ``as_of`` of the address. One query where it names a day but today."""
    today, text = clock.today(), request.args.get("as_of", "").strip()
    day = _day(text)
    if not text or day == today:
        return Asked(_scope(), today)
    refusal = _refusal(day, pcns, today)
    return Asked(_scope(), today if refusal or day is None else day, refusal)


def args(basis: Basis) -> dict[str, Any]:
    """What a link to another page about the same figures carries; today needs no saying."""
    past = {"as_of": basis.as_of.isoformat()} if basis.as_of != clock.today() else {}
    return {"scope": basis.scope.value, **past}


def scope_tabs(chosen: Scope) -> list[dict[str, object]]:
    """This page for each scope."""
    return [
        {"label": label, "url": here(scope=scope.value), "current": scope is chosen}
        for scope, label in SCOPES.items()
    ]


def _scope() -> Scope | None:
    """The scope of the address; None where it names none that exists."""
    text = request.args.get("scope", "")
    return Scope(text) if text in {scope.value for scope in Scope} else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refusal(day: date | None, pcns: Sequence[Organisation], today: date) -> str:
    """Why the figures of a day cannot be shown; empty where they can."""
    if day is None:
        return f"That is not a date we can read, {TODAY} Choose a day, for example 30 September."
    if day > today:
        return f"{long_date(day)} is still to come, {TODAY}"
    first = firsts.referral_on([pcn.id for pcn in pcns])
    if first is None:
        return f"Nothing has been recorded yet, {TODAY}"
    start = FinancialYear.containing(first).start
    return f"There is nothing before {long_date(start)}, {TODAY}" if day < start else ""
