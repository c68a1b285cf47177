"""The directory as matching sees it: read once, kept until something in it changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from linkwork import clock
from linkwork.casework.lexicon import lexicon
from linkwork.casework.schedule_words import is_doubtful
from linkwork.database import db
from linkwork.matching import Audience, Lexicon, Offer, Session, read_sessions
from linkwork.matching.for_whom import for_whom
from linkwork.matching.tongues import codes_of
from linkwork.models import (
    CostOption,
    Location,
    OnwardReferral,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceStatus,
    ServiceTerm,
    TaxonomyTerm,
    access_words,
    price_words,
)

if TYPE_CHECKING:
    from linkwork.matching.mentions import Mentions
    from linkwork.matching.prepared import Prepared

WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


@dataclass(frozen=True, slots=True)
class Meeting:
    """The schedules of a service of which nobody is in doubt, and its first and last days."""

    schedules: tuple[Any, ...]
    opens_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Directory:
    """Every service that runs, as an offer, and the number of each by its key."""

    offers: tuple[Offer, ...]
    keys: Mapping[int, str]
    meetings: Mapping[str, Meeting]
    """When each meets, by its key, so that a page can say when next without asking again."""
    prepared: "Prepared"
    """The same offers, made ready for ranking."""
    mentions: "Mentions"
    """Which of them use the words that concepts are called by."""
    audiences: Mapping[tuple[str, int], Audience]
    """Whom each is for as read from its words, by its key and a hash of these."""
    on: date | None
    """The day whose weekly times it holds; None for all of them."""


_lock = Lock()
_kept: WeakKeyDictionary[Engine, tuple[Any, Directory]] = WeakKeyDictionary()


def directory(*, on: date | None = None) -> Directory:
    """The services that are listed and running, read again when one has changed, and each day.

    With ``on``, weekly times that are over on that day, or have not begun, are left out; without
    it the directory comes as it was last read, for those who do not ask when a service meets.
    """
    stamp, engine, words = _stamp(), db.engine, lexicon()
    with _lock:
        kept = _kept.get(engine)
        is_other_day = kept is not None and on not in (None, kept[1].on)
        is_old = kept is None or kept[0] != stamp or kept[1].prepared.lexicon is not words
        if kept is None or is_old or is_other_day:
            before = kept[1] if kept else None
            day = on or (before.on if before else None)
            _kept[engine] = kept = (stamp, _read(words, before, day))
    return kept[1]


def busy(keys: Mapping[int, str]) -> dict[str, int]:
    """How many of our referrals each service has open, by its key: the less busy is shown first."""
    # What was sent to an entry that was merged into another counts there.
    where = func.coalesce(Service.merged_into_id, Service.id)
    query = (
        select(where, func.count())
        .select_from(OnwardReferral)
        .join(Service, Service.id == OnwardReferral.service_id)
        .where(OnwardReferral.is_open)
        .group_by(where)
    )
    return {keys[n]: count for n, count in db.session.execute(query) if n in keys}


def _stamp() -> Any:
    """What differs after any change of the directory; one pass over the services."""
    columns = (
        func.count(),
        func.max(Service.id),
        func.sum(Service.version),
        func.max(Service.last_seen_at),
        func.max(Service.verified_at),
        func.min(Service.described_by),
        func.max(Service.described_by),
    )
    return tuple(db.session.execute(select(*columns)).one())


def _read(words: Lexicon, before: Directory | None, on: date | None) -> Directory:
    # Here, because numpy costs a tenth of a second that only matching should pay.
    from linkwork.matching.mentions import Mentions
    from linkwork.matching.prepared import Prepared

    parts = _parts(on)
    query = (
        select(Service, Provider.name.label("provider"))
        .outerjoin(Provider, Provider.id == Service.provider_id)
        .where(Service.listed, Service.status == ServiceStatus.ACTIVE)
        .order_by(Service.key)
    )
    rows = db.session.execute(query).all()
    known = before.audiences if before and before.prepared.lexicon is words else {}
    said = [
        _for_whom(service, parts.terms.get(service.id, ()), known, words) for service, _ in rows
    ]
    offers = tuple(
        _offer(service, provider or "", parts, audience)
        for (service, provider), (_, audience) in zip(rows, said, strict=True)
    )
    found = ((service.key, _meeting(service, parts)) for service, _ in rows)
    meetings = {key: one for key, one in found if one.schedules}
    keys = {service.id: service.key for service, _ in rows}
    texts = ((service.key, service.name, service.description or "") for service, _ in rows)
    ready, mentions = Prepared.of(offers, words), Mentions.of(texts, words)
    return Directory(offers, keys, meetings, ready, mentions, dict(said), on)


@dataclass(frozen=True, slots=True)
class _Parts:
    places: Mapping[int, list[tuple[float, float]]]
    access: Mapping[int, list[str]]
    schedules: Mapping[int, list[Any]]
    on: date | None
    costs: Mapping[int, list[Any]]
    terms: Mapping[int, list[str]]


def _parts(on: date | None) -> _Parts:
    places: dict[int, list[tuple[float, float]]] = defaultdict(list)
    access: dict[int, list[str]] = defaultdict(list)
    where = select(
        ServiceAtLocation.service_id,
        Location.latitude,
        Location.longitude,
        Location.accessibility,
    ).join(Location, Location.id == ServiceAtLocation.location_id)
    for service_id, latitude, longitude, notes in db.session.execute(where.order_by(Location.id)):
        if latitude is not None and longitude is not None:
            places[service_id].append((latitude, longitude))
        access[service_id] += notes or []
    return _Parts(places, access, _by_service(Schedule), on, _by_service(CostOption), _terms())


def _terms() -> Mapping[int, list[str]]:
    """The names of the terms each service is filed under."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(ServiceTerm.service_id, TaxonomyTerm.name).join(ServiceTerm.term)
    for service_id, name in db.session.execute(query.order_by(TaxonomyTerm.name, ServiceTerm.id)):
        found[service_id].append(name)
    return found


