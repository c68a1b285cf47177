"""The limits held against all services at once say what the plain rule says of each."""

from dataclasses import fields
from datetime import date, time

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
CODES = st.sampled_from(["en", "ur", "pl"])
NEEDED = st.frozensets(st.sampled_from(["step_free", "toilet", "quiet"]), max_size=2)
GROUPS = st.frozensets(st.sampled_from(CONCEPTS), max_size=2)
PLACE = st.tuples(st.floats(53.3, 53.6), st.floats(-2.4, -2.0)) | st.just(HERE)
HOUR = st.none() | st.sampled_from([time(0), time(9), time(12, 30), time(14), time(21), time(23)])
POUNDS = st.none() | st.decimals(0, 12, places=1)
GENDER = st.sampled_from([None, "women", "men"])
SESSION = st.builds(Session, st.integers(0, 6), HOUR, HOUR)
ABOUT = {
    "id": st.integers(0, 40).map(str),
    "name": st.sampled_from(["Hub", "Club"]),
    "concepts": st.dictionaries(st.sampled_from(CONCEPTS), st.sampled_from([0.3, 0.9, 1]))
    | st.just({}),
    "places": st.lists(PLACE, max_size=2).map(tuple),
    "channels": st.frozensets(st.sampled_from(WAYS), max_size=2),
    "sessions": st.lists(SESSION, max_size=3).map(tuple),
    "cost": POUNDS,
    "cost_text": st.sampled_from(["", "Free", "Donations"]),
    "minimum_age": st.none() | st.sampled_from([0, 18, 55]),
    "maximum_age": st.none() | st.sampled_from([0, 25, 70]),
    "gender": GENDER,
    "groups": GROUPS,
    "languages": st.frozensets(CODES, max_size=1),
    "access": st.none() | NEEDED,
    "capacity_status": st.sampled_from([None, "capacity", "waitlist", "no-capacity"]),
    "ends_on": st.none() | st.sampled_from([date(2026, 11, 9), ON, date(2027, 1, 1)]),
}
ASKED = {
    "origin": st.none() | PLACE,
    "max_km": st.sampled_from([None, 0.0, 1.0, 5.0, 20.0]),
    "days": st.frozensets(st.integers(0, 6)),
    "from_time": HOUR,
    "to_time": HOUR,
    "more_days": st.frozensets(st.integers(0, 6), max_size=2),
    "more_from": HOUR,
    "more_to": HOUR,
    "age": st.none() | st.integers(0, 100),
    "gender": st.sampled_from([None, "women", "men", "other"]),
    "single_sex": st.booleans(),
    "max_cost": POUNDS,
    "access": NEEDED,
    "languages": st.frozensets(CODES, max_size=2),
    "interpreter": st.none() | st.booleans(),
    "groups": st.none() | GROUPS,
    "all_groups": st.booleans(),
    "heard_groups": GROUPS,
    "ways": st.frozensets(st.sampled_from(WAYS[:5]), max_size=4),
    "housebound": st.booleans(),
    "online": st.booleans(),
    "phone": st.booleans(),
    "not_again": st.frozensets(st.integers(0, 40).map(str), max_size=2),
    "unwanted": st.frozensets(st.sampled_from(CONCEPTS), max_size=1),
}
OFFERS = st.lists(
    st.builds(Offer, **ABOUT), min_size=1, max_size=16, unique_by=lambda offer: offer.id
)
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
# Few limits at a time: the first that refuses a service hides all that follow.
SOME_ASKED = st.lists(st.sampled_from(TOGETHER + ALONE), max_size=3, unique=True).flatmap(
    lambda chosen: st.builds(Limits, **{name: ASKED[name] for some in chosen for name in some})
)


def sifted(offers: list[Offer], limits: Limits) -> list[tuple[str | None, int]]:
    prepared = Prepared.of(offers, SHIPPED)
    found = sift(prepared, np.ones(len(offers), np.bool_), limits, on=ON)
    names = [None if n == SHOWN else found.names[n] for n in found.refused.tolist()]
    unknown = [
        0 if name in ("ended", "places") else n
        for name, n in zip(names, found.unknown.tolist(), strict=True)
    ]
    return list(zip(names, unknown, strict=True))


@settings(max_examples=100, deadline=None)
@given(OFFERS, SOME_ASKED)
def test_it_says_of_each_service_what_the_plain_rule_says(
    offers: list[Offer], limits: Limits
) -> None:
    assert sifted(offers, limits) == [refusal(offer, limits, on=ON) for offer in offers]


def test_everything_that_can_be_asked_and_that_an_entry_can_say_is_tried_above() -> None:
    assert set(ASKED) == {field.name for field in fields(Limits)}
    not_asked = {"provider", "sessions_text", "verified_on", "open_for_us"}
    assert set(ABOUT) | not_asked == {field.name for field in fields(Offer)}


def test_a_limit_that_only_the_plain_rule_knows_is_asked_of_each_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def long_name(offer: Offer, limits: Limits) -> Fit | None:
        return Fit.NO if len(offer.name) > 3 else Fit.NOT_STATED

    monkeypatch.setitem(plain.JUDGES, "long name", long_name)
    offers = [Offer("1", "Hub"), Offer("2", "Club")]
    assert sifted(offers, Limits()) == [(None, 1), ("long name", 0)]


def test_every_limit_that_is_asked_by_kind_is_a_limit() -> None:
    assert set(READS) <= set(JUDGES)


@given(st.lists(PLACE, min_size=1, max_size=3), PLACE)
def test_kilometres_are_those_of_the_plain_rule(
    places: list[tuple[float, float]], origin: tuple[float, float]
) -> None:
    offer, limits = Offer("1", "Hub", places=tuple(places)), Limits(origin=origin)
    (km,) = nearest_km(Prepared.of([offer], SHIPPED), limits).tolist()
    assert km == pytest.approx(plain.nearest_km(offer, limits), rel=1e-12, abs=1e-12)
