"""Assumptions behind the figures of capacity: set for a PCN, a board or everywhere, from a day.

What is set nearest to a PCN holds: its own, else its board’s, else that of the installation, else
the default of ``linkwork.capacity.assumptions``. Nothing is overwritten: a value is set from a
day on, or taken back, and who did so is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from linkwork import audit
from linkwork.audit import Event
from linkwork.capacity.assumptions import SETTINGS, Assumptions
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Assumption, Organisation, User

STANDARD = Assumptions()
FOR_ALL = frozenset({"tilt"})
"""Those that make no sense for one PCN alone: shares are divided over all of them."""
GONE = "This was taken back already."


@dataclass(frozen=True, slots=True)
class Standing:
    """An assumption as it holds on a day, and who set it; ``row`` None is the default."""

    code: str
    value: float | None
    row: Assumption | None


def in_force(pcn: Organisation | None, on: date) -> Assumptions:
    """The assumptions for the figures of a PCN (or a board; None: anywhere) on a day. One query."""
    whose = (pcn.id, pcn.parent_id) if pcn is not None else (None, None)
    rows = db.session.execute(_values(), {"own": whose[0], "above": whose[1], "day": on})
    found = sorted(rows, key=lambda row: _rank(row, whose[0]))
    return _with({row.code: row.value for row in found if row.code in SETTINGS})


def standing(pcn: Organisation | None, on: date) -> list[Standing]:
    """Every assumption in the order of ``SETTINGS``, with what set it. One query."""
    held = _nearest(_rows(pcn, on))
    whole = _with({code: row.value for code, row in held.items()})
    return [Standing(code, getattr(whole, code), held.get(code)) for code in SETTINGS]


def history(pcn: Organisation | None) -> Sequence[Assumption]:
    """All that was ever set for a PCN, its board and everywhere; taken back ones too.

    What was set last comes first.
    """
    query = _of(pcn).order_by(Assumption.set_at.desc(), Assumption.id.desc())
    return db.session.scalars(query).all()


def set_value(
    code: str,
    value: float,
    *,
    of: Organisation | None,
    from_on: date,
    by: User,
    at: datetime,
) -> Assumption:
    """Let an assumption be ``value`` from a day on, for one PCN, one board, or everywhere (None).

    A second value from the same day takes the place of the first. Raises ``RuleBroken`` for an
    assumption there is not, a value out of its range, and one that holds already.
    """
    if code not in SETTINGS:
        raise RuleBroken("Choose one of the assumptions on the page.")
    if code in FOR_ALL and of is not None:
        raise RuleBroken(f"{SETTINGS[code].label} is the same for all PCNs: it is set everywhere.")
    try:
        SETTINGS[code].check(value)
    except ValueError as wrong:
        raise RuleBroken(str(wrong)) from None
    held = _nearest(_rows(of, from_on)).get(code)
    before = held.value if held is not None else getattr(STANDARD, code)
    if _is_own(of, held, value):
        raise RuleBroken(f"{SETTINGS[code].label}: that is what it is already.")
    made = Assumption(
        organisation_id=of.id if of else None,
        code=code,
        value=float(value),
        from_on=from_on,
        set_at=at,
        set_by_id=by.id,
    )
    db.session.add(made)
    audit.record(Event.ASSUMPTION_SET, made, by=by, **_facts(made), before=before)
    return made


def take_back(assumption: Assumption, *, by: User, at: datetime) -> None:
    """Let what held before hold again. Raises ``RuleBroken`` where it was taken back already."""
    held = select(Assumption).where(Assumption.id == assumption.id).with_for_update()
    db.session.execute(held.execution_options(populate_existing=True))
    if assumption.taken_back_at is not None:
        raise RuleBroken(GONE)
    assumption.taken_back_at, assumption.taken_back_by_id = at, by.id
    audit.record(Event.ASSUMPTION_TAKEN_BACK, assumption, by=by, **_facts(assumption))


def _facts(row: Assumption) -> dict[str, Any]:
    """What was set, for whom and from when, for the trail."""
    return {
        "code": row.code,
        "value": row.value,
        "from_on": row.from_on.isoformat(),
        "of": row.organisation_id,
    }


def _of(pcn: Organisation | None) -> Select[Assumption]:
    """What was set for a PCN, for what it belongs to, and everywhere."""
    where: list[ColumnElement[bool]] = [Assumption.organisation_id.is_(None)]
    if pcn is not None:
        above = [id_ for id_ in (pcn.id, pcn.parent_id) if id_ is not None]
        where.append(Assumption.organisation_id.in_(above))
    return (
        select(Assumption)
        .where(or_(*where))
        .options(joinedload(Assumption.set_by), joinedload(Assumption.organisation))
    )


def _rows(pcn: Organisation | None, on: date) -> list[Assumption]:
    """Those that hold on a day, the nearest to the PCN last, and of each the newest last."""
    query = _of(pcn).where(Assumption.from_on <= on, Assumption.taken_back_at.is_(None))
    own = pcn.id if pcn is not None else None
    found = [row for row in db.session.scalars(query) if row.code in SETTINGS]
    return sorted(found, key=lambda row: _rank(row, own))


def _rank(row: Any, own_id: int | None) -> tuple[int, date, int]:
    """Where a row stands: what is nearer to the PCN, later or newer comes last."""
    level = 0 if row.organisation_id is None else 2 if row.organisation_id == own_id else 1
    return level, row.from_on, row.id


@cache
def _values() -> Any:
    """The values that hold on a day, put together once: every page of capacity asks."""
    return select(
        Assumption.id,
        Assumption.code,
        Assumption.value,
        Assumption.organisation_id,
        Assumption.from_on,
    ).where(
        or_(
            Assumption.organisation_id.is_(None),
            Assumption.organisation_id == bindparam("own", type_=Integer()),
            Assumption.organisation_id == bindparam("above", type_=Integer()),
        ),
        Assumption.from_on <= bindparam("day", type_=Date()),
        Assumption.taken_back_at.is_(None),
    )


def _nearest(rows: Sequence[Assumption]) -> dict[str, Assumption]:
    return {row.code: row for row in rows}


def _with(held: dict[str, float]) -> Assumptions:
    """The defaults with some values in their place.

    One that is no longer allowed, because its range was narrowed since, gives way to the default.
    """
    allowed = {code: _like(code, value) for code, value in held.items() if _is_allowed(code, value)}
    return replace(STANDARD, **allowed)


def _is_allowed(code: str, value: float) -> bool:
    try:
        SETTINGS[code].check(value)
    except ValueError:
        return False
    return True


def _like(code: str, value: float) -> Any:
    """A value as ``Assumptions`` has it: all are kept as numbers, whatever they are."""
    if SETTINGS[code].switch:
        return bool(value)
    return int(value) if value == int(value) else value


def _is_own(of: Organisation | None, row: Assumption | None, value: float) -> bool:
    own = row is not None and row.organisation_id == (of.id if of else None)
    return own and row is not None and row.value == value
