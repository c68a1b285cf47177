"""The activities of the demo, and which of them suits whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from linkwork.database import db
from linkwork.demo.content import SERVICES, content
from linkwork.demo.people import Somebody
from linkwork.exchange import directory
from linkwork.geography import Place, distance_km, place_of
from linkwork.models import CapacityStatus, Service

SOURCE = "Moorvale directory"
FAR_KM = 11.0
GENDERS = {"women": "female", "men": "male"}
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Activity:
    """What the demo needs to know of a service."""

    id: int
    name: str
    place: Place | None
    """None where it comes to people, or is by phone or online."""
    needs: frozenset[str]
    gender: str | None
    ages: tuple[int, int]
    opens_on: date | None
    ends_on: date | None
    waits: bool

    def takes(self, somebody: Somebody, on: date) -> bool:
        """Whether somebody could be sent there on that day."""
        age = (on - somebody.born_on).days / DAYS_A_YEAR
        right_gender = self.gender is None or GENDERS[self.gender] == somebody.gender
        open_then = (self.opens_on is None or self.opens_on <= on) and (
            self.ends_on is None or on <= self.ends_on
        )
        return right_gender and open_then and self.ages[0] <= age < self.ages[1] + 1


class Activities:
    """All of them, by name."""

    def __init__(self, at: datetime, today: date) -> None:
        directory.import_directory(SERVICES, source=SOURCE, by=None, at=at, today=today, ours=True)
        db.session.execute(update(Service).values(changed_at=at))  # and not when this is built
        rows = db.session.execute(select(Service.key, Service.id))
        numbers = {row.key: row.id for row in rows}
        listed = content("services")["services"]
        self._all = {one["name"]: _activity(one, numbers[one["id"]], today) for one in listed}

    def for_story(
        self, story: dict[str, Any], somebody: Somebody, on: date, rng: Random
    ) -> list[Activity]:
        """Return one or two activities, the likeliest first; none where nothing fits."""
        near = place_of(somebody.home)
        own = [self._all[name] for name in story["services"]]
        fitting = [one for one in own if one.takes(somebody, on) and _km(one, near) <= FAR_KM]
        if not fitting:
            wanted = set(story["needs"][:2])
            fitting = [
                one
                for one in self._all.values()
                if wanted & one.needs and one.takes(somebody, on) and _km(one, near) <= FAR_KM
            ]
            rng.shuffle(fitting)
        first = fitting[:1]
        rest = rng.sample(fitting[1:], 1) if len(fitting) > 1 and rng.random() < 0.4 else []
        return first + rest


def _activity(one: dict[str, Any], number: int, today: date) -> Activity:
    more = one["linkwork"]
    location = one["service_at_locations"][0]["location"]
    in_place = "in_person" in more["channels"] and "latitude" in location
    return Activity(
        id=number,
        name=one["name"],
        place=Place(location["latitude"], location["longitude"]) if in_place else None,
        needs=frozenset(more["needs"]),
        gender=more["gender"],
        ages=(one.get("minimum_age", 0), one.get("maximum_age", 130)),
        opens_on=_day(more.get("opens_in_days"), today),
        ends_on=_day(more.get("ends_in_days"), today),
        waits=more["capacity_status"] != CapacityStatus.CAPACITY,
    )


def _day(offset: int | None, today: date) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _km(one: Activity, home: Place | None) -> float:
    return distance_km(one.place, home) if one.place and home else 0.0
