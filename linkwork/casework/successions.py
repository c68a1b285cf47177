"""Who carries on for a practice or PCN that closed, and moving on what it left behind."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    Organisation,
    OrganisationKind,
    Person,
    Post,
    PublicReferral,
    Referral,
    Succession,
    SupportCase,
    User,
)

WORDS = {
    "people": ("person", "people"),
    "cases": ("case", "cases"),
    "requests": ("request of the public", "requests of the public"),
    "users": ("user", "users"),
    "posts": ("post", "posts"),
    "practices": ("practice", "practices"),
}
MOST_STEPS = 20
MOST_SHOWN = 100


@dataclass
class Left:
    """What a closed organisation still has, in numbers of records."""

    people: int = 0
    cases: int = 0
    requests: int = 0
    users: int = 0
    posts: int = 0
    practices: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is something to move on."""
        return any(asdict(self).values())

    @property
    def sentence(self) -> str:
        """The same in words: "3 people, one case"."""
        found = [
            f"{number:,} {WORDS[name][number != 1]}"
            for name, number in asdict(self).items()
            if number
        ]
        return ", ".join(found) or "nothing was left"


def of(organisation: Organisation) -> Sequence[Succession]:
    """Who carries on for it, by name."""
    query = select(Succession).where(Succession.organisation_id == organisation.id)
    named = query.join(Succession.successor).order_by(Organisation.name)
    return db.session.scalars(named.options(joinedload(Succession.successor))).unique().all()


def closed_here(user: User, *, on: date) -> Sequence[Organisation]:
    """Closed practices that people of the user’s cases are still with, and closed PCNs of theirs.

    By name, at most a hundred.
    """
    theirs = access.people(user).with_only_columns(Person.id)
    with_people = select(Person.practice_id).where(Person.id.in_(theirs))
    with_cases = access.cases(user).with_only_columns(SupportCase.organisation_id)
    query = select(Organisation).where(
        ~Organisation.is_open(on),
        or_(Organisation.id.in_(with_people), Organisation.id.in_(with_cases)),
    )
    return db.session.scalars(query.order_by(Organisation.name).limit(MOST_SHOWN)).all()


def find_closed(key: str, *, user: User, on: date) -> Organisation:
    """One of them. Raises ``NotYours`` for any other."""
    found = next((one for one in closed_here(user, on=on) if one.key == key), None)
    if found is None:
        raise NotYours(Organisation.__name__)
    return found


def predecessors(organisation: Organisation) -> Sequence[Organisation]:
    """What it carries on for, by name."""
    query = select(Organisation).join(
        Succession, Succession.organisation_id == Organisation.id
    ).where(Succession.successor_id == organisation.id)  # fmt: skip
    return db.session.scalars(query.order_by(Organisation.name)).all()


def practices_of(pcn: Organisation) -> Sequence[Organisation]:
    """The practices that belong to a PCN today, by name."""
    query = select(Organisation).where(
        Organisation.parent_id == pcn.id, Organisation.kind == OrganisationKind.PRACTICE
    )
    return db.session.scalars(query.order_by(Organisation.name)).all()


def advice(organisation: Organisation) -> str:
    """Who carries on, in a sentence; empty where nobody does."""
    names = [one.successor.name for one in of(organisation)]
    if not names:
        return ""
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    verb = "carries" if len(names) == 1 else "carry"
    return f"{listed} {verb} on for it."


def closed_sentence(organisation: Organisation, *, on: date) -> str:
    """That it is closed or will be, since when, and who carries on; empty while it is open."""
    day = organisation.closed_on
    if day is None:
        return ""
    verb = "closed" if day <= on else "closes"
    said = f"{organisation.name} {verb} on {day.day} {day:%B %Y}. {advice(organisation)}"
    return said.strip()


def refuse_closed(organisation: Organisation, *, on: date) -> None:
    """Raise ``RuleBroken``, naming who carries on, where it is closed on a day."""
    if organisation.is_closed(on):
        raise RuleBroken(
            f"{closed_sentence(organisation, on=on)} So nothing new can be sent to it or from it."
        )


def today_of(organisation: Organisation) -> Organisation:
    """Itself, or the one that everything of it was moved on to."""
    for _ in range(MOST_STEPS):
        query = select(Organisation).join(
            Succession, Succession.successor_id == Organisation.id
        ).where(
            Succession.organisation_id == organisation.id,
            Succession.is_sole,
            Succession.carried_at.is_not(None),
        )  # fmt: skip
        heir = db.session.scalar(query.limit(1)) if organisation.closed_on else None
        if heir is None:
            break
        organisation = heir
    return organisation


def must_be_able_to_carry_on(
    organisation: Organisation, successors: Sequence[Organisation], day: date
) -> None:
    """Raise ``RuleBroken`` for a successor of another kind, one that is closed, or itself."""
    if len({one.id for one in successors}) < len(successors):
        raise RuleBroken("The same successor is named twice.")
    for successor in successors:
        if successor.id == organisation.id:
            raise RuleBroken(f"{organisation.name} cannot carry on for itself.")
        if successor.kind is not organisation.kind:
            raise RuleBroken(f"{successor.name} cannot carry on for it: it is something else.")
        if successor.closed_on is not None:
            raise RuleBroken(closed_sentence(successor, on=day) + " Name one that stays open.")


