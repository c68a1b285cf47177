"""What is on a link worker’s desk, and what waits for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from linkwork import access
from linkwork.casework import people
from linkwork.casework.cases import with_name
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import CaseNeed, Person, Priority, Referral, SupportCase, User

PAGE = 25
MOST_FOUND = 25
NUMBER_DIGITS = 10


class View(StrEnum):
    """The tabs of the caseload."""

    NEEDS_ACTION = "needs-action"
    OPEN = "open"
    NOT_STARTED = "not-started"
    PAUSED = "paused"
    CLOSED = "closed"


class Sort(StrEnum):
    """What the caseload may be ordered by."""

    DUE = "due"
    NAME = "name"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the caseload is asked for. ``team`` is everybody’s, not only one’s own."""

    view: View = View.NEEDS_ACTION
    team: bool = False
    need: str | None = None
    soon: bool = False
    sort: Sort = Sort.DUE
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """One page of a caseload, and how many cases each view holds."""

    cases: Sequence[SupportCase]
    counts: Mapping[View, int]
    total: int
    page: int
    """The page shown: the last there is, where a later one was asked for."""


def desk(user: User, asked: Asked, *, on: date) -> Desk:
    """The cases asked for, and the counts of every view under the same filters."""
    base = _filtered(access.cases(user), user, asked)
    counts = _counts(base, on)
    page = _within(asked.page, counts[asked.view])
    query = (
        base.where(_of_view(asked.view, on))
        .join(SupportCase.person)
        .options(
            contains_eager(SupportCase.person),
            selectinload(SupportCase.needs),
            with_name(SupportCase.worker),
        )
        .order_by(*_order(asked), SupportCase.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Desk(db.session.scalars(query).unique().all(), counts, counts[asked.view], page)


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of those who wait, and how many wait in all."""

    referrals: Sequence[Referral]
    total: int
    page: int


def waiting(user: User, *, page: int = 1) -> Queue:
    """Referrals nobody has accepted yet in the user’s PCNs, soonest and longest waiting first."""
    unaccepted = (
        access.cases(user)
        .where(SupportCase.is_open, SupportCase.accepted_at.is_(None))
        .with_only_columns(SupportCase.id)
    )
    first = select(func.min(Referral.id)).where(Referral.case_id.in_(unaccepted))
    first = first.group_by(Referral.case_id)
    total = db.session.scalar(select(func.count()).select_from(unaccepted.subquery())) or 0
    page = _within(page, total)
    query = (
        select(Referral)
        .where(Referral.id.in_(first))
        .join(Referral.case)
        .options(
            contains_eager(Referral.case),
            joinedload(Referral.person),
            joinedload(Referral.practice),
        )
        .order_by(_soon_first(), Referral.referred_at, Referral.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Queue(db.session.scalars(query).unique().all(), total, page)


def search(user: User, words: str) -> Sequence[SupportCase]:
    """Cases of one’s own PCNs by name, NHS number or phone: at most 25, the newest first.

    A number that nobody has and one that somebody elsewhere has find the same: nothing. Raises
    ``RuleBroken`` where there is no letter or too little of a number to look for.
    """
    query = (
        access.cases(user)
        .join(SupportCase.person)
        .where(_wanted(words))
        .options(
            contains_eager(SupportCase.person),
            selectinload(SupportCase.needs),
            with_name(SupportCase.worker),
        )
        .order_by(SupportCase.opened_at.desc(), SupportCase.id)
        .limit(MOST_FOUND)
    )
    return db.session.scalars(query).unique().all()


def _within(page: int, total: int) -> int:
    """The page asked for, or the last there is."""
    return max(1, min(page, -(-total // PAGE)))


def _filtered(query: Select[SupportCase], user: User, asked: Asked) -> Select[SupportCase]:
    query = query.where(SupportCase.declined_at.is_(None), SupportCase.accepted_at.is_not(None))
    if not asked.team:
        query = query.where(SupportCase.worker_id == user.id)
    if asked.soon:
        query = query.where(SupportCase.priority == Priority.SOON)
    if asked.need:
        having = select(CaseNeed.case_id).where(CaseNeed.need == asked.need)
        query = query.where(SupportCase.id.in_(having))
    return query


def _of_view(view: View, on: date) -> ColumnElement[bool]:
    is_open = SupportCase.closed_at.is_(None)
    unpaused = is_open & SupportCase.paused_at.is_(None)
    # Who is paused wants nothing but what was put down for a day that has come.
    not_booked = SupportCase.paused_at.is_(None) & SupportCase.next_action_on.is_(None)
    views: dict[View, ColumnElement[bool]] = {
        View.NEEDS_ACTION: is_open & or_(SupportCase.next_action_on <= on, not_booked),
        View.OPEN: is_open,
        View.NOT_STARTED: unpaused & SupportCase.first_conversation_at.is_(None),
        View.PAUSED: is_open & SupportCase.paused_at.is_not(None),
        View.CLOSED: SupportCase.closed_at.is_not(None),
    }
    return views[view]


def _counts(base: Select[SupportCase], on: date) -> dict[View, int]:
    columns = [func.coalesce(func.sum(case((_of_view(view, on), 1), else_=0)), 0) for view in View]
    row = db.session.execute(base.with_only_columns(*columns)).one()
    return dict(zip(View, map(int, row), strict=True))


def _order(asked: Asked) -> list[Any]:
    columns: dict[Sort, Any] = {
        Sort.DUE: SupportCase.next_action_on,
        Sort.NAME: Person.family_name_folded,
        Sort.LAST: SupportCase.last_contact_at,
    }
    column = columns[asked.sort]
    # Where nothing is booked nobody will be reminded: those come first, on either engine.
    return [column.is_not(None), column.desc() if asked.descending else column.asc()]


def _soon_first() -> ColumnElement[int]:
    return case((SupportCase.priority == Priority.SOON, 0), else_=1)


def _wanted(words: str) -> ColumnElement[bool]:
    digits = "".join(c for c in words if c.isascii() and c.isdigit())
    if len(digits) >= NUMBER_DIGITS:
        # However a phone number is written, its last ten digits are the same.
        return or_(Person.nhs_number == digits, _digits_of_phone().like(f"%{digits[-10:]}"))
    parts = [part for word in words.replace(",", " ").split() if (part := people.folded(word))][:4]
    if not parts or any(part.isdecimal() for part in parts):
        raise RuleBroken("Type a name, a whole NHS number or a whole phone number.")
    return or_(_name_begins("".join(parts)), and_(*map(_name_begins, parts)))


def _digits_of_phone() -> Any:
    plain: Any = Person.phone
    for between in " -().":
        plain = func.replace(plain, between, "")
    return plain


def _name_begins(part: str) -> ColumnElement[bool]:
    """A folded name has letters and digits only, so nothing in it is a wildcard."""
    begins: ColumnElement[bool] = or_(
        Person.family_name_folded.like(f"{part}%"),
        Person.given_name_folded.like(f"{part}%"),
        func.lower(Person.preferred_name).like(f"{part}%"),
    )
    return begins
