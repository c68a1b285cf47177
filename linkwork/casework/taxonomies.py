"""The taxonomies that services are filed under, and their terms, as feeds brought them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import TaxonomyTerm


def terms(
    *, page: int, per_page: int, taxonomy_id: str | None = None
) -> tuple[Sequence[TaxonomyTerm], int]:
    """One page of the terms that services are filed under, and how many there are in all."""
    query = select(TaxonomyTerm)
    if taxonomy_id:
        query = query.where(TaxonomyTerm.taxonomy_key == taxonomy_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery()))
    part = query.order_by(TaxonomyTerm.id).limit(per_page).offset((page - 1) * per_page)
    return db.session.scalars(part).all(), total or 0


def term(key: str) -> TaxonomyTerm | None:
    """The term with this identifier, or None."""
    return db.session.scalar(select(TaxonomyTerm).where(TaxonomyTerm.key == key))


def taxonomies() -> dict[str, str]:
    """The taxonomies there are: identifier to name, in order of their names."""
    query = (
        select(TaxonomyTerm.taxonomy_key, func.min(TaxonomyTerm.taxonomy).label("name"))
        .where(TaxonomyTerm.taxonomy_key.is_not(None))
        .group_by(TaxonomyTerm.taxonomy_key)
    )
    found = {str(row.taxonomy_key): row.name or "" for row in db.session.execute(query)}
    return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))


def terms_of(taxonomy_key: str) -> Sequence[TaxonomyTerm]:
    """All terms of a taxonomy, in the order they came to us."""
    query = select(TaxonomyTerm).where(TaxonomyTerm.taxonomy_key == taxonomy_key)
    return db.session.scalars(query.order_by(TaxonomyTerm.id)).all()
