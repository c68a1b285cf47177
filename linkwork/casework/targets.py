"""Shares of the two national targets: worked out once for a financial year, then kept.

The arithmetic is in ``linkwork.capacity.shares``; the two targets are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from linkwork import audit
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.shares import Method
from linkwork.capacity.targets import TARGETS
from linkwork.casework import mergers
from linkwork.casework.target_claims import Plan, Portion, networks, plan
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import TargetShare, User

METHODS = {
    Method.LIST: "list size",
    Method.WTE: "WTE",
    Method.DEPRIVATION: "list size and deprivation",
}
NO_INPUT = {
    Method.WTE: "No PCN has a post that is recorded, so nothing can be divided by WTE. Add posts.",
    Method.DEPRIVATION: (
        "No PCN has both a list size and a deprivation profile, so nothing can be divided by "
        "deprivation. Bring in the profiles first."
    ),
}


def freeze_shares(
    year: FinancialYear, method: Method | None = None, *, by: User | None, at: datetime
) -> list[TargetShare]:
    """Fix each PCN's share of both targets for ``year``, and flush.

    ``method`` None is the one the year was frozen by, else by list size. Returns the rows that
    were added or filled. What is frozen never moves, so a second call changes nothing; a PCN that
    came later, or lacked an input before, gets its share out of what was left for the rest of
    England. A PCN without the inputs has a row without people. Raises ``RuleBroken`` for another
    method than that of the year, and where no PCN has the inputs of the method.
    """
    plans, stored = planned(year, method, at=at), _stored(year)
    fixed = [
        row
        for one in plans
        for portion in one.portions
        if (row := _row(portion, one, year, stored.get(one.target.code, {}), at)) is not None
    ]
    db.session.flush()
    if fixed:
        how = plans[0].method.value
        audit.record(
            audit.Event.SHARES_FROZEN,
            None,
            by=by,
            year=year.first_year,
            rows=len(fixed),
            method=how,
        )
    return fixed


def planned(year: FinancialYear, method: Method | None = None, *, at: datetime) -> list[Plan]:
    """What freezing would give, for each target, without keeping anything.

    Raises ``RuleBroken`` as ``freeze_shares`` does.
    """
    before = method_of(year)
    if before is not None and method not in (None, before):
        raise RuleBroken(
            f"The shares of {year.label} are frozen by {METHODS[before]} already, and what is "
            "frozen does not move. A PCN that came later gets its share in the same way."
        )
    chosen, stored = method or before or Method.LIST, _stored(year)
    everyone = networks(year, at)
    plans = [
        plan(target, year, chosen, everyone, list(stored.get(target.code, {}).values()))
        for target in TARGETS.values()
    ]
    if chosen is not Method.LIST and before is None and not any(one.given for one in plans):
        raise RuleBroken(NO_INPUT[chosen])
    return plans


def method_of(year: FinancialYear) -> Method | None:
    """How the shares of a year were divided; None while none is frozen."""
    query = select(TargetShare.method).where(
        TargetShare.year == year.first_year, TargetShare.people.is_not(None)
    )
    found = db.session.scalar(query.limit(1))
    return Method(found) if found else None


@dataclass(frozen=True, slots=True)
class Held:
    """A PCN’s share: what was frozen for it, and what it took over from PCNs that merged into it.

    ``people`` is the sum, None where none of them has a list size.
    """

    own: TargetShare | None
    inherited: tuple[TargetShare, ...] = ()

    @property
    def people(self) -> int | None:
        """Whole people; None where no list size is known."""
        known = [row.people for row in self.rows if row.people is not None]
        return sum(known) if known else None

    @property
    def rows(self) -> tuple[TargetShare, ...]:
        """Everything it is the sum of."""
        return (*([self.own] if self.own else []), *self.inherited)

    @property
    def method(self) -> Method:
        """How it was divided."""
        return Method(self.rows[0].method) if self.rows else Method.LIST

    @property
    def basis(self) -> str:
        """What it was worked out from, in a sentence; empty where there is no share."""
        if self.people is None:
            return ""
        known = [row.inputs for row in self.rows if row.people is not None]
        whole = f"{self.people:,} of {known[0]['total']:,} people: "
        if self.method is Method.WTE:
            wte = sum(one.get("wte") or 0 for one in known)
            of = max(one["national_wte"] for one in known)
            whole += f"{wte:g} of {of:,.10g} WTE"
        else:
            national = max(one["national_list"] for one in known)
            whole += f"{self.list_size:,} of {national:,} registered patients"
        if self.method is Method.DEPRIVATION:
            whole += f", weighed by how deprived they are (tilt {known[0]['tilt']:g})"
        merged = (
            f" These are the shares of {len(known)} PCNs that merged." if len(known) > 1 else ""
        )
        return f"{whole}, rounded so that all shares add up.{merged}"

    @property
    def list_size(self) -> int:
        """Registered patients that it was worked out from."""
        return sum(row.inputs.get("list_size") or 0 for row in self.rows if row.people is not None)


def held(year: FinancialYear, pcn_ids: Sequence[int]) -> dict[tuple[int, str], Held]:
    """The shares of some PCNs, by PCN and code of the target. Two queries.

    What was frozen does not move. Once a merger is carried out, the PCN that carries on has the
    sum of the shares, as it has all the starts, and the other none. After a split nothing is
    handed on: the new PCNs get shares from their own list sizes.
    """
    heirs = mergers.heirs(mergers.carried_out(mergers.steps()))
    wanted = {*pcn_ids, *(old for old, new in heirs.items() if new in pcn_ids)}
    asked = {"year": year.first_year, "pcn_ids": sorted(wanted)}
    own: dict[tuple[int, str], TargetShare] = {}
    inherited: dict[tuple[int, str], list[TargetShare]] = {}
    for row in db.session.scalars(_frozen_rows(), asked):
        if row.organisation_id in pcn_ids and row.organisation_id not in heirs:
            own[row.organisation_id, row.target] = row
        if row.organisation_id in heirs:
            inherited.setdefault((heirs[row.organisation_id], row.target), []).append(row)
    return {
        key: Held(own.get(key), tuple(inherited.get(key, ())))
        for key in {*own, *inherited}
        if key[0] in pcn_ids
    }


@cache
def _frozen_rows() -> Any:
    """The shares of some PCNs in a year, put together once: every page of capacity asks."""
    return (
        select(TargetShare)
        .where(
            TargetShare.year == bindparam("year"),
            TargetShare.organisation_id.in_(bindparam("pcn_ids", expanding=True)),
        )
        .order_by(TargetShare.id)
    )


def people_by_pcn(year: FinancialYear, code: str, merged: mergers.Steps) -> dict[int, int | None]:
    """Whole people of each PCN's share of one target, as ``held`` has them, for all at once.

    A PCN whose list size is not known has None; one without a frozen share is absent. One query.
    ``merged`` are the mergers that were carried out.
    """
    heirs = mergers.heirs(merged)
    query = select(TargetShare.organisation_id, TargetShare.people).where(
        TargetShare.year == year.first_year, TargetShare.target == code
    )
    found: dict[int, int | None] = {}
    for pcn_id, people in db.session.execute(query):
        heir = heirs.get(pcn_id, pcn_id)
        before = found.get(heir)
        found[heir] = people if before is None else before + (people or 0)
    return found


def _stored(year: FinancialYear) -> dict[str, dict[int, TargetShare]]:
    found: dict[str, dict[int, TargetShare]] = {}
    query = select(TargetShare).where(TargetShare.year == year.first_year)
    for row in db.session.scalars(query):
        found.setdefault(row.target, {})[row.organisation_id] = row
    return found


def _row(
    portion: Portion,
    whole: Plan,
    year: FinancialYear,
    stored: dict[int, TargetShare],
    at: datetime,
) -> TargetShare | None:
    """A new row, or a stored one without people filled; None where nothing has become known."""
    before = stored.get(portion.network.id)
    if before is not None and portion.people is None:
        return None
    row = before or TargetShare(
        organisation_id=portion.network.id, year=year.first_year, target=whole.target.code
    )
    row.method, row.people, row.frozen_at = whole.method.value, portion.people, at
    row.inputs = dict(portion.inputs)
    if portion.people is None:
        row.inputs = {**row.inputs, "reason": portion.reason}
    db.session.add(row)
    return row


def frozen(year: FinancialYear) -> dict[str, tuple[int, int]]:
    """For each target, the PCNs that have a frozen share of a year, and the people in all."""
    query = (
        select(TargetShare.target, func.count(), func.sum(TargetShare.people))
        .where(TargetShare.year == year.first_year, TargetShare.people.is_not(None))
        .group_by(TargetShare.target)
    )
    return {target: (pcns, people or 0) for target, pcns, people in db.session.execute(query)}
