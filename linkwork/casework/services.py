"""The directory: added to, corrected, checked, listed and taken off the list, step by step."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import service_changes, service_facts
from linkwork.casework.lexicon import concepts_of, lexicon
from linkwork.casework.service_changes import Changed
from linkwork.casework.service_facts import differs, plain, said
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Service, ServiceChange, User, service_text

EDITABLE = frozenset(service_facts.FIELDS)
ROOM = frozenset({"places", "capacity_status"})
MEANING = frozenset({"name", "description", "terms"})
CHANGED = (
    "Somebody else changed this activity while you were writing. Nothing you typed is lost: it is "
    "below, with what the directory says now. Check it, then save again."
)


def new(facts: Mapping[str, Any], *, by: User, at: datetime) -> Service:
    """Add an activity by hand, checked by whoever adds it.

    Raises ``RuleBroken`` where it has no name or the fields contradict each other.
    """
    _must_be_known(facts)
    service = Service(edited_fields=[], needs=[], listed=True)
    with db.session.no_autoflush:
        for name, value in facts.items():
            service_facts.put(service, name, said(value))
        _check(service)
    service.verified_at, service.verified_by_id = at, by.id
    if service.capacity_status is not None:
        service.capacity_confirmed_at = at
    _describe(service)
    db.session.add(service)
    db.session.flush()
    db.session.add(ServiceChange(service_id=service.id, at=at, by_id=by.id, changes={}))
    service_text.reindex([service.id])
    audit.record(Event.SERVICE_ADDED, service, by=by, fields=sorted(facts))
    return service


def edit(
    service: Service, changes: Mapping[str, Any], *, version: int, by: User, at: datetime
) -> frozenset[str]:
    """Change these fields, and return the names of those that were different.

    ``changes`` hold values as ``service_facts`` writes them down, or as the columns hold them.
    ``version`` is the one the editor read: raises ``ChangedMeanwhile`` where it is no longer the
    present one. What is changed here by hand is left alone by later imports. Raises
    ``RuleBroken`` where the fields contradict each other, or the entry was merged into another.
    """
    changed = _change(service, changes, version=version, by=by, at=at)
    if changed:
        audit.record(Event.SERVICE_EDITED, service, by=by, fields=sorted(changed))
    return frozenset(changed)


def verify(service: Service, *, by: User, at: datetime) -> None:
    """Note that somebody made sure that the entry is still right, places included."""
    before = said(service.verified_at)
    service.verified_at = at
    service.verified_by_id = by.id
    if service.capacity_status is not None:
        service.capacity_confirmed_at = at
    step = Changed(service.id, {"verified_at": (before, said(at))})
    service_changes.record([step], at=at, by_id=by.id)
    audit.record(Event.SERVICE_VERIFIED, service, by=by)


def unlist(service: Service, *, by: User, at: datetime) -> None:
    """Take an activity off the list: it stays in records and is offered to nobody new."""
    edit(service, {"listed": False}, version=service.version, by=by, at=at)


def relist(service: Service, *, by: User, at: datetime) -> None:
    """Put an activity back on the list."""
    edit(service, {"listed": True}, version=service.version, by=by, at=at)


def put_back(change: ServiceChange, *, version: int, by: User, at: datetime) -> frozenset[str]:
    """Let an entry say again what it said before a change, and return the fields that differed.

    A field that says again what its feed said is the feed’s again. Raises as ``edit`` does, and
    ``RuleBroken`` where the entry says all of it already.
    """
    service = change.service
    old = {name: pair[0] for name, pair in change.changes.items() if name in EDITABLE}
    changed = _change(service, old, version=version, by=by, at=at, puts_back_id=change.id)
    if not changed:
        raise RuleBroken("The activity says all of this already. There is nothing to put back.")
    for name in changed:
        if service.source and not differs(plain(service, name), _of_feed(service, name)):
            service.edited_fields = [other for other in service.edited_fields if other != name]
            service.source_digest = None  # what the feed says by now comes with the next import
    audit.record(Event.SERVICE_PUT_BACK, service, by=by, fields=sorted(changed))
    return frozenset(changed)


def give_back(service: Service, name: str, *, by: User, at: datetime) -> None:
    """Let a field say what its feed says again, now and after every import.

    Until the next import it is what the feed said when the field was first changed by hand. Raises
    ``RuleBroken`` where the entry has no feed, or nobody changed the field.
    """
    if service.source is None or name not in service.edited_fields:
        raise RuleBroken("This is not a correction of a list: there is nothing to use instead.")
    old = _of_feed(service, name)
    _change(service, {name: old}, version=service.version, by=by, at=at)
    service.edited_fields = [other for other in service.edited_fields if other != name]
    service.source_digest = None  # so that the next import reads the entry again
    audit.record(Event.SERVICE_GIVEN_BACK, service, by=by, fields=[name])


def listed(keys: Collection[str]) -> Sequence[Service]:
    """The activities of these keys that are on the list, by name. One query, none for no keys."""
    if not keys:
        return ()
    query = select(Service).where(Service.key.in_(keys), Service.listed)
    return db.session.scalars(query.order_by(Service.name, Service.key)).all()


def has_ended(service: Service, *, on: date) -> bool:
    """Whether the activity is over."""
    return service.ends_on is not None and service.ends_on < on


def changes_of(service: Service, facts: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the entry says and what these facts say instead, by field, where they differ."""
    pairs = {name: (plain(service, name), said(value)) for name, value in facts.items()}
    return {name: pair for name, pair in pairs.items() if differs(*pair)}


