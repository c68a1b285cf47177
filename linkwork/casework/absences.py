"""Long absences of link workers: recorded, corrected, ended. From the first day nobody is there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.capacity.calendar import long_date
from linkwork.casework.post_changes import CHANGED
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Absence, AbsenceKind, Organisation, Post, User


@dataclass(frozen=True, slots=True)
class Away:
    """Who is away, why, and from when to when, both days included; ``end_on`` None is open."""

    worker: User
    kind: AbsenceKind
    start_on: date
    end_on: date | None

    @property
    def mark(self) -> str:
        """A word that is another once anything of it changed."""
        return f"{self.worker.key}|{self.kind.value}|{self.start_on}|{self.end_on}"


def away(absence: Absence) -> Away:
    """What an absence is now."""
    return Away(absence.worker, absence.kind, absence.start_on, absence.end_on)


def check(told: Away, *, but: Absence | None = None) -> None:
    """Raise ``RuleBroken`` for an absence that cannot be true, or that another overlaps."""
    if told.end_on and told.end_on < told.start_on:
        raise RuleBroken("The absence ends before it starts. Check the two dates.")
    query = select(Absence).where(
        Absence.worker_id == told.worker.id,
        or_(Absence.end_on.is_(None), Absence.end_on >= told.start_on),
    )
    if told.end_on is not None:
        query = query.where(Absence.start_on <= told.end_on)
    if but is not None:
        query = query.where(Absence.id != but.id)
    other = db.session.scalars(query.order_by(Absence.start_on)).first()
    if other is not None:
        raise RuleBroken(overlaps(told.worker.name, other.start_on, other.end_on))


def overlaps(name: str, start_on: date, end_on: date | None) -> str:
    """What is said where somebody is away already."""
    until = f" to {long_date(end_on)}" if end_on else ", with no last day yet"
    return (
        f"{name} is recorded as away from {long_date(start_on)}{until}. "
        "Change that absence, or choose other days."
    )


def record(told: Away, *, by: User) -> Absence:
    """Record a long absence of somebody who holds a post. Raises ``RuleBroken``."""
    if db.session.scalar(select(Post.id).where(Post.worker_id == told.worker.id).limit(1)) is None:
        raise RuleBroken(f"{told.worker.name} has no post. Add the post first.")
    check(told)
    made = Absence(worker=told.worker)
    db.session.add(made)
    _fit(made, told)
    audit.record(Event.ABSENCE_RECORDED, made, by=by)
    return made


def correct(absence: Absence, told: Away, *, mark: str, by: User) -> Absence:
    """Change an absence, for example when its last day is known. Raises ``RuleBroken``."""
    _hold(absence, mark)
    check(told, but=absence)
    _fit(absence, told)
    audit.record(Event.ABSENCE_CHANGED, absence, by=by)
    return absence


def remove(absence: Absence, *, mark: str, by: User) -> None:
    """Take away an absence that was recorded by mistake. Raises ``RuleBroken``."""
    _hold(absence, mark)
    audit.record(Event.ABSENCE_REMOVED, absence, by=by)
    db.session.delete(absence)


def may_be_away(pcn: Organisation) -> list[User]:
    """Those who hold, or held, a post of a PCN, by name."""
    holders = select(Post.worker_id).where(Post.organisation_id == pcn.id)
    query = select(User).where(User.id.in_(holders)).order_by(User.name, User.id)
    return list(db.session.scalars(query).unique())


def pcn_of(absence: Absence, *, user: User) -> Organisation:
    """The PCN of a user where somebody who is away holds a post; the first by name.

    Raises ``NotYours`` where there is none.
    """
    held = select(Post.organisation_id).where(Post.worker_id == absence.worker_id)
    query = access.pcns(user).where(Organisation.id.in_(held)).order_by(Organisation.name)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotYours(Organisation.__name__)
    return found


def _hold(absence: Absence, mark: str) -> None:
    query = select(Absence).where(Absence.id == absence.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotYours(Absence.__name__)
    if away(found).mark != mark:
        raise RuleBroken(CHANGED.replace("post ", "absence ", 1))


def _fit(absence: Absence, told: Away) -> None:
    absence.worker, absence.kind = told.worker, told.kind
    absence.start_on, absence.end_on = told.start_on, told.end_on
    db.session.flush()
