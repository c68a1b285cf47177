"""The limits held against all services at once say what the plain rule says of each."""

import random
from collections.abc import Callable
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Limits, Offer, Session
from linkwork.matching import limits as plain
from linkwork.matching.facts import READS
from linkwork.matching.limits import JUDGES, Fit, refusal
from linkwork.matching.prepared import Prepared
from linkwork.matching.sieve import SHOWN, nearest_km, sift
from tests.matching.ranked import HERE, ON, SHIPPED

CONCEPTS = ["benefits", "housing", "befriending", "veterans", "carers", "gardening", "women"]
WAYS = ["in_person", "home", "phone", "online", "text", "post"]
LANGUAGES, NEEDED = ["en", "ur", "pl"], ["step_free", "toilet", "quiet", "seat"]
HOURS = [None, time(0), time(9), time(12, 30), time(14), time(21), time(23)]
DAYS = [date(2026, 11, 9), ON, date(2027, 1, 1)]
CHANCE = random.Random(11)


def some(values: list[Any], most: int) -> list[Any]:
    return CHANCE.sample(values, CHANCE.randint(0, most))


def session() -> Session:
    return Session(CHANCE.randrange(7), CHANCE.choice(HOURS), CHANCE.choice(HOURS))


def place() -> tuple[float, float]:
    return CHANCE.choice([HERE, (CHANCE.uniform(53.3, 53.6), CHANCE.uniform(-2.4, -2.0))])


ABOUT: dict[str, Callable[[], Any]] = {
    "name": lambda: CHANCE.choice(["Hub", "Club"]),
    "concepts": lambda: {code: CHANCE.choice([0.3, 0.9, 1.0]) for code in some(CONCEPTS, 3)},
    "places": lambda: tuple(place() for _ in range(CHANCE.randrange(3))),
    "channels": lambda: frozenset(some(WAYS, 2)),
    "sessions": lambda: tuple(session() for _ in range(CHANCE.randrange(4))),
    "cost": lambda: CHANCE.choice([None, Decimal(0), Decimal("2.5"), Decimal(12)]),
    "cost_text": lambda: CHANCE.choice(["", "Free", "Donations"]),
    "minimum_age": lambda: CHANCE.choice([None, 0, 18, 55]),
    "maximum_age": lambda: CHANCE.choice([None, 0, 25, 70]),
    "gender": lambda: CHANCE.choice([None, "women", "men"]),
    "groups": lambda: frozenset(some(CONCEPTS, 2)),
    "languages": lambda: frozenset(some(LANGUAGES, 1)),
    "access": lambda: CHANCE.choice([None, frozenset(some(NEEDED, 3))]),
    "capacity_status": lambda: CHANCE.choice([*[None] * 9, "waitlist", "no-capacity"]),
    "ends_on": lambda: CHANCE.choice([*[None] * 20, *DAYS]),
}
OFFERS = [Offer(id=str(n), **{name: made() for name, made in ABOUT.items()}) for n in range(250)]
PREPARED = Prepared.of(OFFERS, SHIPPED)

CODES, GROUPS = st.sampled_from(LANGUAGES), st.frozensets(st.sampled_from(CONCEPTS), max_size=2)
PLACE = st.tuples(st.floats(53.3, 53.6), st.floats(-2.4, -2.0)) | st.just(HERE)
HOUR = st.sampled_from(HOURS)
ASKED = {
    "origin": PLACE,
    "max_km": st.sampled_from([None, 0.0, 5.0, 5.0, 20.0]),
    "days": st.frozensets(st.integers(0, 6)),
    "from_time": HOUR,
    "to_time": HOUR,
    "more_days": st.frozensets(st.integers(0, 6), max_size=2),
    "more_from": HOUR,
    "more_to": HOUR,
    "age": st.none() | st.integers(0, 100),
    "gender": st.sampled_from([None, "women", "men", "other"]),
    "single_sex": st.booleans(),
    "max_cost": st.none() | st.decimals(0, 12, places=1),
    "access": st.frozensets(st.sampled_from(NEEDED), max_size=2),
    "languages": st.frozensets(CODES, max_size=2),
    "interpreter": st.none() | st.booleans(),
    "groups": st.none() | GROUPS,
    "all_groups": st.booleans(),
    "heard_groups": GROUPS,
    "ways": st.frozensets(st.sampled_from(WAYS[:5]), max_size=4),
    "housebound": st.booleans(),
    "online": st.booleans(),
    "phone": st.booleans(),
    "not_again": st.frozensets(st.integers(0, 300).map(str), max_size=2),
    "unwanted": st.frozensets(st.sampled_from(CONCEPTS), max_size=1),
}
TOGETHER = [
    ("origin", "max_km"),
    ("languages", "interpreter"),
    ("gender", "single_sex"),
    ("groups", "all_groups", "heard_groups"),
    ("more_days", "more_from", "more_to"),
    ("days", "from_time", "to_time"),
    ("housebound", "online", "phone"),
]
ALONE = [(name,) for name in ASKED if not any(name in some for some in TOGETHER)]


def sifted(prepared: Prepared, limits: Limits) -> list[tuple[str | None, int]]:
    found = sift(prepared, np.ones(len(prepared), np.bool_), limits, on=ON)
    names = [None if n == SHOWN else found.names[n] for n in found.refused.tolist()]
    return list(zip(names, found.unknown.tolist(), strict=True))


# One or two limits at a time: the first that refuses a service hides all that follow.
@pytest.mark.parametrize("asked", TOGETHER + ALONE, ids=lambda names: names[0])
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_it_says_of_each_service_what_the_plain_rule_says(
    asked: tuple[str, ...], data: st.DataObject
) -> None:
    also = data.draw(st.sampled_from(TOGETHER + ALONE))
    chosen = {name: ASKED[name] for name in {*asked, *also}}
    limits = data.draw(st.builds(Limits, **chosen))
    plain_rule = [refusal(offer, limits, on=ON) for offer in OFFERS]
    assert sifted(PREPARED, limits) == plain_rule


def test_everything_that_can_be_asked_and_that_an_entry_can_say_is_tried_above() -> None:
    assert set(ASKED) == {field.name for field in fields(Limits)}
    not_asked = {"id", "provider", "sessions_text", "verified_on", "open_for_us"}
    assert set(ABOUT) | not_asked == {field.name for field in fields(Offer)}


def test_a_limit_that_only_the_plain_rule_knows_is_asked_of_each_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def long_name(offer: Offer, limits: Limits) -> Fit | None:
        return Fit.NO if len(offer.name) > 3 else Fit.NOT_STATED

    monkeypatch.setitem(plain.JUDGES, "long name", long_name)
    offers = [Offer("1", "Hub"), Offer("2", "Club")]
    assert sifted(Prepared.of(offers, SHIPPED), Limits()) == [(None, 1), ("long name", 0)]


def test_every_limit_that_is_asked_by_kind_is_a_limit() -> None:
    assert set(READS) <= set(JUDGES)


@given(st.lists(PLACE, min_size=1, max_size=3), PLACE)
def test_kilometres_are_those_of_the_plain_rule(
    places: list[tuple[float, float]], origin: tuple[float, float]
) -> None:
    offer, limits = Offer("1", "Hub", places=tuple(places)), Limits(origin=origin)
    (km,) = nearest_km(Prepared.of([offer], SHIPPED), limits).tolist()
    assert km == pytest.approx(plain.nearest_km(offer, limits), rel=1e-12, abs=1e-12)
