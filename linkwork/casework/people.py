"""People: recognised when they are referred again, never shown to those who may not know them."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from nhs_number import is_valid
from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError

from linkwork import audit, geography
from linkwork.audit import Event
from linkwork.casework import deprivation
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Organisation, Person, PersonMerge, SupportCase, User

OLDEST_YEARS = 120
MOST_MERGES = 20
NHS_NUMBER_WRONG = (
    "Check the NHS number: it has 10 digits, like 999 000 0018, and these cannot be one."
)
# What stands between the digits when a number is pasted: spaces, hyphens, things without a width.
BETWEEN_DIGITS = frozenset({"Zs", "Pd", "Cc", "Cf"})


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


def recognise(
    identity: Identity,
    *,
    practice: Organisation | None,
    on: date,
    pcn: Organisation | None = None,
) -> Person:
    """Find the person an identity belongs to, or make their record. Nobody’s record changes.

    The same NHS number and date of birth is the same person; of several such records the one with
    a case at ``pcn``, else the oldest. The same number with another date of birth is somebody
    else until a worker has looked: joining the wrong two people is worse than asking. Where the
    number decides nothing, name, date of birth and postcode together do. A record that was merged
    leads to the one that was kept. The record is locked until the transaction ends, so that two
    referrals at once meet in one case.
    """
    check_date_of_birth(identity.date_of_birth, on=on)
    try:
        with db.session.begin_nested():
            return _found_or_new(identity, practice, pcn, on)
    except IntegrityError:  # another referral brought the same NHS number at the same moment
        return _found_or_new(identity, practice, pcn, on)


def record_new(identity: Identity, *, practice: Organisation | None, on: date) -> Person:
    """Make a record of its own for somebody, whoever else is known: a person decided that."""
    check_date_of_birth(identity.date_of_birth, on=on)
    person = _described(identity, practice, on)
    number, person.nhs_number = person.nhs_number, None
    db.session.add(person)
    db.session.flush()
    person.nhs_number, person.twin = number, person.id
    return person


def hold(person: Person) -> None:
    """Keep a person’s record for oneself until the transaction ends: before any of their cases."""
    db.session.flush()
    db.session.refresh(person, with_for_update={"of": Person})


def hold_kept(person: Person) -> Person:
    """Hold a person’s record, or the one it was merged into meanwhile; return which it is."""
    hold(person)
    kept = kept_instead_of(person)
    while kept is not person:
        hold(kept)
        person, kept = kept, kept_instead_of(kept)
    return person


def edit(person: Person, changes: dict[str, object], *, version: int, by: User, on: date) -> None:
    """Change what is known of a person, today being ``on``.

    Raises ``ChangedMeanwhile`` where somebody else saved after ``version`` was read. An NHS
    number is taken as it is typed, whoever else has it: the answer tells nothing of others.
    """
    if person.version != version:
        raise ChangedMeanwhile(
            "Somebody else changed these details while you were writing. "
            "Check them below, then save again."
        )
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    if {"nhs_number", "date_of_birth"} & set(changed):
        person.twin = person.id
    for name in changed:
        setattr(person, name, changes[name])
    if "postcode" in changed:
        deprivation.note(person, on=on)
    refold(person)
    audit.record(Event.PERSON_EDITED, person, by=by, person_id=person.id, fields=sorted(changed))


def refold(person: Person) -> None:
    """Let a changed name be found."""
    person.family_name_folded = folded(person.family_name)
    person.given_name_folded = folded(person.given_name)


def kept_instead_of(person: Person) -> Person:
    """The record that a merged one leads to; a person who was not merged leads to themselves."""
    for _ in range(MOST_MERGES):
        query = select(PersonMerge).where(
            PersonMerge.merged_id == person.id, PersonMerge.undone_at.is_(None)
        )
        merge = db.session.scalar(query.limit(1))
        if merge is None:
            break
        person = merge.kept
    return person


def every_number_of(number: int) -> set[int]:
    """The numbers under which the audit trail knows a person: theirs, and of merged records."""
    known, added = {number}, {number}
    while added:
        merges = select(PersonMerge.kept_id, PersonMerge.merged_id).where(
            PersonMerge.undone_at.is_(None),
            or_(PersonMerge.kept_id.in_(added), PersonMerge.merged_id.in_(added)),
        )
        found = {each for row in db.session.execute(merges) for each in row}
        added, known = found - known, known | found
    return known


def _found_or_new(
    identity: Identity, practice: Organisation | None, pcn: Organisation | None, on: date
) -> Person:
    found = _holder(identity, pcn) or _alike(identity)
    if found is not None:
        return _held(kept_instead_of(found))
    person = _described(identity, practice, on)
    db.session.add(person)
    db.session.flush()
    return person


def _held(person: Person) -> Person:
    hold(person)
    return person


def _holder(identity: Identity, pcn: Organisation | None) -> Person | None:
    if identity.nhs_number is None:
        return None
    known_here = exists().where(
        SupportCase.person_id == Person.id,
        SupportCase.organisation_id == (pcn.id if pcn else None),
    )
    query = select(Person).where(
        Person.nhs_number == identity.nhs_number, Person.date_of_birth == identity.date_of_birth
    )
    first = query.order_by(known_here.desc(), Person.twin, Person.id).limit(1)
    return db.session.scalar(first.with_for_update(of=Person))


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


def _described(identity: Identity, practice: Organisation | None, on: date) -> Person:
    person = Person(
        nhs_number=identity.nhs_number,
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
    deprivation.note(person, on=on)
    return person
