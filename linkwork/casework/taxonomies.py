"""The taxonomies that published services are filed under, and their terms, as feeds brought them.

A term that only unlisted entries have is not told: what they are filed under is theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from linkwork.casework import public_services
from linkwork.database import db
from linkwork.models import ServiceTerm, TaxonomyTerm


def terms(
    *, page: int, per_page: int, on: date, taxonomy_id: str | None = None
) -> tuple[Sequence[TaxonomyTerm], int]:
    """One page of the terms that services are filed under, and how many there are in all."""
    query = _used(on)
    if taxonomy_id:
        query = query.where(TaxonomyTerm.taxonomy_key == taxonomy_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery()))
    part = query.order_by(TaxonomyTerm.id).limit(per_page).offset((page - 1) * per_page)
    return db.session.scalars(part).all(), total or 0


def term(key: str, *, on: date) -> TaxonomyTerm | None:
    """The term with this identifier, or None."""
    found: TaxonomyTerm | None = db.session.scalar(_used(on).where(TaxonomyTerm.key == key))
    return found


def taxonomies(*, on: date) -> dict[str, str]:
    """The taxonomies there are: identifier to name, in order of their names."""
    query = (
        select(TaxonomyTerm.taxonomy_key, func.min(TaxonomyTerm.taxonomy).label("name"))
        .where(TaxonomyTerm.taxonomy_key.is_not(None), _is_used(on))
        .group_by(TaxonomyTerm.taxonomy_key)
    )
    found = {str(row.taxonomy_key): row.name or "" for row in db.session.execute(query)}
    return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))


def terms_of(taxonomy_key: str, *, on: date) -> Sequence[TaxonomyTerm]:
    """All terms of a taxonomy, in the order they came to us."""
    query = _used(on).where(TaxonomyTerm.taxonomy_key == taxonomy_key)
    return db.session.scalars(query.order_by(TaxonomyTerm.id)).all()


def _used(on: date) -> Select[Any]:
    return select(TaxonomyTerm).where(_is_used(on))


def _is_used(on: date) -> ColumnElement[bool]:
    services = public_services.published(on)
    by = (ServiceTerm.term_id == TaxonomyTerm.id, ServiceTerm.service_id.in_(services))
    return exists().where(*by)
