"""People out of a search of a GP system: looked at by a link worker, then referred all at once.

Each of them is referred as anybody is whom a member of staff records (``referrals.record``): with
their agreement, at a practice of the user’s own PCNs, in the audit trail. Who is known is said of
people the user may see, and of no others. The file is kept encrypted for an hour at the most, and
the key is not kept here.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, func, select
from sqlalchemy.orm import contains_eager

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import duplicates, people, referrals
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Referrer, Request
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    Organisation,
    OrganisationKind,
    PeopleImport,
    Person,
    Referral,
    ReferralSource,
    SupportCase,
    User,
)

KEPT = timedelta(hours=1)
MOST_PEOPLE = 1_000
MOST_BYTES = 10_000_000
AT_ONCE = 400
NEW = "new"
GONE = (
    "This list is no longer kept: it is deleted after an hour, and when you sign out. "
    "Bring it in again."
)
NO_CONSENT = (
    "Tick that each of them agreed. Somebody who was not asked cannot be referred: "
    "take them off the list, or ask them first."
)
HAS_DIED = "is recorded as having died. Nothing can be opened for them."


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as the list has them: the line, who they are, and their practice."""

    line: int
    identity: Identity
    place: Organisation
    note: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    """What is known besides, by column of Person, for a record that is new."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the list who is known already, or may be: with whom it may be, and why."""

    listed: Listed
    case: SupportCase
    words: str
    options: Mapping[str, str]
    """What can be done, by code; leaving them out is always possible."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The people of a list: those nobody knows here, and those somebody must look at."""

    new: Sequence[Listed]
    known: Sequence[Known]


@dataclass(frozen=True, slots=True)
class Asked:
    """What holds of everybody in a list: who asks, why, and that they agreed."""

    source: ReferralSource
    referrer: Referrer
    note: str
    consented: bool
    share_with_gp: bool = True


def receive(content: bytes, name: str, *, by: User, at: datetime) -> tuple[PeopleImport, str]:
    """Seal a file and keep it for an hour; return it with the key, which is kept nowhere.

    It takes the place of the list the same user brought before. Raises ``RuleBroken`` where the
    file is larger than any list of people.
    """
    must_fit(content)
    forget_old(at=at)
    db.session.execute(delete(PeopleImport).where(PeopleImport.user_id == by.id))
    secret = Fernet.generate_key()
    head = json.dumps(name).encode() + b"\n"
    sealed = Fernet(secret).encrypt(zlib.compress(head + content))
    made = PeopleImport(user_id=by.id, at=at, sealed=sealed)
    db.session.add(made)
    audit.record(Event.PEOPLE_RECEIVED, made, by=by, bytes=len(content))
    return made, secret.decode()


