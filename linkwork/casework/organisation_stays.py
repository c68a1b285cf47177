"""Stays: from when to when a practice or PCN belonged where, and what a change does to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from linkwork import clock
from linkwork.casework import successions
from linkwork.database import db
from linkwork.models import Organisation, OrganisationParent

DAY = timedelta(days=1)


@dataclass
class Rows:
    """The dated rows that a change touches, as they were: so that it can be taken back."""

    ended: dict[str, str | None] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)
    begun_until: dict[str, str | None] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    parents: dict[str, int | None] = field(default_factory=dict)


def last(organisation: Organisation) -> OrganisationParent | None:
    """Where an organisation is in the end, as far as is known."""
    query = select(OrganisationParent).where(
        OrganisationParent.organisation_id == organisation.id,
        OrganisationParent.end_on.is_(None),
    )
    return db.session.scalar(query.order_by(OrganisationParent.start_on.desc()).limit(1))


def begin(organisation: Organisation, to: Organisation, day: date, on: date, rows: Rows) -> None:
    """End where it is the day before, and begin the new; today’s place follows if it is due."""
    stay = last(organisation) or _without_a_date(organisation, day)
    if stay is not None:
        _end(stay, day, rows)
    _begin(organisation, to, day, None, on, rows)


def pass_on(pcn: Organisation, to: Organisation, day: date, on: date, rows: Rows) -> None:
    """Let ``to`` have every practice that would be with a PCN on ``day`` or later, as long.

    Who will have moved on by then stays out of it, and who is to come comes to ``to``.
    """
    for practice in successions.practices_of(pcn):
        if not _is_dated(practice, min(on, day - DAY)):
            _without_a_date(practice, day)
    for stay in _with(pcn, day):
        practice = db.session.get_one(Organisation, stay.organisation_id)
        if stay.start_on < day:
            end_on = stay.end_on
            _end(stay, day, rows)
            _begin(practice, to, day, end_on, on, rows)
        else:
            rows.corrected[f"{stay.id}"] = stay.parent_id
            stay.parent_id = to.id
            _follow(practice, to, stay, on, rows)


def take_back(rows: Rows) -> None:
    """Put the rows of a change back as they were."""
    for number in rows.begun:
        db.session.delete(db.session.get_one(OrganisationParent, number))
    for key, end_on in rows.ended.items():
        stay = db.session.get_one(OrganisationParent, int(key))
        stay.end_on = date.fromisoformat(end_on) if end_on else None
    for key, parent_id in rows.corrected.items():
        db.session.get_one(OrganisationParent, int(key)).parent_id = parent_id
    for key, home in rows.parents.items():
        db.session.get_one(Organisation, int(key)).parent_id = home


def of_change(rows: Rows) -> Sequence[OrganisationParent] | None:
    """The stays that a change made or corrected; None where something changed one of them since."""
    begun = [db.session.get(OrganisationParent, number) for number in rows.begun]
    corrected = [db.session.get(OrganisationParent, int(key)) for key in rows.corrected]
    found = [stay for stay in (*begun, *corrected) if stay is not None]
    if len(found) < len(begun) + len(corrected):
        return None
    until = (rows.begun_until.get(f"{stay.id}") for stay in begun if stay is not None)
    is_as_made = all(
        _iso(stay.end_on) == end_on for stay, end_on in zip(found, until, strict=False)
    )
    return found if is_as_made else None


def _with(pcn: Organisation, day: date) -> Sequence[OrganisationParent]:
    query = (
        select(OrganisationParent)
        .join(Organisation, Organisation.id == OrganisationParent.organisation_id)
        .where(OrganisationParent.parent_id == pcn.id, _lasts_until(day))
        .order_by(Organisation.name, OrganisationParent.start_on)
    )
    return db.session.scalars(query).all()


def _is_dated(practice: Organisation, day: date) -> bool:
    query = select(OrganisationParent.id).where(
        OrganisationParent.organisation_id == practice.id, _lasts_until(day)
    )
    return db.session.scalar(query.limit(1)) is not None


def _lasts_until(day: date) -> ColumnElement[bool]:
    return or_(OrganisationParent.end_on.is_(None), OrganisationParent.end_on >= day)


def _end(stay: OrganisationParent, day: date, rows: Rows) -> None:
    rows.ended[f"{stay.id}"] = _iso(stay.end_on)
    stay.end_on = day - DAY


def _begin(
    organisation: Organisation,
    to: Organisation,
    day: date,
    end_on: date | None,
    on: date,
    rows: Rows,
) -> None:
    stay = OrganisationParent(
        organisation_id=organisation.id, parent_id=to.id, start_on=day, end_on=end_on
    )
    db.session.add(stay)
    db.session.flush()
    rows.begun.append(stay.id)
    rows.begun_until[f"{stay.id}"] = _iso(end_on)
    _follow(organisation, to, stay, on, rows)


def _follow(
    organisation: Organisation, to: Organisation, stay: OrganisationParent, on: date, rows: Rows
) -> None:
    """Let today’s place be that of a stay, where it lasts today."""
    rows.parents.setdefault(f"{organisation.id}", organisation.parent_id)
    if stay.start_on <= on and (stay.end_on is None or stay.end_on >= on):
        organisation.parent = to


def _without_a_date(organisation: Organisation, day: date) -> OrganisationParent | None:
    """A row for where it is, if nobody wrote down since when: since it is known here."""
    if organisation.parent_id is None:
        return None
    stay = OrganisationParent(
        organisation_id=organisation.id,
        parent_id=organisation.parent_id,
        start_on=min(clock.london(organisation.created_at).date(), day - DAY),
    )
    db.session.add(stay)
    db.session.flush()
    return stay


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
