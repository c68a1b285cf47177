"""The vectors of services: which wait for one, some of them worked out, how it stands."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select

from linkwork import meaning
from linkwork.database import db, let_go
from linkwork.errors import without_values
from linkwork.meaning import Encoder
from linkwork.models import Service, ServiceTerm, ServiceVector, TaxonomyTerm
from linkwork.models.service_vector import WANTED

log = logging.getLogger(__name__)
AT_ONCE = 32
PLAIN_WORDS = "A group that meets."
"""What every encoder that works can take."""
MODEL = meaning.MODEL_HASH[:32]
"""Vectors of another model are worked out again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the directory is: services, those with a vector of this model, those that wait."""

    services: int
    with_vector: int
    waiting: int
    last_built_at: datetime | None


@dataclass(frozen=True, slots=True)
class Built:
    """What was done: the last service looked at, how many were, and how many had new words."""

    last: int
    looked_at: int
    made: int


def standing() -> Standing:
    """How many services have a vector and how many wait; of those that are listed and running."""
    counted = (
        func.count(),
        func.count().filter(ServiceVector.model_hash == MODEL),
        func.count().filter(_waits()),
        func.max(ServiceVector.built_at),
    )
    return Standing(*db.session.execute(_shown(*counted)).one())


def waiting() -> int:
    """How many services wait: new ones, those that may have changed, those of another model."""
    return db.session.scalar(_shown(func.count()).where(_waits())) or 0


def build_some(encoder: Encoder, *, after: int, at: datetime) -> Built | None:
    """Work out the vectors of the next services that wait; None where none does.

    ``after`` is the number of the last one looked at, 0 to begin. A text is encoded only where it
    is not the one of the vector that is there; one that the encoder cannot take gets a vector
    that is like nothing, until its words change. No transaction is open meanwhile, and a service
    that changed in between waits on. The caller commits.
    """
    numbers = list(db.session.scalars(_next(after)))
    if not numbers:
        return None
    texts, known = _texts(numbers), _known(numbers)
    new = {number: text for number, text in texts.items() if known.get(number) != _hash(text)}
    let_go()
    _keep(texts, made := _vectors(new, encoder), at)
    return Built(numbers[-1], len(numbers), len(made))


def _vectors(texts: Mapping[int, str], encoder: Encoder) -> dict[int, bytes]:
    """The vector of each text; where one of them cannot be taken, the others all the same."""
    try:
        vectors = encoder.encode(list(texts.values()))
    except Exception:  # whatever a library raises for one text must not stop the rest
        encoder.encode([PLAIN_WORDS])  # where it is not for the text, nothing is marked as read
        return {number: _vector_alone(number, text, encoder) for number, text in texts.items()}
    return {number: meaning.to_bytes(one) for number, one in zip(texts, vectors, strict=True)}


def _vector_alone(number: int, text: str, encoder: Encoder) -> bytes:
    try:
        return meaning.to_bytes(encoder.encode([text])[0])
    except Exception as error:
        log.error("The model cannot read activity %d.\n%s", number, without_values(error))
        return meaning.to_bytes(encoder.encode([""])[0])


def _shown(*columns: Any) -> Select[Any]:
    beside = ServiceVector.service_id == Service.id
    query = select(*columns).select_from(Service).outerjoin(ServiceVector, beside)
    return query.where(*WANTED)


def _waits() -> ColumnElement[bool]:
    return or_(
        ServiceVector.service_id.is_(None),
        not_(ServiceVector.is_checked),
        ServiceVector.model_hash != MODEL,
    )


def _next(after: int) -> Select[Any]:
    query = _shown(Service.id).where(Service.id > after, _waits())
    return query.order_by(Service.id).limit(AT_ONCE)


def _texts(numbers: Sequence[int]) -> dict[int, str]:
    """What is encoded of each, of those that are still listed and running."""
    terms: dict[int, list[str]] = defaultdict(list)
    filed = (
        select(ServiceTerm.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, TaxonomyTerm.id == ServiceTerm.term_id)
        .where(ServiceTerm.service_id.in_(numbers))
    )
    for number, name in db.session.execute(filed):
        terms[number].append(name)
    said = select(Service.id, Service.name, Service.description)
    rows = db.session.execute(said.where(Service.id.in_(numbers), *WANTED).order_by(Service.id))
    return {
        number: meaning.service_text(name, description, terms[number])
        for number, name, description in rows
    }


def _known(numbers: Sequence[int]) -> dict[int, str]:
    """The hash of the text of each vector of this model."""
    query = select(ServiceVector.service_id, ServiceVector.text_hash).where(
        ServiceVector.service_id.in_(numbers), ServiceVector.model_hash == MODEL
    )
    found: Any = db.session.execute(query).all()
    return dict(found)


def _keep(texts: Mapping[int, str], made: Mapping[int, bytes], at: datetime) -> None:
    """Keep what was made of texts that still are what they were.

    Whoever is changing a service at this moment is not waited for, and it is not kept for now.
    """
    held = select(Service.id).where(Service.id.in_(list(texts))).order_by(Service.id)
    held = held.with_for_update(read=True, skip_locked=True)
    now = _texts(db.session.scalars(held).all())
    same = [number for number, text in now.items() if text == texts[number]]
    found = select(ServiceVector).where(ServiceVector.service_id.in_(same))
    there = {one.service_id: one for one in db.session.scalars(found)}
    for number in same:
        one = there.get(number) or ServiceVector(service_id=number)
        one.is_checked = True
        if number in made:
            one.text_hash, one.model_hash = _hash(texts[number]), MODEL
            one.vector, one.built_at = made[number], at
            db.session.add(one)
    db.session.flush()


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
