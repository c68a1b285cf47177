"""Closures and moves of practices and PCNs, each on a day, and taking one back.

What is to come waits for its day in the dated rows; ``settle`` puts it into effect then. A merger
is a closure with one successor, a split one with several.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import organisation_stays as stays
from linkwork.casework import successions
from linkwork.casework.organisation_stays import Rows
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    Organisation,
    OrganisationChange,
    OrganisationChangeKind,
    OrganisationKind,
    OrganisationParent,
    Referral,
    Succession,
    User,
)

PARENT_KIND = {
    OrganisationKind.PRACTICE: OrganisationKind.PCN,
    OrganisationKind.PCN: OrganisationKind.ICB,
}
EARLIEST = date(2019, 7, 1)
"""When there first were PCNs."""
LATEST = timedelta(days=3 * 366)
WORDS = {OrganisationKind.PRACTICE: "practice", OrganisationKind.PCN: "PCN"}


def close(
    organisation: Organisation,
    day: date,
    *,
    successors: Sequence[Organisation] = (),
    by: User,
    at: datetime,
    on: date,
) -> OrganisationChange:
    """Close a practice or PCN from ``day`` on, today being ``on``; ``successors`` carry on for it.

    The practices of a PCN with one successor go to it on that day, but for those that will have
    moved elsewhere by then. Nothing else moves until somebody says so (``successions.carry_on``).
    Raises ``RuleBroken`` where it is closed already, for a day out of reach, and for a successor
    that cannot be one.
    """
    _hold(organisation)
    _must_have_a_day(organisation, day, on)
    if organisation.closed_on is not None:
        raise RuleBroken(
            f"{organisation.name} is down as closed on {_said(organisation.closed_on)} already."
            " Take that back first if it is wrong."
        )
    successions.must_be_able_to_carry_on(organisation, successors, day)
    change = _noted(organisation, OrganisationChangeKind.CLOSED, day, by, at)
    organisation.closed_on = day
    for successor in successors:
        db.session.add(_succession(organisation, successor, day, is_sole=len(successors) == 1))
    with _writing(change) as rows:
        if organisation.kind is OrganisationKind.PCN and len(successors) == 1:
            stays.pass_on(organisation, successors[0], day, on, rows)
    audit.record(Event.ORGANISATION_CLOSED, change, by=by, successors=len(successors))
    return change


def move(
    organisation: Organisation, to: Organisation, day: date, *, by: User, at: datetime, on: date
) -> OrganisationChange:
    """Let a practice belong to another PCN, or a PCN to another board, from ``day`` on.

    Where it belonged before is kept. Raises ``RuleBroken`` where it belongs there already, for a
    day out of reach or before its last move, and for a place that is closed or of the wrong kind.
    """
    _hold(organisation)
    _must_have_a_day(organisation, day, on)
    if to.kind is not PARENT_KIND[organisation.kind]:
        raise RuleBroken(f"{to.name} is not somewhere a {WORDS[organisation.kind]} can belong.")
    if to.is_closed(day):
        raise RuleBroken(f"{to.name} is closed on {_said(day)}. {successions.advice(to)}".strip())
    last = stays.last(organisation)
    if (last.parent_id if last else organisation.parent_id) == to.id:
        raise RuleBroken(f"{organisation.name} belongs to {to.name} already.")
    if last is not None and last.start_on >= day:
        raise RuleBroken(
            f"{organisation.name} moved on {_said(last.start_on)}. Give a later day, or take that"
            " move back first."
        )
    change = _noted(organisation, OrganisationChangeKind.MOVED, day, by, at)
    with _writing(change) as rows:
        stays.begin(organisation, to, day, on, rows)
    audit.record(Event.ORGANISATION_MOVED, change, by=by)
    return change


def undo(change: OrganisationChange, *, by: User, at: datetime, on: date) -> None:
    """Take back a closure or move that was a mistake: everything is as it was.

    Raises ``RuleBroken`` once something depends on it: people or cases were moved on, a referral
    came by the new way, or something later was written down of the same organisation.
    """
    organisation = change.organisation
    _hold(organisation)
    db.session.refresh(change)
    if change.undone_at is not None:
        raise RuleBroken("This was taken back already.")
    _must_not_be_depended_on(change)
    if change.kind is OrganisationChangeKind.CLOSED:
        organisation.closed_on = None
        for succession in successions.of(organisation):
            db.session.delete(succession)
    stays.take_back(Rows(**change.before))
    change.undone_at, change.undone_by_id = at, by.id
    db.session.flush()
    db.session.expire_all()
    settle(on=on)
    audit.record(Event.ORGANISATION_CHANGE_UNDONE, change, by=by)


def settle(*, on: date) -> int:
    """Put every organisation where its dated rows say that it is on a day; how many moved.

    One query where nothing is due, which is nearly always. What has no dated row stays.
    """
    stay = OrganisationParent
    lasts = (stay.start_on <= on) & or_(stay.end_on.is_(None), stay.end_on >= on)
    due = (
        select(Organisation.id, stay.parent_id)
        .join(stay, (stay.organisation_id == Organisation.id) & lasts)
        .where(Organisation.parent_id.is_distinct_from(stay.parent_id))
    )
    moved = [{"id": row.id, "parent_id": row.parent_id} for row in db.session.execute(due)]
    if moved:
        db.session.execute(update(Organisation), moved)
        db.session.expire_all()
    return len(moved)


def of(organisation: Organisation) -> Sequence[OrganisationChange]:
    """What somebody wrote down of an organisation and did not take back, the newest first."""
    query = select(OrganisationChange).where(
        OrganisationChange.organisation_id == organisation.id,
        OrganisationChange.undone_at.is_(None),
    )
    return db.session.scalars(query.order_by(OrganisationChange.id.desc())).all()


def find(organisation: Organisation, key: str) -> OrganisationChange | None:
    """One of them."""
    return next((change for change in of(organisation) if change.key == key), None)


def _hold(organisation: Organisation) -> None:
    db.session.flush()
    db.session.refresh(organisation, with_for_update={"of": Organisation})


def _must_have_a_day(organisation: Organisation, day: date, on: date) -> None:
    if organisation.kind not in PARENT_KIND:
        raise RuleBroken("Only practices and PCNs are closed and moved here.")
    if not EARLIEST <= day <= on + LATEST:
        raise RuleBroken("Give a day from 1 July 2019 to three years from now.")


def _noted(
    organisation: Organisation, kind: OrganisationChangeKind, day: date, by: User, at: datetime
) -> OrganisationChange:
    change = OrganisationChange(
        organisation=organisation, kind=kind, takes_effect_on=day, made_at=at, made_by_id=by.id
    )
    db.session.add(change)
    db.session.flush()
    return change


def _succession(
    organisation: Organisation, successor: Organisation, day: date, *, is_sole: bool
) -> Succession:
    return Succession(
        organisation_id=organisation.id,
        successor_id=successor.id,
        succeeded_on=day,
        is_sole=is_sole,
    )


@contextmanager
def _writing(change: OrganisationChange) -> Iterator[Rows]:
    rows = Rows()
    yield rows
    change.before = vars(rows)
    db.session.flush()


def _must_not_be_depended_on(change: OrganisationChange) -> None:
    if any(later.id > change.id for later in of(change.organisation)):
        raise RuleBroken("Something later was written down of it. Take that back first.")
    if change.kind is OrganisationChangeKind.CLOSED and any(
        one.carried_at for one in successions.of(change.organisation)
    ):
        raise RuleBroken(
            "People, users or cases were moved on because of it, so it can no longer be taken back."
        )
    made = stays.of_change(Rows(**change.before))
    if made is None:
        raise RuleBroken("Something later changed where it belongs. Take that back first.")
    if any(_referred_by(stay, change.takes_effect_on) for stay in made):
        raise RuleBroken("Patients were referred since, so it can no longer be taken back.")


def _referred_by(stay: OrganisationParent, day: date) -> bool:
    query: Any = select(Referral.id).where(
        Referral.practice_id == stay.organisation_id,
        Referral.organisation_id == stay.parent_id,
        Referral.referred_at >= successions.midnight(day),
    )
    return db.session.scalar(query.limit(1)) is not None


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
