"""What each PCN brings to the division of a national target, and the division before it is kept.

The arithmetic is in ``linkwork.capacity.shares``; the two targets are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from linkwork.capacity.calendar import FinancialYear, london_date
from linkwork.capacity.shares import (
    NATIONAL_ADDITIONAL_WTE,
    NATIONAL_LIST,
    NO_LIST,
    Claim,
    Method,
    ShareRefused,
    Shares,
    by_deprivation,
    by_list,
    by_wte,
)
from linkwork.capacity.targets import Scope, Target
from linkwork.casework import assumptions, list_profiles, mergers, posts
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import ListSize, Organisation, OrganisationKind, TargetShare

NATIONAL_WTE = {Scope.ADDITIONAL: NATIONAL_ADDITIONAL_WTE, Scope.ALL: 1_700.0}
"""The workers each target is about: 500, and 1,200 more (NHS announcement, 5 August 2020)."""
NO_POST = "no post is recorded"


@dataclass(frozen=True, slots=True)
class Network:
    """A PCN with the newest list size, WTE by scope and profile that are known of it."""

    id: int
    code: str
    name: str
    patients: int | None
    as_of: str | None
    wte: dict[Scope, float] | None
    quintiles: tuple[float, float, float, float, float] | None
    profile_as_of: str | None

    def claim(self, scope: Scope) -> Claim:
        """What it brings to one target."""
        return Claim(
            self.code, self.patients, self.wte[scope] if self.wte else None, self.quintiles
        )


@dataclass(frozen=True, slots=True)
class Portion:
    """What one PCN would get: whole people, or None and why; and what it is worked out from."""

    network: Network
    people: int | None
    reason: str
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A target divided over the PCNs that have no share yet.

    ``frozen`` are the people that earlier shares hold, ``rest`` those of the rest of England.
    """

    target: Target
    method: Method
    portions: tuple[Portion, ...]
    frozen: int
    rest: int

    @property
    def given(self) -> tuple[Portion, ...]:
        """Those that would get a share."""
        return tuple(one for one in self.portions if one.people is not None)

    @property
    def excluded(self) -> tuple[Portion, ...]:
        """Those that would get none, and why."""
        return tuple(one for one in self.portions if one.people is None)


def networks(year: FinancialYear, at: datetime) -> list[Network]:
    """Every open PCN, in the order they were made. Four queries.

    With one that merged, while its patients are on no list of the PCN that carries on: who has its
    work has its share as well (``targets.held``).
    """
    today = london_date(at)
    on = max(year.start, min(today, year.end))
    wte = _wte(on)
    profiles = list_profiles.newest()
    rows = db.session.execute(_listed()).all()
    listed = {row.id: row.as_of for row in rows if row.as_of}
    apart = mergers.still_listed(mergers.steps(), listed)
    found = []
    for row in rows:
        if row.closed_on and row.closed_on <= today and row.id not in apart:
            continue
        profile = profiles.get(row.id)
        found.append(
            Network(
                row.id,
                row.ods_code or row.key,
                row.name,
                row.patients,
                row.as_of and f"{row.as_of}",
                wte.get(row.id),
                profile.quintiles if profile else None,
                f"{profile.as_of}" if profile else None,
            )
        )
    return found


def plan(
    target: Target,
    year: FinancialYear,
    method: Method,
    everyone: Sequence[Network],
    stored: Sequence[TargetShare],
) -> Plan:
    """Divide what no frozen share holds yet over the PCNs without one and the rest of England.

    Raises ``RuleBroken`` where the inputs do not allow it.
    """
    settled = [row for row in stored if row.people is not None]
    done = {row.organisation_id for row in settled}
    waiting = [one for one in everyone if one.id not in done]
    claims = [one.claim(target.scope) for one in waiting]
    given = sum(row.people or 0 for row in settled)
    left = max(0, target.people - given)
    bases = _bases(target, claims, settled)
    tilt = assumptions.in_force(None, year.start).tilt
    shares = _divided(left, claims, method, bases, tilt)
    people = {row.code: row.people for row in shares.rows} if shares else {}
    reasons = {out.code: out.reason for out in shares.excluded} if shares else {}
    portions = tuple(
        Portion(
            one,
            people.get(one.code),
            "" if one.code in people else _reason(reasons.get(one.code), method),
            _inputs(one, target, method, bases, settled, tilt),
        )
        for one in waiting
    )
    return Plan(target, method, portions, given, shares.rest.people if shares else left)


