"""The directory: found, corrected, checked, listed and taken off the list."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Service, User, service_text

EDITABLE = frozenset(
    "name description url email phone status fees minimum_age maximum_age eligibility alert kind "
    "needs gender referral_route channels places capacity_status opens_on ends_on listed".split()
)
ROOM = frozenset({"places", "capacity_status"})
TEXT = frozenset({"name", "description"})
CHANGED = (
    "Somebody else changed this activity while you were writing. Nothing you typed is lost: it is "
    "below, with what the directory says now. Check it, then save again."
)


def edit(
    service: Service, changes: Mapping[str, Any], *, version: int, by: User, at: datetime
) -> frozenset[str]:
    """Change these fields, and return the names of those that were different.

    ``version`` is the one the editor read: raises ``ChangedMeanwhile`` where it is no longer the
    present one. What is changed here by hand is left alone by later imports. Raises
    ``RuleBroken`` where the fields contradict each other.
    """
    unknown = set(changes) - EDITABLE
    if unknown:
        raise KeyError(f"{sorted(unknown)} cannot be edited")
    if service.version != version:
        raise ChangedMeanwhile(CHANGED)
    changed = {
        name: value for name, value in changes.items() if is_other(getattr(service, name), value)
    }
    if not changed:
        return frozenset()
    for name, value in changed.items():
        setattr(service, name, value)
    _check(service)
    service.edited_fields = sorted({*service.edited_fields, *changed})
    if ROOM & set(changed):
        service.capacity_confirmed_at = at
    _index_again(service, changed)
    audit.record(Event.SERVICE_EDITED, service, by=by, fields=sorted(changed))
    return frozenset(changed)


def verify(service: Service, *, by: User, at: datetime) -> None:
    """Note that somebody made sure that the entry is still right, places included."""
    service.verified_at = at
    service.verified_by_id = by.id
    if service.capacity_status is not None:
        service.capacity_confirmed_at = at
    audit.record(Event.SERVICE_VERIFIED, service, by=by)


def unlist(service: Service, *, by: User, at: datetime) -> None:
    """Take an activity off the list: it stays in records and is offered to nobody new."""
    edit(service, {"listed": False}, version=service.version, by=by, at=at)


def relist(service: Service, *, by: User, at: datetime) -> None:
    """Put an activity back on the list."""
    edit(service, {"listed": True}, version=service.version, by=by, at=at)


def has_ended(service: Service, *, on: date) -> bool:
    """Whether the activity is over."""
    return service.ends_on is not None and service.ends_on < on


def is_other(old: Any, new: Any) -> bool:
    """Whether a value differs from another; the order of a list says nothing."""
    if isinstance(old, list) and isinstance(new, list):
        return set(old) != set(new)
    return bool(old != new)


def _check(service: Service) -> None:
    if not service.name:
        raise RuleBroken("Give the activity a name.")
    youngest, oldest = service.minimum_age, service.maximum_age
    if youngest is not None and oldest is not None and youngest > oldest:
        raise RuleBroken(f"The youngest age ({youngest}) is above the oldest ({oldest}).")
    if service.opens_on and service.ends_on and service.ends_on < service.opens_on:
        raise RuleBroken("The activity ends before it opens. Check both dates.")


def _index_again(service: Service, changed: Mapping[str, Any]) -> None:
    if not TEXT & set(changed):
        return
    terms = [link.term.name for link in service.terms]
    service.concepts = concepts_of(service.name, service.description, terms)
    db.session.flush()
    service_text.reindex([service.id])
