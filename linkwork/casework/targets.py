"""Shares of the two national targets: worked out once for a financial year, then kept.

The arithmetic is in ``linkwork.capacity.shares``; the two targets are never added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select

from linkwork import audit
from linkwork.capacity.calendar import FinancialYear, london_date
from linkwork.capacity.shares import NATIONAL_LIST, NO_LIST, Claim, Method, by_list
from linkwork.capacity.targets import TARGETS, Target
from linkwork.database import db
from linkwork.models import (
    ListSize,
    Organisation,
    OrganisationKind,
    Succession,
    TargetShare,
    User,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A PCN with the newest list size known; None where there is none."""

    id: int
    code: str
    patients: int | None
    as_of: str | None


def freeze_shares(year: FinancialYear, *, by: User | None, at: datetime) -> list[TargetShare]:
    """Fix each PCN's share of both targets for ``year``, by list size, and flush.

    Returns the rows that were added or filled. What is frozen never moves, so a second call
    changes nothing; a PCN that came later, or had no list size before, gets its share out of what
    was left for the rest of England. A PCN without a list size has a row without people.
    """
    networks, stored = _listed_pcns(at), _stored(year)
    fixed = [
        row
        for target in TARGETS.values()
        for row in _freeze(target, year, networks, stored.get(target.code, {}), at)
    ]
    db.session.flush()
    if fixed:
        audit.record(audit.Event.SHARES_FROZEN, None, by=by, year=year.first_year, rows=len(fixed))
    return fixed


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
    def list_size(self) -> int:
        """Registered patients that it was worked out from."""
        return sum(row.inputs["list_size"] or 0 for row in self.rows if row.people is not None)


def held(year: FinancialYear, pcn_ids: Sequence[int], *, on: date) -> dict[tuple[int, str], Held]:
    """The shares of some PCNs on a day, by PCN and code of the target. Two queries.

    What was frozen does not move; from the day PCNs merge, the one that carries on has the sum of
    their shares for that year, and the others have none. After a split nothing is handed on: the
    new PCNs get shares from their own list sizes.
    """
    heirs = _heirs(on)
    wanted = {*pcn_ids, *(old for old, new in heirs.items() if new in pcn_ids)}
    query = select(TargetShare).where(
        TargetShare.year == year.first_year, TargetShare.organisation_id.in_(wanted)
    )
    own: dict[tuple[int, str], TargetShare] = {}
    inherited: dict[tuple[int, str], list[TargetShare]] = {}
    for row in db.session.scalars(query.order_by(TargetShare.id)):
        if row.organisation_id in pcn_ids and row.organisation_id not in heirs:
            own[row.organisation_id, row.target] = row
        if row.organisation_id in heirs:
            inherited.setdefault((heirs[row.organisation_id], row.target), []).append(row)
    return {
        key: Held(own.get(key), tuple(inherited.get(key, ())))
        for key in {*own, *inherited}
        if key[0] in pcn_ids
    }


def people_by_pcn(year: FinancialYear, code: str, *, on: date) -> dict[int, int | None]:
    """Whole people of each PCN's share of one target, as ``held`` has them, for all at once.

    A PCN whose list size is not known has None; one without a frozen share is absent. Two queries.
    """
    heirs = _heirs(on)
    query = select(TargetShare.organisation_id, TargetShare.people).where(
        TargetShare.year == year.first_year, TargetShare.target == code
    )
    found: dict[int, int | None] = {}
    for pcn_id, people in db.session.execute(query):
        heir = heirs.get(pcn_id, pcn_id)
        before = found.get(heir)
        found[heir] = people if before is None else before + (people or 0)
    return found


def _heirs(on: date) -> dict[int, int]:
    """For every PCN that merged by a day, the one that has its share now, however many steps on."""
    query = select(Succession.organisation_id, Succession.successor_id).where(
        Succession.is_sole, Succession.succeeded_on <= on
    )
    steps = {row.organisation_id: row.successor_id for row in db.session.execute(query)}
    found = {}
    for old, first in steps.items():
        new, seen = first, {old}
        while new in steps and new not in seen:
            seen.add(new)
            new = steps[new]
        found[old] = new
    return found


def _stored(year: FinancialYear) -> dict[str, dict[int, TargetShare]]:
    found: dict[str, dict[int, TargetShare]] = {}
    query = select(TargetShare).where(TargetShare.year == year.first_year)
    for row in db.session.scalars(query):
        found.setdefault(row.target, {})[row.organisation_id] = row
    return found


def _listed_pcns(at: datetime) -> list[Listed]:
    newest = (
        select(ListSize.organisation_id, func.max(ListSize.as_of).label("as_of"))
        .group_by(ListSize.organisation_id)
        .subquery()
    )
    query = (
        select(
            Organisation.id,
            Organisation.ods_code,
            Organisation.key,
            ListSize.patients,
            ListSize.as_of,
        )
        .outerjoin(newest, newest.c.organisation_id == Organisation.id)
        .outerjoin(
            ListSize,
            (ListSize.organisation_id == Organisation.id) & (ListSize.as_of == newest.c.as_of),
        )
        .where(
            Organisation.kind == OrganisationKind.PCN,
            or_(Organisation.closed_on.is_(None), Organisation.closed_on > london_date(at)),
        )
        .order_by(Organisation.id)
    )
    return [
        Listed(row.id, row.ods_code or row.key, row.patients, row.as_of and f"{row.as_of}")
        for row in db.session.execute(query)
    ]


def _freeze(
    target: Target,
    year: FinancialYear,
    networks: Sequence[Listed],
    stored: dict[int, TargetShare],
    at: datetime,
) -> list[TargetShare]:
    """Divide what no frozen share holds yet over the PCNs without one and the rest of England."""
    settled = [row for row in stored.values() if row.people is not None]
    given = sum(row.people or 0 for row in settled)
    held_lists = sum(row.inputs["list_size"] for row in settled)
    waiting = [one for one in networks if one.id not in {row.organisation_id for row in settled}]
    claims = [Claim(one.code, one.patients) for one in waiting]
    own = sum(claim.list_size or 0 for claim in claims)
    left = max(NATIONAL_LIST - held_lists, own)
    people = {}
    if own:
        shares = by_list(max(0, target.people - given), claims, left)
        people = {row.code: row.people for row in shares.rows}
    inputs = {"total": target.people, "national_list": held_lists + left}
    rows = [
        _row(one, target, year, people.get(one.code), inputs, stored.get(one.id), at)
        for one in waiting
    ]
    return [row for row in rows if row is not None]


def _row(
    one: Listed,
    target: Target,
    year: FinancialYear,
    people: int | None,
    inputs: dict[str, int],
    stored: TargetShare | None,
    at: datetime,
) -> TargetShare | None:
    """A new row, or a stored one without people filled; None where nothing has become known."""
    if stored is not None and people is None:
        return None
    row = stored or TargetShare(
        organisation_id=one.id, year=year.first_year, target=target.code, method=Method.LIST.value
    )
    row.people, row.frozen_at = people, at
    row.inputs = {**inputs, "list_size": one.patients, "as_of": one.as_of}
    if people is None:
        row.inputs = {**row.inputs, "reason": NO_LIST}
    db.session.add(row)
    return row