def _by_service(model: type[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    columns = [column for column in model.__table__.columns if column.name != "created_at"]
    for row in db.session.execute(select(*columns).order_by(model.id)):
        found[row.service_id].append(row)
    return found


def _meeting(service: Service, parts: _Parts) -> Meeting:
    known = parts.schedules.get(service.id, [])
    sure = tuple(one for one in known if not is_doubtful(service, one))
    return Meeting(sure, service.opens_on, service.ends_on)


def _for_whom(
    service: Service,
    terms: Sequence[str],
    known: Mapping[tuple[str, int], Audience],
    words: Lexicon,
) -> tuple[tuple[str, int], Audience]:
    """Whom a service is for by its words, read anew only where these are new: it takes a while."""
    texts = (service.name, service.description or "", service.eligibility or "")
    key = (service.key, hash((texts, tuple(terms))))
    if key in known:
        return key, known[key]
    name, description, eligibility = texts
    return key, for_whom(
        name=name, description=description, eligibility=eligibility, lexicon=words, taxonomy=terms
    )


def _offer(service: Service, provider: str, parts: _Parts, said: Audience) -> Offer:
    cost, cost_text = _cost(service, parts.costs.get(service.id, []))
    schedules = parts.schedules.get(service.id, [])
    return Offer(
        id=service.key,
        name=service.name,
        provider=provider,
        concepts=service.concepts or {},
        places=tuple(parts.places.get(service.id, ())),
        channels=frozenset(service.channels or ()),
        sessions=_sessions(service, [one for one in schedules if _runs(one, parts.on)]),
        sessions_text="; ".join(s.description for s in schedules if s.description),
        cost=cost,
        cost_text=cost_text,
        minimum_age=_first(service.minimum_age, said.minimum_age),
        maximum_age=_first(service.maximum_age, said.maximum_age),
        gender=service.gender or said.gender,
        groups=_groups(service) or said.groups,
        languages=frozenset().union(*map(codes_of, service.languages or ())),
        access=_access(parts.access.get(service.id, [])),
        capacity_status=service.capacity_status.value if service.capacity_status else None,
        verified_on=_day(service),
        ends_on=_ends_on(service, schedules),
    )


def _first(stated: int | None, read: int | None) -> int | None:
    return read if stated is None else stated


def _groups(service: Service) -> frozenset[str]:
    """The audience an editor or a feed gave, where it is one of the concepts."""
    return frozenset(group for group in service.audience or () if group in lexicon().concepts)


def _ends_on(service: Service, schedules: list[Any]) -> date | None:
    """The last day of the activity, or that of all its times: a course that is over has ended."""
    ends = [service.ends_on] if service.ends_on else []
    last = [one.valid_to for one in schedules]
    if last and all(last):
        ends.append(max(last))
    return min(ends, default=None)


def _runs(schedule: Any, on: date | None) -> bool:
    begins, ends = schedule.valid_from, schedule.valid_to
    return on is None or not ((ends and ends < on) or (begins and begins > on))


def _day(service: Service) -> date | None:
    return clock.london(service.verified_at).date() if service.verified_at else None


def _sessions(service: Service, schedules: list[Any]) -> tuple[Session, ...]:
    """Weekly times as the feed gives them, else what can be read from its words.

    Where the days of a feed are not those of its words, nobody is matched by either.
    """
    said = [one for one in schedules if not (one.doubt == "differs" and is_doubtful(service, one))]
    found = [
        Session(WEEKDAYS[day[-2:]], schedule.opens_at, schedule.closes_at)
        for schedule in said
        for day in (schedule.byday or "").split(",")
        if day[-2:] in WEEKDAYS
    ]
    if found:
        return tuple(found)
    return read_sessions("; ".join(s.description for s in said if s.description))


def _cost(service: Service, costs: list[Any]) -> tuple[Decimal | None, str]:
    """The least it costs, in pounds, and the words for it."""
    words = service.fees or "; ".join(cost.option for cost in costs if cost.option)
    is_known = any(cost.amount is not None for cost in costs)
    return (price_words.least(service.fees, costs) if is_known else None), words


def _access(notes: list[str]) -> frozenset[str] | None:
    """What is known of a building; None where nothing is said of it."""
    return access_words.told(notes) if notes else None