def must_fit(content: bytes) -> None:
    """Raise ``RuleBroken`` where a file is larger than any list of people."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")


def hold(import_: PeopleImport) -> None:
    """Hold a list: one decision ends it. Raises ``RuleBroken`` where somebody made it already."""
    query = select(PeopleImport.id).where(PeopleImport.id == import_.id).with_for_update()
    if db.session.scalar(query) is None:
        raise RuleBroken(GONE)


def contents(import_: PeopleImport, secret: str | None, *, at: datetime) -> tuple[str, bytes]:
    """The name of a list and what is in it. Raises ``RuleBroken`` where it is kept no more."""
    if import_.at < at - KEPT or not secret:
        raise RuleBroken(GONE)
    try:
        opened = zlib.decompress(Fernet(secret.encode()).decrypt(import_.sealed))
    except (InvalidToken, ValueError, zlib.error) as wrong:
        raise RuleBroken(GONE) from wrong
    head, _, content = opened.partition(b"\n")
    return str(json.loads(head)), content


def forget_old(*, at: datetime) -> int:
    """Delete the lists that nobody decided on within an hour; return how many."""
    query = delete(PeopleImport).where(PeopleImport.at < at - KEPT)
    found: int = db.session.execute(query).rowcount  # type: ignore[attr-defined]
    return found


def sort_out(listed: Sequence[Listed], *, user: User) -> Sorted:
    """Part the people nobody here knows from those who are known, or may be.

    Somebody with the same NHS number and date of birth is known; somebody of like name and birth
    may be. Only cases the user may see are looked at.
    """
    by_number = _by_number([one.identity.nhs_number for one in listed], user)
    new: list[Listed] = []
    known: list[Known] = []
    for one in listed:
        number = (one.identity.nhs_number or "", one.identity.date_of_birth)
        if case := by_number.get(number):
            known.append(_known(one, case))
        elif alike := duplicates.of_somebody(one.identity, user=user):
            known.append(_alike(one, alike))
        else:
            new.append(one)
    return Sorted(new, known)


def bring_in(
    import_: PeopleImport,
    found: Sorted,
    asked: Asked,
    *,
    choices: Mapping[int, str],
    by: User,
    at: datetime,
    on: date,
) -> int:
    """Refer everybody nobody here knows, and of the others those somebody decided on; how many.

    ``choices`` go from line to the code of an option; who has none is left out. Afterwards the
    list is deleted. Raises ``RuleBroken`` without everybody’s agreement, and where it was decided
    meanwhile.
    """
    hold(import_)
    if not asked.consented:
        raise RuleBroken(NO_CONSENT)
    decided = [(one, choices.get(one.listed.line, "")) for one in found.known]
    wanted = [(one.listed, one, code) for one, code in decided if code in one.options]
    for listed in found.new:
        _refer(listed, asked, None, by=by, at=at, on=on)
    for listed, one, code in wanted:
        if code == NEW:
            person = people.record_new(listed.identity, practice=_practice(listed), on=on)
        else:
            person = _person_of(code, one, user=by)
        _refer(listed, asked, person, by=by, at=at, on=on)
    referred = len(found.new) + len(wanted)
    left_out = len(decided) - len(wanted)
    audit.record(Event.PEOPLE_IMPORTED, import_, by=by, referred=referred, left_out=left_out)
    db.session.delete(import_)
    return referred


def discard(import_: PeopleImport, *, by: User) -> None:
    """Decide against a list: it is deleted. Raises ``RuleBroken`` where it is gone already."""
    hold(import_)
    audit.record(Event.PEOPLE_DISCARDED, import_, by=by)
    db.session.delete(import_)


def _refer(
    listed: Listed, asked: Asked, person: Person | None, *, by: User, at: datetime, on: date
) -> None:
    referral = referrals.record(
        listed.identity,
        Request(
            listed.note or asked.note,
            consented=asked.consented,
            share_with_gp=asked.share_with_gp,
        ),
        place=listed.place,
        source=asked.source,
        referrer=asked.referrer,
        by=by,
        at=at,
        on=on,
        person=person,
    )
    db.session.flush()
    if listed.facts and _is_first(referral):
        whose = referral.person
        people.edit(whose, dict(listed.facts), version=whose.version, by=by, on=on)


def _is_first(referral: Referral) -> bool:
    """Whether nobody was told anything of this person before."""
    of_person = (
        select(func.count()).where(model.person_id == referral.person_id)
        for model in (Referral, SupportCase)
    )
    return [db.session.scalar(query) for query in of_person] == [1, 1]


def _practice(listed: Listed) -> Organisation | None:
    return listed.place if listed.place.kind is OrganisationKind.PRACTICE else None


def _person_of(code: str, one: Known, *, user: User) -> Person:
    person = people.hold_kept(access.find(SupportCase, code, user=user).person)
    if person.died_on is not None:
        raise RuleBroken(f"Line {one.listed.line} {HAS_DIED}")
    return person


def _by_number(numbers: Sequence[str | None], user: User) -> dict[tuple[str, date], SupportCase]:
    wanted = sorted({number for number in numbers if number})
    found: dict[tuple[str, date], SupportCase] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            access.cases(user)
            .join(SupportCase.person)
            .where(Person.nhs_number.in_(wanted[start : start + AT_ONCE]))
            .options(contains_eager(SupportCase.person))
            .order_by(SupportCase.is_open.desc(), SupportCase.id.desc())
        )
        for case in db.session.scalars(query).unique():
            found.setdefault((case.person.nhs_number or "", case.person.date_of_birth), case)
    return found


def _known(listed: Listed, case: SupportCase) -> Known:
    if case.person.died_on is not None:
        return Known(listed, case, "Recorded as having died", {})
    if case.is_open:
        return Known(listed, case, "Has an open case", {})
    return Known(listed, case, "Had a case before", {case.key: "Refer them again"})


def _alike(listed: Listed, alike: Sequence[duplicates.Duplicate]) -> Known:
    first = alike[0]
    words = f"May be known: {', '.join(first.likeness.agrees)}"
    if first.likeness.differs:
        words += f"; but {', '.join(first.likeness.differs)}"
    options = {NEW: "They are somebody else: refer"}
    options |= {one.case.key: f"They are {one.person.name}: refer" for one in alike}
    return Known(listed, first.case, words, options)