def left(organisation: Organisation) -> Left:
    """What is still with an organisation."""
    number = organisation.id

    def count(*where: Any) -> int:
        return db.session.scalar(select(func.count()).where(*where)) or 0

    return Left(
        people=count(Person.practice_id == number),
        cases=count(SupportCase.organisation_id == number),
        requests=count(PublicReferral.organisation_id == number),
        users=count(User.organisation_id == number),
        posts=count(Post.organisation_id == number),
        practices=count(
            Organisation.parent_id == number, Organisation.kind == OrganisationKind.PRACTICE
        ),
    )


def carry_on(
    organisation: Organisation, to: Organisation, *, by: User, at: datetime, on: date
) -> Left:
    """Move on what a closed organisation left behind, and say how much of each.

    Of a practice: its patients and users; what it sent and was told stays as it was, and is its
    only successor’s to see. Of a PCN: every case with its referrals, requests of the public, users
    and posts. Where a PCN was split, a case goes to the successor whose practice the person is
    with, and the rest to ``to``. Raises ``RuleBroken`` before the day of the closure, and where
    ``to`` does not carry on for it or is closed itself.
    """
    db.session.flush()
    db.session.refresh(organisation, with_for_update={"of": Organisation})
    if not organisation.is_closed(on):
        raise RuleBroken(f"{organisation.name} is not closed yet. Do this from that day on.")
    succession = next((one for one in of(organisation) if one.successor_id == to.id), None)
    if succession is None:
        raise RuleBroken(f"{to.name} does not carry on for {organisation.name}.")
    if not of(to):  # else a second press moves it on from there
        refuse_closed(to, on=on)
    if organisation.kind is OrganisationKind.PCN:
        moved = _move_pcn(organisation, to)
    else:
        moved = _move_practice(organisation, to)
    succession.carried_at = succession.carried_at or at
    db.session.flush()
    db.session.expire_all()
    counts: dict[str, Any] = asdict(moved)
    audit.record(Event.ORGANISATION_CARRIED_ON, organisation, by=by, to=to.id, **counts)
    return moved


def people_of(practice: Organisation, *, user: User) -> Sequence[Person]:
    """Who of the user’s cases is still with a practice, by name; at most a hundred."""
    query = access.people(user).where(Person.practice_id == practice.id)
    by_name = query.order_by(Person.family_name_folded, Person.given_name_folded, Person.id)
    return db.session.scalars(by_name.limit(MOST_SHOWN)).unique().all()


def carry_person_on(
    person: Person, practice: Organisation, to: Organisation, *, by: User, on: date
) -> None:
    """Let a person be with one of those who carry on for a practice that was split.

    Raises ``RuleBroken`` where ``to`` does not carry on for it or is closed, and where the person
    is no longer with the closed practice.
    """
    db.session.flush()
    db.session.refresh(person, with_for_update={"of": Person})
    if person.practice_id != practice.id:
        raise RuleBroken("This person was moved on already.")
    if not practice.is_closed(on) or to.id not in [one.successor_id for one in of(practice)]:
        raise RuleBroken(f"{to.name} does not carry on for {practice.name}.")
    refuse_closed(to, on=on)
    person.practice = to
    audit.record(Event.PERSON_EDITED, person, by=by, person_id=person.id, fields=["practice_id"])


def midnight(day: date) -> datetime:
    """The moment a day begins in England."""
    return clock.utc(datetime.combine(day, time.min))


def _move_practice(practice: Organisation, to: Organisation) -> Left:
    return Left(
        people=_moved(Person, Person.practice_id, practice, to),
        users=_moved(User, User.organisation_id, practice, to),
    )


def _move_pcn(pcn: Organisation, to: Organisation) -> Left:
    heirs = [one.successor_id for one in of(pcn)]
    cases = 0
    for heir in [one for one in heirs if len(heirs) > 1]:
        known = (
            select(Person.id)
            .join(Organisation, Organisation.id == Person.practice_id)
            .where(Organisation.parent_id == heir)
        )
        cases += _count(
            update(SupportCase)
            .where(SupportCase.organisation_id == pcn.id, SupportCase.person_id.in_(known))
            .values(organisation_id=heir, version=SupportCase.version + 1)
        )
    cases += _count(
        update(SupportCase)
        .where(SupportCase.organisation_id == pcn.id)
        .values(organisation_id=to.id, version=SupportCase.version + 1)
    )
    where_now = select(SupportCase.organisation_id).where(SupportCase.id == Referral.case_id)
    _count(
        update(Referral)
        .where(Referral.organisation_id == pcn.id)
        .values(organisation_id=where_now.scalar_subquery())
    )
    return Left(
        cases=cases,
        requests=_moved(PublicReferral, PublicReferral.organisation_id, pcn, to),
        users=_moved(User, User.organisation_id, pcn, to),
        posts=_moved(Post, Post.organisation_id, pcn, to),
    )


def _moved(model: type[Any], column: Any, closed: Organisation, to: Organisation) -> int:
    return _count(update(model).where(column == closed.id).values({column.key: to.id}))


def _count(statement: Any) -> int:
    result: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)
