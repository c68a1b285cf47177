"""People: recognised when they are referred again, never shown to those who may not know them."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from nhs_number import is_valid
from sqlalchemy import select

from linkwork import audit, geography
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Organisation, Person, User

OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as a referrer gives it."""

    family_name: str
    given_name: str
    date_of_birth: date
    nhs_number: str | None = None
    phone: str | None = None
    postcode: str | None = None
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The record an identity belongs to, and what of the identity could not be used on it."""

    person: Person
    differs: dict[str, str]


def nhs_number(text: str | None) -> str | None:
    """The ten digits of an NHS number however it was typed.

    Raises ``RuleBroken`` where the number cannot be one: the last digit checks the others
    (modulus 11, NHS Data Dictionary).
    """
    digits = "".join(c for c in text or "" if c not in " -\u00a0")
    if not digits:
        return None
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or not is_valid(digits):
        raise RuleBroken("Check the NHS number: it has 10 digits, like 999 000 0018.")
    return digits


def check_date_of_birth(born_on: date, *, on: date) -> None:
    """Raise ``RuleBroken`` where nobody living can have been born on that day."""
    if born_on > on:
        raise RuleBroken("Date of birth must be in the past.")
    if on.year - born_on.year > OLDEST_YEARS:
        raise RuleBroken(f"Date of birth must be within the last {OLDEST_YEARS} years.")


def folded(name: str) -> str:
    """A name as it is compared: lower case, without accents, apostrophes, spaces or hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum())


def recognise(identity: Identity, *, practice: Organisation | None, on: date) -> Recognised:
    """Find the person an identity belongs to, or make their record.

    The same NHS number and date of birth is the same person. The same NHS number with another
    date of birth is not: the number is then left off the new record and returned in ``differs``
    for a worker to check, because joining the wrong two people is worse than asking. Without a
    number, name, date of birth and postcode together decide.
    """
    check_date_of_birth(identity.date_of_birth, on=on)
    holder = _holder(identity.nhs_number)
    if holder is not None and holder.date_of_birth == identity.date_of_birth:
        return Recognised(holder, _differences(holder, identity))
    if identity.nhs_number is None:
        alike = _alike(identity)
        if alike is not None:
            return Recognised(alike, _differences(alike, identity))
    return _new(identity, practice, number_taken=holder is not None)


def possible_duplicates(person: Person) -> list[Person]:
    """Other records that may be the same person: same date of birth, and same family name.

    The caller shows only those its user may see.
    """
    query = select(Person).where(
        Person.date_of_birth == person.date_of_birth,
        Person.family_name_folded == person.family_name_folded,
        Person.id != person.id,
    )
    return list(db.session.scalars(query.order_by(Person.id).limit(5)))


def edit(person: Person, changes: dict[str, object], *, version: int, by: User) -> None:
    """Change what is known of a person.

    Raises ``ChangedMeanwhile`` where somebody else saved after ``version`` was read, and
    ``RuleBroken`` where the NHS number is on another record.
    """
    if person.version != version:
        raise ChangedMeanwhile(
            "Somebody else changed these details while you were writing. "
            "Check them below, then save again."
        )
    number = changes.get("nhs_number")
    holder = _holder(str(number)) if number else None
    if holder is not None and holder.id != person.id:
        raise RuleBroken("This NHS number cannot be used here. Check it with the practice.")
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, changes[name])
    person.family_name_folded = folded(person.family_name)
    person.given_name_folded = folded(person.given_name)
    audit.record(Event.PERSON_EDITED, person, by=by, person_id=person.id, fields=sorted(changed))


def _holder(number: str | None) -> Person | None:
    if number is None:
        return None
    return db.session.scalar(select(Person).where(Person.nhs_number == number))


def _alike(identity: Identity) -> Person | None:
    if identity.postcode is None:
        return None
    query = select(Person).where(
        Person.date_of_birth == identity.date_of_birth,
        Person.family_name_folded == folded(identity.family_name),
        Person.given_name_folded == folded(identity.given_name),
        Person.postcode == geography.normal_postcode(identity.postcode),
    )
    return db.session.scalar(query.order_by(Person.id).limit(1))


def _new(identity: Identity, practice: Organisation | None, *, number_taken: bool) -> Recognised:
    postcode = geography.normal_postcode(identity.postcode) if identity.postcode else None
    person = Person(
        nhs_number=None if number_taken else identity.nhs_number,
        family_name=identity.family_name,
        given_name=identity.given_name,
        family_name_folded=folded(identity.family_name),
        given_name_folded=folded(identity.given_name),
        date_of_birth=identity.date_of_birth,
        phone=identity.phone,
        postcode=postcode or identity.postcode,
        gender=identity.gender,
        practice_id=practice.id if practice else None,
    )
    db.session.add(person)
    db.session.flush()
    differs = {"nhs_number": identity.nhs_number or ""} if number_taken else {}
    return Recognised(person, differs)


def _differences(person: Person, identity: Identity) -> dict[str, str]:
    """What the referrer gave that the record has otherwise, for the worker to check and use."""
    given = {
        "family_name": identity.family_name,
        "given_name": identity.given_name,
        "phone": identity.phone,
        "postcode": identity.postcode,
    }
    return {
        name: value
        for name, value in given.items()
        if value and folded(str(getattr(person, name) or "")) != folded(value)
    }