def _change(
    service: Service,
    facts: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime,
    puts_back_id: int | None = None,
) -> Mapping[str, Any]:
    _must_be_known(facts)
    if service.version != version:
        raise ChangedMeanwhile(CHANGED)
    if service.merged_into_id is not None:
        raise RuleBroken("This entry was merged into another. Edit that one, or part them first.")
    changed = changes_of(service, facts)
    if not changed:
        return {}
    with db.session.no_autoflush:
        for name, (_, value) in changed.items():
            service_facts.put(service, name, value)
        _check(service)
    service.edited_fields = sorted({*service.edited_fields, *changed})
    flag_modified(service, "edited_fields")  # a changed part is a new version of the whole
    if ROOM & set(changed):
        service.capacity_confirmed_at = at
    db.session.flush()
    _understand_again(service, changed)
    step = Changed(
        service.id, {name: (old, plain(service, name)) for name, (old, _) in changed.items()}
    )
    service_changes.record([step], at=at, by_id=by.id, puts_back_id=puts_back_id)
    return changed


def _must_be_known(facts: Mapping[str, Any]) -> None:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise KeyError(f"{sorted(unknown)} cannot be edited")


def _of_feed(service: Service, name: str) -> Any:
    """What the feed said of a field when somebody first changed it by hand."""
    query = select(ServiceChange).where(ServiceChange.service_id == service.id)
    found = plain(service, name)
    for change in db.session.scalars(query.order_by(ServiceChange.id.desc())).unique():
        if name in change.changes:
            if change.by_id is None:
                break
            found = change.changes[name][0]
    return found


def _check(service: Service) -> None:
    if not service.name:
        raise RuleBroken("Give the activity a name.")
    youngest, oldest = service.minimum_age, service.maximum_age
    if youngest is not None and oldest is not None and youngest > oldest:
        raise RuleBroken(f"The youngest age ({youngest}) is above the oldest ({oldest}).")
    if service.opens_on and service.ends_on and service.ends_on < service.opens_on:
        raise RuleBroken("The activity ends before it opens. Check both dates.")


def _understand_again(service: Service, changed: Iterable[str]) -> None:
    """Work out again what is found by its words, its days, its places, and what it is about."""
    if MEANING & set(changed):
        _describe(service)
        db.session.flush()
    service_text.reindex([service.id])


def _describe(service: Service) -> None:
    terms = [link.term.name for link in service.terms]
    service.concepts = concepts_of(service.name, service.description, terms)
    service.described_by = lexicon().mark
