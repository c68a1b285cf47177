"""Merges: two entries of one activity made one, by an editor who looked, and parted if wrong.

The merged entry stays as it is, off the list, and leads to the kept one: what was sent to it still
says what it said. What the kept entry said before is written down, so that parting them puts it
back. Nothing is ever merged by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import service_changes, service_facts, services
from linkwork.casework.service_changes import Changed
from linkwork.casework.service_facts import differs, plain
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Service, ServiceMerge, User, service_text

CHOSEN = tuple(name for name in service_facts.FIELDS if name != "listed")
# Of these both can be kept: all sessions, all places, all needs of the two.
SEVERAL = frozenset(
    "needs audience channels languages schedules places_at costs areas terms".split()
)
KEEP, OTHER, BOTH = "keep", "other", "both"
LONGEST_CHAIN = 20
GONE = "One of these two entries was merged into another before. Part them first."


def differing(keep: Service, other: Service) -> Sequence[str]:
    """The fields of which a merged entry can have one: those that differ, and that both have."""
    return [name for name in CHOSEN if differs(*_values(keep, other, name))]


def usual(keep: Service, other: Service, name: str) -> str:
    """What is proposed for a field: all of it where there may be several, else what is there."""
    mine, theirs = _values(keep, other, name)
    if name in SEVERAL and mine and theirs and name not in ("schedules", "costs"):
        return BOTH
    return OTHER if mine in (None, []) else KEEP


def merge(
    keep: Service, other: Service, choices: Mapping[str, str], *, by: User, at: datetime
) -> ServiceMerge:
    """Make two entries one. ``choices`` say by field which is kept: "keep", "other" or "both".

    A field that is not among them is kept as ``usual`` has it. Raises ``RuleBroken`` where either
    was merged before, or the chosen fields contradict each other.
    """
    _hold(keep, other)
    if keep.id == other.id:
        raise RuleBroken("This is one entry already.")
    if keep.merged_into_id is not None or other.merged_into_id is not None:
        raise RuleBroken(GONE)
    facts = {
        name: _chosen(keep, other, name, choices.get(name) or usual(keep, other, name))
        for name in differing(keep, other)
    }
    changed = services.changes_of(keep, facts)
    made = ServiceMerge(
        kept=keep,
        merged=other,
        merged_by=by,
        merged_at=at,
        before={name: old for name, (old, _) in changed.items()},
        was_edited=[name for name in changed if name in keep.edited_fields],
        was_listed=other.listed,
    )
    services.edit(keep, facts, version=keep.version, by=by, at=at)
    made.after = {name: plain(keep, name) for name in changed}
    other.merged_into_id, other.listed = keep.id, False
    db.session.add(made)
    _note(other, (None, _named(keep)), by, at)
    audit.record(Event.SERVICES_MERGED, made, by=by, merged=other.id, fields=sorted(changed))
    return made


def undo(made: ServiceMerge, *, by: User, at: datetime) -> Sequence[str]:
    """Part two entries again: the merged one is as it was, and each field of the kept one too.

    Returns the fields that somebody has changed since, which are left as they are now. Raises
    ``RuleBroken`` where they were parted before, or the kept one was merged again since.
    """
    keep, other = made.kept, made.merged
    _hold(keep, other)
    db.session.refresh(made, with_for_update={"of": ServiceMerge})
    _must_be_partable(made)
    left = [name for name in made.before if differs(plain(keep, name), made.after[name])]
    back = {name: old for name, old in made.before.items() if name not in left}
    services.edit(keep, back, version=keep.version, by=by, at=at)
    stays = {*left, *made.was_edited}
    keep.edited_fields = [n for n in keep.edited_fields if n not in made.before or n in stays]
    # The next import is to read again what is the feed’s again: what came for the merged entry
    # meanwhile was noted and not taken.
    keep.source_digest = other.source_digest = None
    other.merged_into_id, other.listed = None, made.was_listed
    made.undone_at, made.undone_by_id = at, by.id
    _note(other, (_named(keep), None), by, at)
    audit.record(Event.SERVICES_PARTED, made, by=by, left=sorted(left))
    return left


def of_service(service: Service) -> Sequence[ServiceMerge]:
    """The merges into an entry that hold, the newest first."""
    query = select(ServiceMerge).where(
        ServiceMerge.kept_id == service.id, ServiceMerge.undone_at.is_(None)
    )
    return db.session.scalars(query.order_by(ServiceMerge.id.desc())).unique().all()


def kept_instead_of(service: Service) -> Service:
    """The entry that stands for this one now: itself, unless it was merged into another."""
    for _ in range(LONGEST_CHAIN):
        if service.merged_into is None:
            break
        service = service.merged_into
    return service


def survivor(key: str, *, user: User) -> Service | None:
    """The entry that a merged one leads to, where this user may see it; None for any other key."""
    if "\0" in key:
        return None
    merged = select(Service).where(Service.key == key, Service.merged_into_id.is_not(None))
    found = db.session.scalars(merged).unique().first()
    if found is None:
        return None
    kept = access.services(user).where(Service.id == kept_instead_of(found).id)
    return db.session.scalars(kept).unique().first()


def all_of(service: Service) -> list[int]:
    """The numbers of an entry and of all that were merged into it: what is counted together."""
    found, fresh = [service.id], [service.id]
    for _ in range(LONGEST_CHAIN):
        query = select(Service.id).where(Service.merged_into_id.in_(fresh))
        fresh = [number for number in db.session.scalars(query) if number not in found]
        if not fresh:
            break
        found += fresh
    return found


def _hold(keep: Service, other: Service) -> None:
    """Hold both entries, in the order that everybody holds them in."""
    for service in sorted((keep, other), key=lambda service: service.id):
        db.session.refresh(service, with_for_update={"of": Service})


def _must_be_partable(made: ServiceMerge) -> None:
    if made.undone_at is not None:
        raise RuleBroken("These two entries were parted before.")
    if made.kept.merged_into_id is not None:
        raise RuleBroken("The kept entry was merged into another since. Part those two first.")
    later = select(ServiceMerge.id).where(
        ServiceMerge.id > made.id,
        ServiceMerge.undone_at.is_(None),
        or_(ServiceMerge.kept_id == made.kept_id, ServiceMerge.merged_id == made.kept_id),
    )
    if db.session.scalar(later.limit(1)) is not None:
        raise RuleBroken("Another entry was merged into the same one since. Part those two first.")


def _values(keep: Service, other: Service, name: str) -> tuple[Any, Any]:
    mine, theirs = plain(keep, name), plain(other, name)
    if name == "places_at":
        return _without_links(mine), _without_links(theirs)
    return mine, theirs


def _without_links(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in place.items() if name != "link_key"} for place in places
    ]


def _chosen(keep: Service, other: Service, name: str, choice: str) -> Any:
    mine, theirs = _values(keep, other, name)
    if choice == BOTH and name in SEVERAL:
        more = [row for row in theirs if all(differs([row], [known]) for known in mine)]
        return [*plain(keep, name), *more]
    return theirs if choice == OTHER else plain(keep, name)


def _named(service: Service) -> dict[str, str]:
    return {"key": service.key, "name": service.name}


def _note(other: Service, pair: tuple[Any, Any], by: User, at: datetime) -> None:
    db.session.flush()
    service_text.reindex([other.id])
    step = Changed(other.id, {"merged_into": pair})
    service_changes.record([step], at=at, by_id=by.id)
