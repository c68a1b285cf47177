"""Merges: two records of one person made one, by somebody who looked, and parted again if wrong.

Everything of the merged record moves to the kept one; the merged record stays where it is, empty,
and leads to the kept one. What moved and what changed is written down, so that parting them puts
everything back. Never across what the user may see.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import deprivation, people
from linkwork.database import Base, db
from linkwork.errors import RuleBroken
from linkwork.models import Person, PersonMerge, SupportCase, User

CHOSEN = (
    "given_name family_name preferred_name nhs_number date_of_birth gender ethnic_group phone "
    "email address postcode safe_to_contact language interpreter access_needs alert carer "
    "next_of_kin practice_id"
).split()
# What goes with it and is not for a choice: a warning about visits is never dropped.
CARRIED = "lone_worker_reason lone_worker_review_on alerts_set_at alerts_set_by_id".split()
WRITTEN_DOWN = [*CHOSEN, *CARRIED, *deprivation.FIELDS, "twin"]
# What must not be lost by a choice: both texts can be kept.
BOTH_WORDS = frozenset(
    {"safe_to_contact", "access_needs", "alert", "next_of_kin", "lone_worker_reason"}
)
KEEP, OTHER, BOTH = "keep", "other", "both"
NOT_HERE = (
    "These two records cannot be merged here: one of them was merged before, or not everything "
    "of both is yours to see. Ask a supervisor for your whole board. This was noted."
)
DIED_SINCE = "One of the two was recorded as having died since, so they cannot be parted again."


def differing(keep: Person, other: Person) -> Sequence[str]:
    """The fields in which two records differ, and of which the merged person can have one."""
    return [name for name in CHOSEN if getattr(keep, name) != getattr(other, name)]


def usual(keep: Person, other: Person, name: str) -> str:
    """What is proposed for a field: both warnings, else what is there, else what is kept."""
    mine, theirs = getattr(keep, name), getattr(other, name)
    if name in BOTH_WORDS and mine and theirs:
        return BOTH
    return KEEP if mine else OTHER


def merge(
    keep: Person, other: Person, choices: Mapping[str, str], *, by: User, at: datetime
) -> PersonMerge:
    """Make two records one. ``choices`` say by field which is kept: "keep", "other" or "both".

    A field that is not among them is proposed as by ``usual``. Raises ``RuleBroken`` for two
    different NHS numbers, for two open cases in one PCN, for somebody who died, and where the
    user may not see every case of both: the caller then has ``note_refusal`` kept.
    """
    _hold_both(keep, other)
    _must_be_mergeable(keep, other, by)
    before = {name: getattr(keep, name) for name in WRITTEN_DOWN}
    _choose(keep, other, choices)
    changed = [name for name in WRITTEN_DOWN if getattr(keep, name) != before[name]]
    made = PersonMerge(
        kept_id=keep.id,
        merged_id=other.id,
        merged_by_id=by.id,
        merged_at=at,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(getattr(keep, name)) for name in changed},
        moved=_move(other.id, keep.id),
    )
    people.refold(keep)
    db.session.add(made)
    moved = sum(len(rows) for rows in made.moved.values())
    about: dict[str, Any] = {"merged": other.id, "fields": sorted(changed), "moved": moved}
    audit.record(Event.PERSON_MERGED, made, by=by, person_id=keep.id, **about)
    return made


def undo(made: PersonMerge, *, by: User, at: datetime) -> Sequence[str]:
    """Part two records again: all that moved goes back, and every field is as it was.

    Returns the fields that somebody has changed since, which are left as they are now. Raises
    ``RuleBroken`` where they were parted before, or merged again or recorded as dead since.
    """
    _hold_both(made.kept, made.merged)
    db.session.refresh(made, with_for_update={"of": PersonMerge})
    _must_be_partable(made, by)
    for table, rows in made.moved.items():
        column = _columns()[table]
        mine = update(column.table).where(column.table.c.id.in_(rows), column == made.kept_id)
        db.session.execute(mine.values({column.name: made.merged_id}))
    _follow_their_cases(made)
    left = _restore(made)
    made.undone_at, made.undone_by_id = at, by.id
    db.session.flush()
    db.session.expire_all()
    audit.record(Event.PERSON_PARTED, made, by=by, person_id=made.kept_id, left=sorted(left))
    return left


def note_refusal(keep: Person, other: Person, *, by: User) -> None:
    """Note that two records were not made one, or not parted: who tries it often is looking."""
    audit.record(Event.MERGE_REFUSED, None, by=by, person_id=keep.id, other=other.id)


def of_person(person: Person) -> Sequence[PersonMerge]:
    """The merges into a record that hold, the newest first."""
    query = select(PersonMerge).where(
        PersonMerge.kept_id == person.id, PersonMerge.undone_at.is_(None)
    )
    return db.session.scalars(query.order_by(PersonMerge.id.desc())).unique().all()


def _hold_both(one: Person, other: Person) -> None:
    """Hold both records, and every case of theirs, in the order that everybody holds them in."""
    if one.id == other.id:
        raise RuleBroken("This is one record already.")
    for person in sorted((one, other), key=lambda person: person.id):
        people.hold(person)
    held = select(SupportCase).where(SupportCase.person_id.in_([one.id, other.id]))
    fresh = held.order_by(SupportCase.id).with_for_update(of=SupportCase)
    db.session.scalars(fresh.execution_options(populate_existing=True)).unique().all()


def _must_be_mergeable(keep: Person, other: Person, by: User) -> None:
    """What the user may see decides first; whether there is more, only where all else fits."""
    if keep.nhs_number and other.nhs_number and keep.nhs_number != other.nhs_number:
        raise RuleBroken(
            "The two records have different NHS numbers, so they are two people. "
            "If one of the numbers is wrong, put it right first."
        )
    if keep.died_on != other.died_on:
        raise RuleBroken(
            "One of the two is recorded as having died. Find out who died before you merge."
        )
    if _both_open(keep, other, by):
        raise RuleBroken(
            "Both records have an open case in the same PCN. Close one of them first, or say "
            "that it is not taken on because of “Referred twice”. Then merge."
        )
    if any(people.kept_instead_of(p) is not p for p in (keep, other)) or _hidden(keep, other, by):
        raise RuleBroken(NOT_HERE)


def _hidden(keep: Person, other: Person, by: User) -> bool:
    """Whether either has a case that the user may not see."""
    seen = access.cases(by).with_only_columns(SupportCase.id)
    query = select(SupportCase.id).where(
        SupportCase.person_id.in_([keep.id, other.id]), SupportCase.id.not_in(seen)
    )
    return db.session.scalar(query.limit(1)) is not None


def _both_open(keep: Person, other: Person, by: User) -> bool:
    """Whether both have an open case in one PCN of the user’s; of others nothing is said."""
    theirs = aliased(SupportCase)
    at_one = and_(
        theirs.organisation_id == SupportCase.organisation_id, theirs.person_id == other.id
    )
    query = access.cases(by).with_only_columns(SupportCase.id).join(theirs, at_one)
    both = query.where(SupportCase.person_id == keep.id, SupportCase.is_open, theirs.is_open)
    return db.session.scalar(both.limit(1)) is not None


def _must_be_partable(made: PersonMerge, by: User) -> None:
    if made.undone_at is not None:
        raise RuleBroken("These two records were parted before.")
    both = [made.kept_id, made.merged_id]
    later = select(func.count()).where(
        PersonMerge.id > made.id,
        PersonMerge.undone_at.is_(None),
        or_(PersonMerge.kept_id.in_(both), PersonMerge.merged_id.in_(both)),
    )
    if db.session.scalar(later):
        raise RuleBroken("One of the two was merged again later. Part that merge first.")
    if made.kept.died_on != made.merged.died_on:
        raise RuleBroken(DIED_SINCE)
    if _hidden(made.kept, made.merged, by):
        raise RuleBroken(NOT_HERE)


def _choose(keep: Person, other: Person, choices: Mapping[str, str]) -> None:
    numbered = (keep.nhs_number, keep.date_of_birth)
    carried = [name for name in CARRIED if getattr(keep, name) != getattr(other, name)]
    for name in [*differing(keep, other), *carried]:
        asked = choices.get(name) if name in CHOSEN else None
        chosen = asked or usual(keep, other, name)
        mine, theirs = getattr(keep, name), getattr(other, name)
        if chosen == BOTH and name in BOTH_WORDS:
            setattr(keep, name, "; ".join(filter(None, (mine, theirs))))
        elif chosen == OTHER:
            setattr(keep, name, theirs)
            if name == "postcode":
                deprivation.carry(keep, other)
    if (keep.nhs_number, keep.date_of_birth) != numbered:
        keep.twin = keep.id  # the merged record keeps its own number, and leads here


def _restore(made: PersonMerge) -> list[str]:
    """Put back what the kept record held; return the fields that somebody changed since."""
    kept, left = made.kept, []
    with db.session.no_autoflush:
        for name, value in made.before.items():
            if _plain(getattr(kept, name)) == made.after[name]:
                setattr(kept, name, _real(name, value))
            else:
                left.append(name)
        if kept.twin == 0 and _number_came_again(kept):
            kept.twin = kept.id
    people.refold(kept)
    return left


def _number_came_again(kept: Person) -> bool:
    """Whether a referral brought the number and birth meanwhile that this record had."""
    query = select(Person.id).where(
        Person.nhs_number == kept.nhs_number,
        Person.date_of_birth == kept.date_of_birth,
        Person.twin == 0,
        Person.id != kept.id,
    )
    return db.session.scalar(query.limit(1)) is not None


def _columns() -> dict[str, Column[Any]]:
    """The column of every table, but of merges, that says whose a row is."""
    return {
        table.name: column for table in Base.metadata.sorted_tables for column in _persons(table)
    }


def _persons(table: Table) -> Iterator[Column[Any]]:
    if table.name != PersonMerge.__tablename__:
        yield from (key.parent for key in table.foreign_keys if key.column is Person.__table__.c.id)


def _move(whose: int, to: int) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    for name, column in _columns().items():
        query = select(column.table.c.id).where(column == whose).order_by(column.table.c.id)
        rows: Iterable[int] = db.session.scalars(query).all()
        if rows:
            moved[name] = list(rows)
            chosen = update(column.table).where(column.table.c.id.in_(moved[name]))
            db.session.execute(chosen.values({column.name: to}))
    db.session.flush()
    db.session.expire_all()
    return moved


def _follow_their_cases(made: PersonMerge) -> None:
    """What joined a case since the merge is of the person whose case it is again, as what was
    moved away from a case that stays is.
    """
    both = (made.kept_id, made.merged_id)
    for column in _columns().values():
        if column.table is SupportCase.__table__ or "case_id" not in column.table.c:
            continue
        of_case = column.table.c.case_id
        for whose in both:
            cases = select(SupportCase.id).where(SupportCase.person_id == whose)
            astray = update(column.table).where(column.in_(both), column != whose)
            joined = astray.where(of_case.in_(cases))
            db.session.execute(joined.values({column.name: whose}))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _real(name: str, value: Any) -> Any:
    kind = Person.__table__.c[name].type.python_type
    return kind.fromisoformat(value) if value and issubclass(kind, date) else value
