"""A directory of made-up services, as many as wanted, put straight into the tables."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from linkwork.database import db
from linkwork.models import (
    CapacityStatus,
    CostOption,
    Location,
    Need,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceKind,
    ServiceStatus,
    service_text,
)
from linkwork.models.access_words import ACCESS_WORDS
from linkwork.models.service_facet import CHANNELS, DAYS

AT_ONCE = 2000
SYLLABLES = "ba be bo da de do fa fi ga go ha hi ka ko la lo ma mi na no pa po ra ri sa so ta to"
SUBJECTS = (
    "gardening choir ballroom dancing dementia alzheimers walking football knitting carers "
    "bereavement cooking chess yoga swimming reading debt benefits housing computers pottery "
    "singing lunch coffee cricket allotment pilates badminton crafts photography"
).split()
SHAPES = "club group café drop-in course session society circle class support line".split()
NOTES = tuple(words[0] for words in ACCESS_WORDS.values())
HOURS = ((9, 11), (10, 12), (11, 13), (12, 14), (13, 15), (14, 16), (17, 19), (18, 21))
FIRST = date(2026, 1, 5)


class Maker:
    """Makes rows, the same for the same seed."""

    def __init__(self, at: datetime, seed: int = 4) -> None:
        self._random = random.Random(seed)
        self._at = at
        syllables = SYLLABLES.split()
        pick = self._random.choice
        made = {"".join(pick(syllables) for _ in range(pick((2, 3, 4)))) for _ in range(12000)}
        self._words = sorted(made)
        # As in any text a few words make up most of it.
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self._words))))

    def fill(self, services: int) -> None:
        """Put this many services in, with places, times and costs, and index them."""
        providers = max(services // 4, 1)
        self._put(Provider, [self._provider(number) for number in range(1, providers + 1)])
        for first in range(1, services + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, services + 1))
            self._put(Service, [self._service(number, providers) for number in numbers])
            self._put(Location, [self._location(number) for number in numbers])
            self._put(ServiceAtLocation, [one for n in numbers for one in self._links(n, first)])
            self._put(Schedule, [one for n in numbers for one in self._schedules(n)])
            self._put(CostOption, [one for n in numbers for one in self._costs(n)])
        service_text.reindex_all()
        db.session.commit()

    def _put(self, model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            options = {"render_nulls": True}
            db.session.execute(insert(model), list(rows), execution_options=options)

    def _said(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=words))

    def _key(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _provider(self, number: int) -> dict[str, Any]:
        return {"id": number, "key": self._key(), "name": f"{self._said(2).title()} Trust"}

    def _service(self, number: int, providers: int) -> dict[str, Any]:
        pick = self._random.choice
        checked = self._at - timedelta(days=self._random.randrange(400))
        name = f"{self._said(1).title()} {pick(SUBJECTS)} {pick(SHAPES)}"
        return {
            "id": number,
            "key": self._key(),
            "provider_id": self._random.randrange(providers) + 1,
            "name": name,
            "description": f"{self._said(self._random.randrange(15, 90))} {pick(SUBJECTS)}.",
            "status": ServiceStatus.ACTIVE,
            "kind": pick(list(ServiceKind)),
            "needs": self._random.sample([need.value for need in Need], 3),
            "channels": [pick(CHANNELS)],
            "languages": [pick(("English", "Urdu", "Polish"))],
            "minimum_age": pick((None, None, 18, 55)),
            "gender": pick((None, None, None, "women", "men")),
            "referral_route": pick((None, "self", "link_worker")),
            "capacity_status": pick((None, *CapacityStatus)),
            "verified_at": pick((None, checked, checked, checked)),
            "listed": self._random.random() > 0.02,
            "raw": {"what": "x" * 800},
        }

    def _location(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "key": self._key(),
            "name": f"{self._said(1).title()} Hall",
            "city": self._said(1).title(),
            "postcode": f"M{self._random.randrange(1, 46)} {self._random.randrange(1, 10)}AB",
            "latitude": self._random.uniform(52.0, 54.5),
            "longitude": self._random.uniform(-3.0, -1.0),
            "accessibility": self._random.sample(NOTES, 2),
        }

    def _links(self, number: int, first: int) -> Iterator[dict[str, Any]]:
        if self._random.random() < 0.85:
            yield {"key": self._key(), "service_id": number, "location_id": number}
            if self._random.random() < 0.08 and number > first:
                yield {"key": self._key(), "service_id": number, "location_id": number - 1}

    def _schedules(self, number: int) -> Iterator[dict[str, Any]]:
        for _ in range(self._random.choice((0, 1, 1, 1, 2))):
            day, (opens, closes) = self._random.choice(DAYS), self._random.choice(HOURS)
            how = self._random.random()
            monthly = how > 0.88
            yield {
                "service_id": number,
                "freq": "MONTHLY" if monthly else "WEEKLY",
                "interval": 2 if how < 0.08 else 1,
                "byday": f"{self._random.choice((1, 2, 3, -1))}{day}" if monthly else day,
                "dtstart": FIRST,
                "opens_at": time(opens),
                "closes_at": time(closes),
            }

    def _costs(self, number: int) -> Iterator[dict[str, Any]]:
        if self._random.random() < 0.7:
            amount = Decimal(self._random.choice((0, 0, 2, 3, 5, 12)))
            yield {"service_id": number, "option": "A session", "amount": amount}
