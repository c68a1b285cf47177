"""What services are searched by, in narrow rows: worked out again whenever a service changes.

A service stands here once for each place it happens at, and once where none is known, so that one
short scan answers every filter and every distance. ``service_text`` has them written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Base
from linkwork.models import row_writing
from linkwork.models.access_words import ACCESS_WORDS, told
from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.need import Need
from linkwork.models.price_words import least
from linkwork.models.service import CapacityStatus, CostOption, Schedule, Service, ServiceKind
from linkwork.models.service import ServiceStatus as Status

# Each code is a bit of a number, by its place here: add at the end, never between.
NEEDS = tuple(need.value for need in Need)
CHANNELS = ("in_person", "home", "phone", "online", "text")
ACCESS = tuple(ACCESS_WORDS)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = ("morning", "afternoon", "evening")
PART_STARTS = (time(0), time(12), time(17))
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHUT = re.compile(r"\b(?:closed|shut|except|not|no)\b[^.;\n]*")
SOME_END_BEFORE = 1 << len(DAYS)
"""Beside the days: that not all times hold equally long, so that the sessions must be asked."""
RUNNING = (Status.ACTIVE, Status.TEMPORARILY_CLOSED)
LONGEST_NAME = 60
Facts = Mapping[str, Any]
"""The number of a service as ``id``, and its columns ``AS_IT_IS``."""


class ServiceFacet(Base):
    """One service at one place, as a search asks for it."""

    __tablename__ = "service_facet"
    __table_args__ = (Index(None, "latitude"), {"sqlite_with_rowid": False})

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    spot: Mapped[int] = mapped_column(primary_key=True)
    """0 for the first place of a service, or for none."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """In small letters, to sort by."""
    listed: Mapped[bool]
    running: Mapped[bool]
    ends_on: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    kind: Mapped[ServiceKind]
    needs: Mapped[int]
    channels: Mapped[int]
    access: Mapped[int]
    days: Mapped[int]
    """The days of the week it meets on in any week, as bits."""
    slots: Mapped[int]
    """Bit 3 x day + part of the day, where hours are known."""
    times_until: Mapped[date | None]
    """The last day of its times, where all of them have one."""
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    gender: Mapped[str | None]
    audience: Mapped[str]
    languages: Mapped[str]
    """In small letters, each between commas."""
    referral_route: Mapped[str | None]
    capacity_status: Mapped[CapacityStatus | None]
    price: Mapped[float | None]
    """The least anybody pays in pounds, 0 where nobody does; None where nothing is stated."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


def bits(given: Iterable[str], codes: Sequence[str]) -> int:
    """These codes as one number; what is not a code counts for nothing."""
    return sum(1 << codes.index(code) for code in set(given) if code in codes)


def write(connection: Connection, service_ids: Sequence[int]) -> None:
    """Work these services out again; those that are gone leave nothing behind."""
    connection.execute(delete(ServiceFacet).where(ServiceFacet.service_id.in_(service_ids)))
    parts = _Stored(connection, service_ids)
    query = select(*(getattr(Service.__table__.c, name) for name in ("id", *AS_IT_IS)))
    query = query.where(Service.id.in_(service_ids))
    services: Iterable[Any] = connection.execute(query).mappings()
    add(connection, ((service, parts.of(service["id"])) for service in services))


def add(connection: Connection, services: Iterable[tuple[Facts, "Parts"]]) -> None:
    """Write services of which nothing stands here yet."""
    rows = [one for service, parts in services for one in _rows(service, parts)]
    row_writing.add(connection, ServiceFacet.__table__, rows)


AS_IT_IS = (
    "status name needs audience gender referral_route channels languages capacity_status ends_on "
    "listed verified_at kind minimum_age maximum_age fees".split()
)


class Parts(Protocol):
    """What belongs to one service, as rows with the columns of each."""

    @property
    def schedules(self) -> Sequence[Any]:
        """With ``SCHEDULE_COLUMNS``."""

    @property
    def costs(self) -> Sequence[Any]:
        """With ``option`` and ``amount``."""

    @property
    def places(self) -> Sequence[Any]:
        """In their order, with ``latitude``, ``longitude`` and ``accessibility``."""


class _Of(NamedTuple):
    schedules: Sequence[Any]
    costs: Sequence[Any]
    places: Sequence[Any]