@dataclass(frozen=True, slots=True)
class _Bases:
    """What is left of England for those without a share: patients and WTE."""

    patients: int
    wte: float


def _bases(target: Target, claims: Sequence[Claim], settled: Sequence[TargetShare]) -> _Bases:
    """England without what frozen shares rest on, and never less than what the PCNs bring."""
    lists = sum(row.inputs.get("list_size") or 0 for row in settled)
    wte = sum(row.inputs.get("wte") or 0 for row in settled)
    own = sum(claim.list_size or 0 for claim in claims)
    own_wte = sum(claim.wte or 0 for claim in claims)
    return _Bases(max(NATIONAL_LIST - lists, own), max(NATIONAL_WTE[target.scope] - wte, own_wte))


def _divided(
    left: int, claims: Sequence[Claim], method: Method, bases: _Bases, tilt: float
) -> Shares | None:
    if not any(_brings(claim, method) for claim in claims):
        return None
    try:
        if method is Method.WTE:
            return by_wte(left, claims, bases.wte)
        if method is Method.DEPRIVATION:
            return by_deprivation(left, claims, bases.patients, tilt)
        return by_list(left, claims, bases.patients)
    except ShareRefused as wrong:
        raise RuleBroken(str(wrong)) from None


def _brings(claim: Claim, method: Method) -> bool:
    if method is Method.WTE:
        return bool(claim.wte)
    has_list = bool(claim.list_size)
    return has_list and (method is Method.LIST or claim.quintiles is not None)


def _reason(found: str | None, method: Method) -> str:
    """Why a PCN gets no share."""
    if method is Method.WTE:
        return NO_POST
    if found is None and method is Method.DEPRIVATION:
        return "no deprivation profile"
    return found or NO_LIST


def _inputs(
    one: Network,
    target: Target,
    method: Method,
    bases: _Bases,
    settled: Sequence[TargetShare],
    tilt: float,
) -> dict[str, Any]:
    """What a share is kept with, so that anybody can work it out again."""
    lists = sum(row.inputs.get("list_size") or 0 for row in settled)
    found: dict[str, Any] = {
        "total": target.people,
        "national_list": lists + bases.patients,
        "list_size": one.patients,
        "as_of": one.as_of,
    }
    if method is Method.WTE:
        held = sum(row.inputs.get("wte") or 0 for row in settled)
        wte = one.wte[target.scope] if one.wte else None
        found |= {"wte": wte, "national_wte": round(held + bases.wte, 2)}
    if method is Method.DEPRIVATION:
        parts = list(one.quintiles) if one.quintiles else None
        found |= {"quintiles": parts, "profile_as_of": one.profile_as_of, "tilt": tilt}
    return found


def _wte(on: date) -> dict[int, dict[Scope, float]]:
    """WTE paid for of every PCN that has a post, vacancies included: additional, and all."""
    found: dict[int, dict[Scope, float]] = {}
    for row in posts.wte_by_pcn(on):
        own = found.setdefault(row.pcn_id, {Scope.ADDITIONAL: 0.0, Scope.ALL: 0.0})
        for scope in Scope:
            if scope.includes(row.additional):
                own[scope] = round(own[scope] + row.funded, 2)
    return found


def _listed() -> Any:
    newest = (
        select(ListSize.organisation_id, func.max(ListSize.as_of).label("as_of"))
        .group_by(ListSize.organisation_id)
        .subquery()
    )
    return (
        select(
            Organisation.id,
            Organisation.ods_code,
            Organisation.key,
            Organisation.name,
            ListSize.patients,
            ListSize.as_of,
            Organisation.closed_on,
        )
        .outerjoin(newest, newest.c.organisation_id == Organisation.id)
        .outerjoin(
            ListSize,
            (ListSize.organisation_id == Organisation.id) & (ListSize.as_of == newest.c.as_of),
        )
        .where(Organisation.kind == OrganisationKind.PCN)
        .order_by(Organisation.id)
    )
