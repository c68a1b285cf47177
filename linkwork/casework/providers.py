"""Providers by their names: the one that is meant, or those that could be."""

from collections.abc import Sequence

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.matching.names import nearest
from linkwork.models import Provider

MOST_ALIKE = 5


def named(name: str) -> Provider | None:
    """The provider of just this name, capitals apart; the first of several."""
    same = func.lower(Provider.name) == name.strip().lower()
    return db.session.scalars(select(Provider).where(same).order_by(Provider.id).limit(1)).first()


def of_key(key: str) -> Provider | None:
    """The provider with this key."""
    return db.session.scalar(select(Provider).where(Provider.key == key))


def alike(name: str) -> Sequence[Provider]:
    """Providers whose names are nearly this, the nearest first; at most five."""
    rows = db.session.execute(select(Provider.id, Provider.name)).all()
    near = nearest(name, {row.id: row.name for row in rows}, most=MOST_ALIKE)
    found = {
        one.id: one for one in db.session.scalars(select(Provider).where(Provider.id.in_(near)))
    }
    return [found[number] for number in near]