class _Stored:
    """What belongs to each of some services in the database."""

    def __init__(self, connection: Connection, service_ids: Sequence[int]) -> None:
        self._connection, self._ids = connection, service_ids
        self.schedules = self._of(Schedule, SCHEDULE_COLUMNS)
        self.costs = self._of(CostOption, ("option", "amount"))
        self.places: dict[int, list[Any]] = defaultdict(list)
        places = (
            select(
                ServiceAtLocation.service_id,
                Location.latitude,
                Location.longitude,
                Location.accessibility,
            )
            .join(Location, Location.id == ServiceAtLocation.location_id)
            .where(ServiceAtLocation.service_id.in_(service_ids))
            .order_by(ServiceAtLocation.id)
        )
        for row in connection.execute(places):
            self.places[row.service_id].append(row)

    def of(self, number: int) -> Parts:
        """What belongs to one of them."""
        return _Of(self.schedules[number], self.costs[number], self.places[number])

    def _of(self, model: type[Any], names: Sequence[str]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        table = model.__table__
        query = select(table.c.service_id, *(table.c[name] for name in names))
        for row in self._connection.execute(query.where(table.c.service_id.in_(self._ids))):
            found[row.service_id].append(row)
        return found


SCHEDULE_COLUMNS = ("freq", "byday", "opens_at", "closes_at", "valid_to", "description")


def _rows(service: Facts, parts: Parts) -> list[dict[str, Any]]:
    places = parts.places
    row = {
        **{name: service[name] for name in SAME},
        "service_id": service["id"],
        "name": service["name"].lower()[:LONGEST_NAME],
        "running": service["status"] in RUNNING,
        "needs": bits(service["needs"] or (), NEEDS),
        "channels": bits(service["channels"] or (), CHANNELS),
        "audience": _between_commas(service["audience"]),
        "languages": _between_commas(service["languages"]),
        "price": price(service["fees"], parts.costs),
        **times(parts.schedules),
    }
    known = [
        (place.latitude, place.longitude, _access([place])) for place in places if _is_known(place)
    ]
    spots = known or [(None, None, _access(places))]
    return [
        {**row, "spot": spot, "latitude": latitude, "longitude": longitude, "access": access}
        for spot, (latitude, longitude, access) in enumerate(spots)
    ]


SAME = (
    "listed ends_on verified_at kind minimum_age maximum_age gender referral_route "
    "capacity_status".split()
)


def _is_known(place: Any) -> bool:
    return place.latitude is not None and place.longitude is not None


def _between_commas(names: Iterable[str] | None) -> str:
    said = [" ".join(name.lower().replace(",", " ").split()) for name in names or ()]
    return f",{','.join(said)}," if said else ""


def _access(places: Iterable[Any]) -> int:
    """What these places are said to have."""
    notes = (note for place in places for note in place.accessibility or ())
    return bits(told(notes), ACCESS)


def price(fees: str | None, costs: Sequence[Any]) -> float | None:
    """The least somebody pays in pounds; 0 only where it costs nothing for everybody."""
    found = least(fees, costs)
    return None if found is None else float(found)


def times(schedules: Sequence[Any]) -> dict[str, Any]:
    """The days and parts of days of these schedules, and until when all of them hold."""
    days = slots = 0
    until: list[date | None] = []
    for schedule in schedules:
        of_it = _days_of(schedule)
        if of_it:
            until.append(schedule.valid_to)
        for day in of_it:
            days |= 1 << day
            slots |= _parts_of(schedule.opens_at, schedule.closes_at) << (3 * day)
    dates = [day for day in until if day is not None]
    ends = max(dates) if dates and len(dates) == len(until) else None
    if len(set(until)) > 1:
        days |= SOME_END_BEFORE
    return {"days": days, "slots": slots, "times_until": ends}


def _days_of(schedule: Any) -> list[int]:
    if schedule.byday:
        codes = {code.strip()[-2:] for code in schedule.byday.split(",")}
        return [number for number, code in enumerate(DAYS) if code in codes]
    if schedule.freq == "DAILY":
        return list(range(7))
    said = SHUT.sub(" ", (schedule.description or "").lower())
    return [number for number, name in enumerate(DAY_NAMES) if name in said]


def _parts_of(opens_at: time | None, closes_at: time | None) -> int:
    """The parts of a day between two times; a session that goes past midnight ends with the day."""
    if opens_at is None and closes_at is None:
        return 0
    first = opens_at or closes_at or time(0)
    last = closes_at if closes_at and closes_at > first else None
    if last is None:
        last = time.max if closes_at and closes_at < first else first
    found = 0
    for number, starts in enumerate(PART_STARTS):
        ends = (*PART_STARTS, time.max)[number + 1]
        if first < ends and (last > starts or first >= starts):
            found |= 1 << number
    return found
