"""People: recognised when they are referred again, never shown to those who may not know them."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nhs_number import is_valid
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from linkwork import audit, geography
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import AuditEntry, Organisation, Person, User

OLDEST_YEARS = 120
MOST_REFUSED, GUESSING_WINDOW = 5, timedelta(days=1)
NHS_NUMBER_WRONG = (
    "Check the NHS number: it has 10 digits, like 999 000 0018, and these cannot be one."
)
# What stands between the digits when a number is pasted: spaces, hyphens, things without a width.
BETWEEN_DIGITS = frozenset({"Zs", "Pd", "Cc", "Cf"})


class NumberTaken(RuleBroken):
    """The NHS number is on another record, which the user may or may not know of."""


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


def nhs_number(text: str | None) -> str | None:
    """The ten digits of an NHS number however it was typed; None where nothing was.

    Raises ``RuleBroken`` where the number cannot be one: the last digit checks the others
    (modulus 11, NHS Data Dictionary).
    """
    digits = "".join(c for c in text or "" if unicodedata.category(c) not in BETWEEN_DIGITS)
    if not digits:
        return None
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or not is_valid(digits):
        raise RuleBroken(NHS_NUMBER_WRONG)
    return digits


def check_date_of_birth(born_on: date, *, on: date) -> None:
    """Raise ``RuleBroken`` where nobody living can have been born on that day."""
    if born_on > on:
        raise RuleBroken("Date of birth must be in the past.")
    if on.year - born_on.year > OLDEST_YEARS:
        raise RuleBroken(f"Date of birth must be within the last {OLDEST_YEARS} years.")


def folded(name: str) -> str:
    """A name as it is compared: lower case, without accents, apostrophes, spaces or hyphens."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(c for c in plain if c.isalnum())


def recognise(identity: Identity, *, practice: Organisation | None, on: date) -> Person:
    """Find the person an identity belongs to, or make their record. Nobody’s record changes.

    The same NHS number and date of birth is the same person. The same NHS number with another
    date of birth is not: the number is then left off the new record for a worker to check,
    because joining the wrong two people is worse than asking. Where the number decides nothing,
    name, date of birth and postcode together do. The record is locked until the transaction
    ends, so that two referrals at once meet in one case.
    """
    check_date_of_birth(identity.date_of_birth, on=on)
    try:
        with db.session.begin_nested():
            return _found_or_new(identity, practice)
    except IntegrityError:  # another referral brought the same NHS number at the same moment
        return _found_or_new(identity, practice)


def hold(person: Person) -> None:
    """Keep a person’s record for oneself until the transaction ends: before any of their cases."""
    db.session.flush()
    db.session.refresh(person, with_for_update={"of": Person})


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
    ``NumberTaken`` where the NHS number is on another record: ask ``check_not_guessing`` first.
    """
    if person.version != version:
        raise ChangedMeanwhile(
            "Somebody else changed these details while you were writing. "
            "Check them below, then save again."
        )
    number = changes.get("nhs_number")
    holder = _holder(str(number)) if number else None
    if holder is not None and holder.id != person.id:
        raise NumberTaken("This NHS number cannot be used here. Check it with the practice.")
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, changes[name])
    person.family_name_folded = folded(person.family_name)
    person.given_name_folded = folded(person.given_name)
    audit.record(Event.PERSON_EDITED, person, by=by, person_id=person.id, fields=sorted(changed))


def check_not_guessing(person: Person, number: object, *, user: User, at: datetime) -> None:
    """Raise ``RuleBroken`` for any new NHS number after five refused ones in a day.

    A refusal tells that somebody is known, perhaps where the user may not look; so each is noted,
    and after a few of them a number that is known and one that is not are answered alike.
    """
    if not number or number == person.nhs_number:
        return
    lately = select(func.count()).where(
        AuditEntry.user_id == user.id,
        AuditEntry.event == Event.NUMBER_REFUSED.value,
        AuditEntry.at > at - GUESSING_WINDOW,
    )
    if (db.session.scalar(lately) or 0) >= MOST_REFUSED:
        raise RuleBroken(
            "Too many NHS numbers could not be used today. Ask the practice for the right one, "
            "and enter it tomorrow. You can save everything else now."
        )


def note_refused_number(person: Person, *, by: User) -> None:
    """Note that somebody typed a number that is on another record, and of whom they said it."""
    audit.record(Event.NUMBER_REFUSED, person, by=by, person_id=person.id)


def _found_or_new(identity: Identity, practice: Organisation | None) -> Person:
    holder = _holder(identity.nhs_number)
    if holder is not None and holder.date_of_birth == identity.date_of_birth:
        return holder
    return _alike(identity) or _new(identity, practice, number_taken=holder is not None)


def _holder(number: str | None) -> Person | None:
    if number is None:
        return None
    return db.session.scalar(
        select(Person).where(Person.nhs_number == number).with_for_update(of=Person)
    )


def _alike(identity: Identity) -> Person | None:
    """Somebody of the same name, birth and postcode, unless their NHS number says otherwise."""
    postcode = geography.normal_postcode(identity.postcode)
    if postcode is None:
        return None
    query = select(Person).where(
        Person.date_of_birth == identity.date_of_birth,
        Person.family_name_folded == folded(identity.family_name),
        Person.given_name_folded == folded(identity.given_name),
        Person.postcode == postcode,
    )
    if identity.nhs_number is not None:
        query = query.where(Person.nhs_number.is_(None))
    return db.session.scalar(query.order_by(Person.id).limit(1).with_for_update(of=Person))


def _new(identity: Identity, practice: Organisation | None, *, number_taken: bool) -> Person:
    person = Person(
        nhs_number=None if number_taken else identity.nhs_number,
        family_name=identity.family_name,
        given_name=identity.given_name,
        family_name_folded=folded(identity.family_name),
        given_name_folded=folded(identity.given_name),
        date_of_birth=identity.date_of_birth,
        phone=identity.phone,
        postcode=geography.normal_postcode(identity.postcode) or identity.postcode,
        gender=identity.gender,
        practice_id=practice.id if practice else None,
    )
    db.session.add(person)
    db.session.flush()
    return person
