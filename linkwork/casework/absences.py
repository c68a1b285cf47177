"""Long absences of link workers: recorded, corrected, ended. From the first day nobody is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.capacity.calendar import long_date
from linkwork.casework import posts
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


def check(
    told: Away,
    held: Sequence[Post],
    recorded: Sequence[Absence],
    *,
    but: Absence | None = None,
) -> Post:
    """The post an absence is from; ``RuleBroken`` where it cannot be true, or overlaps another.

    ``held`` are the worker’s posts at the writer’s PCNs, ``recorded`` all their absences: of one
    that is not from these posts nobody here learns the days.
    """
    if told.end_on and told.end_on < told.start_on:
        raise RuleBroken("The absence ends before it starts. Check the two dates.")
    name = told.worker.name
    if not held:
        raise RuleBroken(f"{name} has no post. Add the post first.")
    own = _during(held, told)
    if own is None:
        raise RuleBroken(
            f"{name} holds no post of your PCNs on those days. Check the days, and the days of "
            "the post."
        )
    for other in recorded:
        if other is not but and _meets(other, told):
            raise RuleBroken(overlaps(name, other) if _during(held, other) else _elsewhere(name))
    return own


def _during(held: Sequence[Post], told: Away | Absence) -> Post | None:
    days = (told.start_on, told.end_on)
    return next((post for post in held if posts.is_held_during(post, *days)), None)


def _meets(one: Absence, other: Away) -> bool:
    is_before = one.end_on is not None and one.end_on < other.start_on
    return not is_before and (other.end_on is None or one.start_on <= other.end_on)


def overlaps(name: str, other: Absence) -> str:
    """What is said where somebody is away already."""
    until = f" to {long_date(other.end_on)}" if other.end_on else ", with no last day yet"
    return (
        f"{name} is recorded as away from {long_date(other.start_on)}{until}. "
        "Change that absence, or choose other days."
    )


def _elsewhere(name: str) -> str:
    return (
        f"{name} is away on some of those days, after or before the time at your PCNs. Enter only "
        "the days of the post here."
    )


def record(told: Away, *, by: User) -> Absence:
    """Record a long absence of somebody from a post of the writer’s PCNs. Raises ``RuleBroken``."""
    return add(told, check(told, _held(told.worker, by), _recorded(told.worker)), by=by)


def add(told: Away, held: Post, *, by: User) -> Absence:
    """Record a long absence that ``check`` let through, from the post it gave."""
    made = Absence(worker=told.worker)
    db.session.add(made)
    _fit(made, told)
    audit.record(Event.ABSENCE_RECORDED, made, by=by, pcn=held.organisation_id, after=_facts(told))
    return made


def correct(absence: Absence, told: Away, *, mark: str, by: User) -> Absence:
    """Change an absence, for example when its last day is known. Raises ``RuleBroken``."""
    _hold(absence, mark)
    held = check(told, _held(told.worker, by), _recorded(told.worker), but=absence)
    before = _facts(away(absence))
    _fit(absence, told)
    audit.record(
        Event.ABSENCE_CHANGED,
        absence,
        by=by,
        pcn=held.organisation_id,
        before=before,
        after=_facts(told),
    )
    return absence


def remove(absence: Absence, *, mark: str, by: User) -> None:
    """Take away an absence that was recorded by mistake. Raises ``RuleBroken``."""
    _hold(absence, mark)
    pcn, before = pcn_of(absence, user=by), _facts(away(absence))
    audit.record(Event.ABSENCE_REMOVED, absence, by=by, pcn=pcn.id, before=before)
    db.session.delete(absence)


def _facts(told: Away) -> list[str]:
    """What moves figures, for the trail: whose number, the first and the last day; never why."""
    return [str(fact) for fact in (told.worker.id, told.start_on, told.end_on or "open")]


def _held(worker: User, by: User) -> Sequence[Post]:
    own = access.pcns(by).with_only_columns(Organisation.id)
    query = select(Post).where(Post.worker_id == worker.id, Post.organisation_id.in_(own))
    return db.session.scalars(query.order_by(Post.id)).all()


def _recorded(worker: User) -> Sequence[Absence]:
    query = select(Absence).where(Absence.worker_id == worker.id)
    return db.session.scalars(query.order_by(Absence.start_on)).all()


def may_be_away(pcn: Organisation) -> list[User]:
    """Those who hold, or held, a post of a PCN, by name."""
    holders = select(Post.worker_id).where(Post.organisation_id == pcn.id)
    query = select(User).where(User.id.in_(holders)).order_by(User.name, User.id)
    return list(db.session.scalars(query).unique())


def pcn_of(absence: Absence, *, user: User) -> Organisation:
    """The PCN of a user where somebody who is away held a post then; the first by name.

    Raises ``NotYours`` where there is none.
    """
    days = Post.is_held_during(absence.start_on, absence.end_on or date.max)
    held = select(Post.organisation_id).where(Post.worker_id == absence.worker_id, days)
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
