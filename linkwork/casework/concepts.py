"""The concepts at work: which services carry them, and what a phrase would catch if it were added.

What is typed to try a phrase out is neither stored nor logged. How many people it would be heard
of is counted among the user’s own cases alone, and is not told below eight.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from linkwork import access, audit
from linkwork.access import Permission, may
from linkwork.audit import Event
from linkwork.casework import offers
from linkwork.casework.lexicon import concepts_of, lexicon, needs_of
from linkwork.database import db
from linkwork.matching import Offer
from linkwork.matching.trials import plainest, stands_in
from linkwork.models import (
    Contact,
    Service,
    ServiceTerm,
    SupportCase,
    TaxonomyTerm,
    User,
    service_facet,
)

BATCH = 500
LOOK_BACK = timedelta(days=365)
FEWEST_TOLD = 8
MOST_NOTES, MOST_SERVICES, AT_ONCE = 2_000, 5_000, 200
SHORTEST = 3
ACCENTED = frozenset("aceinosuyz")


@dataclass(frozen=True, slots=True)
class Applied:
    """How far a new description of the services is; ``changed`` say other concepts than before."""

    done: int
    of: int
    changed: int


@dataclass(frozen=True, slots=True)
class PeopleCaught:
    """Of how many people a phrase was noted in the last year; None for fewer than eight."""

    count: int | None


@dataclass(frozen=True, slots=True)
class ServicesCaught:
    """Services whose name or description has a phrase, and that do not carry the concept yet."""

    services: tuple[Offer, ...]
    already: int
    is_all: bool
    """Whether every service was looked at; a directory may be too large for one look."""


def counts() -> Counter[str]:
    """How many running services of the directory carry each concept."""
    return Counter(concept for offer in offers.directory().offers for concept in offer.concepts)


def carriers(concept: str) -> Sequence[Offer]:
    """The running services that carry a concept, those it says most of first."""
    found = [offer for offer in offers.directory().offers if concept in offer.concepts]
    return sorted(found, key=lambda offer: (-offer.concepts[concept], offer.name, offer.id))


def waiting() -> int:
    """How many services were described by another lexicon than the one in use."""
    return db.session.scalar(select(func.count()).where(_is_behind())) or 0


def apply() -> Iterator[Applied]:
    """Find the concepts of services again where another lexicon found them, 500 at a time.

    Each step is flushed and told, so that whoever calls can commit it: broken off, it goes on
    where it stopped. No service counts as edited by it. Needs that were worked out from concepts
    follow them; those somebody stated stay.
    """
    of, done, changed, last = waiting(), 0, 0, 0
    while rows := db.session.execute(_behind_after(last)).all():
        last = rows[-1].id
        terms = _terms([row.id for row in rows])
        changed += sum(_describe(row, terms.get(row.id, [])) for row in rows)
        service_facet.write(db.session.connection(), [row.id for row in rows])
        db.session.expire_all()
        done += len(rows)
        yield Applied(done, of, changed)


def is_long_enough(phrase: str) -> bool:
    """Whether a phrase has a piece of three letters, so that notes and services can be sought."""
    return len(plainest(phrase)) >= SHORTEST


def people_caught(phrase: str, *, user: User, at: datetime) -> PeopleCaught | None:
    """Of how many people of the user’s own cases a phrase was noted in the last year.

    Only those they are the worker of, whose notes are theirs to read; the newest 2,000 notes with
    it are looked at. None for a user who may read no notes, and for a phrase that is too short.
    That it was counted is noted; nothing of a note is returned.
    """
    if not may(user, Permission.WORK_CASES) or not is_long_enough(phrase):
        return None
    query = (
        select(SupportCase.person_id, Contact.what_matters, Contact.notes)
        .join(SupportCase, SupportCase.id == Contact.case_id)
        .where(
            SupportCase.id.in_(access.cases(user).with_only_columns(SupportCase.id)),
            SupportCase.worker_id == user.id,
            Contact.at >= at - LOOK_BACK,
            _may_have(phrase, Contact.what_matters, Contact.notes),
        )
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(MOST_NOTES)
    )
    people: set[int] = set()
    for part in db.session.execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
        texts = ["\n".join(filter(None, row[1:])) for row in part]
        said = stands_in(phrase, texts)
        people |= {row[0] for row, is_said in zip(part, said, strict=True) if is_said}
    return PeopleCaught(len(people) if len(people) >= FEWEST_TOLD else None)


def note_count(*, by: User) -> None:
    """Note that somebody had their own notes counted, and nothing of what for."""
    audit.record(Event.NOTES_COUNTED, None, by=by)


def services_caught(phrase: str, concept: str | None) -> ServicesCaught | None:
    """The running services that a phrase would newly find, were it a word of directories.

    The first 5,000 in which it may stand are looked at. None for a phrase that is too short.
    """
    if not is_long_enough(phrase):
        return None
    likely = (
        select(Service.key, Service.name, Service.description)
        .where(Service.listed, _may_have(phrase, Service.name, Service.description))
        .order_by(Service.id)
        .limit(MOST_SERVICES)
    )
    keys: set[str] = set()
    looked_at = 0
    for part in db.session.execute(likely, execution_options={"yield_per": AT_ONCE}).partitions():
        looked_at += len(part)
        said = stands_in(phrase, (f"{row.name}.\n{row.description or ''}" for row in part))
        keys |= {row.key for row, is_said in zip(part, said, strict=True) if is_said}
    found = [offer for offer in offers.directory().offers if offer.id in keys]
    new = [offer for offer in found if concept is None or concept not in offer.concepts]
    ordered = tuple(sorted(new, key=lambda offer: (offer.name, offer.id)))
    return ServicesCaught(ordered, len(found) - len(new), looked_at < MOST_SERVICES)


def _may_have(phrase: str, *columns: Any) -> ColumnElement[bool]:
    # A letter that may carry an accent is any letter: “cafe” stands in “Café” too.
    piece = "".join("_" if letter in ACCENTED else letter for letter in plainest(phrase))
    return or_(*(column.ilike(f"%{piece}%") for column in columns))


def _is_behind() -> ColumnElement[bool]:
    behind: ColumnElement[bool] = Service.described_by.is_distinct_from(lexicon().mark)
    return behind


def _behind_after(number: int) -> Any:
    columns = (
        Service.id,
        Service.name,
        Service.description,
        Service.concepts,
        Service.needs,
        Service.edited_fields,
    )
    query = select(*columns).where(_is_behind(), Service.id > number)
    return query.order_by(Service.id).limit(BATCH)


def _terms(service_ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(ServiceTerm.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(ServiceTerm.service_id.in_(service_ids))
        .order_by(ServiceTerm.id)
    )
    found: dict[int, list[str]] = {}
    for service_id, name in db.session.execute(query):
        found.setdefault(service_id, []).append(name)
    return found


def _describe(row: Any, terms: Sequence[str]) -> bool:
    concepts = concepts_of(row.name, row.description, terms)
    values: dict[str, Any] = {"concepts": concepts, "described_by": lexicon().mark}
    before = row.concepts or {}
    if "needs" not in (row.edited_fields or ()) and list(row.needs or ()) == needs_of(before):
        values["needs"] = needs_of(concepts)
    services: Any = Service.__table__
    if values.get("needs", row.needs) == row.needs:
        # Nothing that we publish is another than before.
        values["changed_at"] = services.c.changed_at
    db.session.execute(update(services).where(services.c.id == row.id).values(**values))
    return bool(concepts != before)
