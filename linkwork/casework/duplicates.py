"""Duplicates: two records that may be of one person, among those the user may see and no others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from linkwork import access, geography
from linkwork.casework.people import Identity, folded
from linkwork.database import db
from linkwork.matching.likeness import Known, Likeness, compare, turned
from linkwork.models import Person, Referral, SupportCase, User

MOST_COMPARED = 200
MOST_SHOWN = 5
PHONE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that may be of the same person, by a case through which the user knows it."""

    case: SupportCase
    likeness: Likeness

    @property
    def person(self) -> Person:
        """Whose record it is."""
        return self.case.person


def of(person: Person, *, user: User) -> Sequence[Duplicate]:
    """Records that may be of the same person as this one, the most likely first; at most five."""
    known = _known(person, _earlier_postcodes([person.id]).get(person.id, set()))
    return _alike(known, user, but=person.id)


def of_somebody(identity: Identity, *, user: User) -> Sequence[Duplicate]:
    """Records that may be of somebody who asked for help, the most likely first; at most five."""
    postcode = geography.normal_postcode(identity.postcode)
    known = Known(
        folded(identity.given_name),
        folded(identity.family_name),
        identity.date_of_birth,
        identity.nhs_number,
        frozenset({postcode} if postcode else ()),
        _last_digits(identity.phone),
    )
    return _alike(known, user, but=None)


def between(one: Person, other: Person) -> Likeness | None:
    """How alike two records are; None where too little agrees to say they may be one person."""
    earlier = _earlier_postcodes([one.id, other.id])
    return compare(*(_known(each, earlier.get(each.id, set())) for each in (one, other)))


def _alike(known: Known, user: User, *, but: int | None) -> Sequence[Duplicate]:
    query = (
        access.cases(user)
        .join(SupportCase.person)
        .where(_worth_comparing(known), Person.id != (but or 0))
        .options(contains_eager(SupportCase.person))
        .order_by(SupportCase.is_open.desc(), SupportCase.id.desc())
        .limit(MOST_COMPARED)
    )
    by_person: dict[int, SupportCase] = {}
    for case in db.session.scalars(query).unique():
        by_person.setdefault(case.person_id, case)
    earlier = _earlier_postcodes(by_person)
    found = [
        Duplicate(case, likeness)
        for number, case in by_person.items()
        if (likeness := compare(known, _known(case.person, earlier.get(number, set()))))
    ]
    return sorted(found, key=lambda one: (-one.likeness.points, one.case.id))[:MOST_SHOWN]


def _worth_comparing(known: Known) -> ColumnElement[bool]:
    """What a duplicate shares at the least, by columns that are indexed."""
    births = [day for day in (known.date_of_birth, turned(known.date_of_birth)) if day]
    year = known.date_of_birth.year
    near = Person.date_of_birth.between(date(max(year - 10, 1), 1, 1), date(year + 10, 12, 31))
    names = [known.family_name, known.given_name]
    shared: list[ColumnElement[bool]] = [
        Person.date_of_birth.in_(births),
        and_(Person.family_name_folded.in_(names), near),
    ]
    if known.nhs_number is not None:
        shared.append(Person.nhs_number == known.nhs_number)
    return or_(*shared)


def _known(person: Person, earlier: Iterable[str]) -> Known:
    return Known(
        person.given_name_folded,
        person.family_name_folded,
        person.date_of_birth,
        person.nhs_number,
        frozenset(filter(None, [geography.normal_postcode(person.postcode), *earlier])),
        _last_digits(person.phone),
    )


def _earlier_postcodes(people: Iterable[int]) -> dict[int, set[str]]:
    """The postcodes that referrers gave, by person."""
    numbers = list(people)
    found: dict[int, set[str]] = {}
    if not numbers:
        return found
    query = select(Referral.person_id, Referral.received).where(Referral.person_id.in_(numbers))
    for number, received in db.session.execute(query):
        postcode = geography.normal_postcode((received or {}).get("postcode"))
        if postcode:
            found.setdefault(number, set()).add(postcode)
    return found


def _last_digits(phone: str | None) -> str | None:
    digits = "".join(c for c in phone or "" if c.isascii() and c.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else None
