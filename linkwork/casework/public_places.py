"""Where the public may ask for help: the practices of the PCNs that take part."""

from collections.abc import Sequence
from datetime import date

from flask import current_app
from sqlalchemy import Select, func, select

from linkwork import geography
from linkwork.casework import successions
from linkwork.casework.people import folded
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Organisation, OrganisationKind

EVERYWHERE = "all"
MOST_FOUND = 8
NEAR_KM = 25


def pcns(*, on: date) -> Sequence[Organisation]:
    """The PCNs that take part, by name: all of them, or those whose codes the setting lists."""
    return db.session.scalars(_pcns(on).order_by(Organisation.name)).unique().all()


def find(key: str, *, on: date) -> Organisation:
    """The PCN that takes part, or the practice of one; raises ``NotYours`` for anything else.

    A closed one leads to the one that carries on for it, where that is a single one.
    """
    if "\0" in key:
        raise NotYours("Organisation")
    found = db.session.scalar(select(Organisation).where(Organisation.key == key))
    found = _open_one(found, on) if found else None
    if found is None or pcn_of(found, on=on) is None:
        raise NotYours("Organisation")
    return found


def pcn_of(place: Organisation, *, on: date) -> Organisation | None:
    """The PCN that reads what is asked at a place; None where it takes no part."""
    pcn = place.parent if place.kind is OrganisationKind.PRACTICE else place
    if pcn is None or place.is_closed(on):
        return None
    return db.session.scalar(_pcns(on).where(Organisation.id == pcn.id))


def search(words: str, *, on: date) -> Sequence[Organisation]:
    """Practices by part of their name, or the nearest to a postcode; at most eight.

    Raises ``RuleBroken`` where there is nothing to look for.
    """
    place = geography.place_of(words)
    if place is not None:
        return _nearest(place, on)
    if geography.outcode_of(words) is not None:
        return []
    parts = [part for part in map(folded, words.split()) if part]
    if not parts:
        raise RuleBroken("Type the name of your GP practice, or your postcode.")
    named = [p for p in _practices(on) if all(part in folded(p.name) for part in parts)]
    return named[:MOST_FOUND]


def _open_one(place: Organisation, on: date) -> Organisation:
    for _ in range(successions.MOST_STEPS):
        heirs = successions.of(place) if place.is_closed(on) else ()
        if len(heirs) != 1:
            break
        place = heirs[0].successor
    return place


def _nearest(place: geography.Place, on: date) -> Sequence[Organisation]:
    near = [
        (geography.distance_km(place, there), practice.name, practice)
        for practice in _practices(on)
        if (there := geography.place_of(practice.postcode)) is not None
    ]
    near.sort(key=lambda found: found[:2])
    return [practice for far, _, practice in near[:MOST_FOUND] if far <= NEAR_KM]


def _practices(on: date) -> Sequence[Organisation]:
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.PRACTICE,
        Organisation.is_open(on),
        Organisation.parent_id.in_(_pcns(on).with_only_columns(Organisation.id)),
    )
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).unique().all()


def _pcns(on: date) -> Select[Organisation]:
    setting = str(current_app.config["PUBLIC_REFERRALS"]).strip()
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.PCN, Organisation.is_open(on)
    )
    if setting.casefold() == EVERYWHERE:
        return query
    codes = [code.strip().upper() for code in setting.split(",") if code.strip()]
    return query.where(func.upper(Organisation.ods_code).in_(codes))
