"""Finding organisations, and what is known of one: who is in it, its list, where it belonged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select

from linkwork import access, audit
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import ListSize, Organisation, OrganisationKind, OrganisationParent, User

PAGE = 50
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page of organisations in order of name, what they belong to, and how many there are.

    ``parents`` are names by number.
    """

    organisations: tuple[Organisation, ...]
    parents: dict[int, str]
    total: int


@dataclass(frozen=True, slots=True)
class Stay:
    """Where an organisation belonged, and from when to when; ``end_on`` None is still."""

    parent: str
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation within another, and its newest list size; None where there is none."""

    organisation: Organisation
    patients: int | None


def pcns(user: User, *, on: date) -> Sequence[Organisation]:
    """The PCNs whose figures a user may read and that are open on a day, in order of name."""
    query = access.pcns(user).where(Organisation.is_open(on))
    return db.session.scalars(query.order_by(Organisation.name)).all()


def pcn(key: str, *, user: User) -> Organisation:
    """One of them. Raises NotYours for any other organisation, even one the user may manage."""
    found = db.session.scalar(access.pcns(user).where(Organisation.key == key))
    if found is None:
        raise NotYours(Organisation.__name__)
    return found


def search(words: str, kind: OrganisationKind | None, *, user: User, number: int) -> Found:
    """Page ``number`` (from 1) of what a user may see, by words of a name, a code or a postcode."""
    query = access.organisations(user)
    for word in words.split()[:10]:
        like = f"%{_literal(word)}%"
        columns = (Organisation.name, Organisation.ods_code, Organisation.postcode)
        query = query.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Organisation.name, Organisation.id)
    rows = db.session.scalars(ordered.limit(PAGE).offset((number - 1) * PAGE)).all()
    return Found(tuple(rows), _names({row.parent_id for row in rows}), total)


def counts(user: User) -> dict[OrganisationKind, int]:
    """How many organisations of each kind a user may see."""
    seen = access.organisations(user).subquery()
    query = select(seen.c.kind, func.count()).group_by(seen.c.kind)
    return {OrganisationKind(kind): number for kind, number in db.session.execute(query)}


def members(parent: Organisation) -> list[Member]:
    """The organisations directly within another, in order of name."""
    size = _newest_size(Organisation.id)
    query = select(Organisation, size).where(Organisation.parent_id == parent.id)
    rows = db.session.execute(query.order_by(Organisation.name, Organisation.id))
    return [Member(organisation, patients) for organisation, patients in rows]


def list_sizes(of: Organisation) -> Sequence[ListSize]:
    """The list sizes of an organisation, the newest first."""
    query = select(ListSize).where(ListSize.organisation_id == of.id)
    return db.session.scalars(query.order_by(ListSize.as_of.desc()).limit(HISTORY)).all()


def history(of: Organisation) -> list[Stay]:
    """Where an organisation has belonged, the newest first."""
    query = (
        select(Organisation.name, OrganisationParent.start_on, OrganisationParent.end_on)
        .join(Organisation, Organisation.id == OrganisationParent.parent_id)
        .where(OrganisationParent.organisation_id == of.id)
        .order_by(OrganisationParent.start_on.desc())
        .limit(HISTORY)
    )
    return [Stay(*row) for row in db.session.execute(query)]


def _names(ids: set[int | None]) -> dict[int, str]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids - {None}))
    return {row.id: row.name for row in db.session.execute(query)}


def _newest_size(organisation_id: Any) -> ScalarSelect[int]:
    return (
        select(ListSize.patients)
        .where(ListSize.organisation_id == organisation_id)
        .order_by(ListSize.as_of.desc())
        .limit(1)
        .scalar_subquery()
    )


def _literal(word: str) -> str:
    """A word for LIKE, where its own wildcards mean themselves."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def by_code(code: str) -> Organisation:
    """The organisation of an ODS code. Raises ``RuleBroken`` where there is none."""
    found = db.session.scalar(
        select(Organisation).where(Organisation.ods_code == code.strip().upper())
    )
    if found is None:
        raise RuleBroken(f"No organisation has the code {code}. Import the organisations first.")
    return found


def is_own(organisation: Organisation, *, user: User) -> bool:
    """Whether it is one of the user’s own PCNs, or a practice that belongs to one."""
    mine = set(db.session.scalars(access.pcns(user).with_only_columns(Organisation.id)))
    return bool({organisation.id, organisation.parent_id} & mine)


def add_national_body(name: str, code: str, *, by: User | None) -> Organisation:
    """Add an organisation whose PCN leads see figures of all of England, and no PCN’s page.

    No file of the NHS names one. Raises ``RuleBroken`` for a code that is taken or empty.
    """
    name, code = name.strip(), code.strip().upper()
    if not name or not code:
        raise RuleBroken("Give the national body a name and a code.")
    if db.session.scalar(select(Organisation.id).where(Organisation.ods_code == code)):
        raise RuleBroken(f"There is an organisation with the code {code} already.")
    made = Organisation(kind=OrganisationKind.NATIONAL, name=name, ods_code=code)
    db.session.add(made)
    db.session.flush()
    audit.record(audit.Event.ORGANISATION_ADDED, made, by=by, kind=made.kind.value)
    return made
