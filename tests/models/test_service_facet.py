"""What services are searched by: worked out from what is known, and following what changes."""

from datetime import date, time
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import (
    CostOption,
    Location,
    Schedule,
    ServiceAtLocation,
    ServiceFacet,
    ServiceSession,
    service_facet,
)
from tests import cast as the

MORNING, AFTERNOON, EVENING = 1, 2, 4


def cost(amount: str | None = None, option: str | None = None) -> Any:
    return SimpleNamespace(amount=amount and Decimal(amount), option=option)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("fees", "costs", "price"),
    [
        (None, [], None),
        (None, [cost("0")], 0),
        (None, [cost("0"), cost("3"), cost("40")], 3),
        ("Free", [], 0),
        (None, [cost(option="Free of charge")], 0),
        ("Freely given", [cost("2.50")], 2.5),
        ("£3.50 a session", [], 3.5),
        ("£12.5", [], 12.5),
        ("£5, or £3 with a card", [], 3),
        ("from £1,200 a year", [], None),
        ("Free for everyone", [], 0),
        ("It is free to attend", [], 0),
        ("Free for carers, otherwise £12", [], 12),
        ("Free parking, sessions £8", [], 8),
        ("Free taster, then £6", [], 6),
        ("Free for carers", [], None),
        ("Freedom Leisure members only", [], None),
        (None, [cost("0", "Concession"), cost(option="Adults £5")], 5),
        ("Ask us", [cost(option="Donation")], None),
    ],
)
def test_a_price_is_what_somebody_pays_at_least(
    fees: str | None, costs: list[Any], price: float | None
) -> None:
    assert service_facet.price(fees, costs) == price


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("opens", "closes", "parts"),
    [
        (9, 11, MORNING),
        (9, 12, MORNING),
        (11, 13, MORNING | AFTERNOON),
        (12, 17, AFTERNOON),
        (9, 21, MORNING | AFTERNOON | EVENING),
        (17, 19, EVENING),
        (22, 2, EVENING),
        (9, None, MORNING),
        (None, 18, EVENING),
        (None, None, 0),
    ],
)
def test_the_parts_of_a_day(opens: int | None, closes: int | None, parts: int) -> None:
    at = [None if hour is None else time(hour) for hour in (opens, closes)]
    schedule = Schedule(byday="MO", opens_at=at[0], closes_at=at[1])
    found = service_facet.times([schedule])
    assert (found["days"], found["slots"]) == (1, parts)


@pytest.mark.one_engine
def test_times_hold_until_the_last_of_them_ends() -> None:
    spring, summer = date(2026, 4, 1), date(2026, 7, 1)
    ended = [Schedule(byday="MO", valid_to=spring), Schedule(byday="TU", valid_to=summer)]
    assert service_facet.times(ended)["times_until"] == summer
    assert service_facet.times([*ended, Schedule(byday="WE")])["times_until"] is None
    assert service_facet.times([Schedule(description="Mondays and Fridays")])["days"] == 0b10001
    shut = Schedule(description="10am to 3pm, closed Mondays. Not on Sunday. Fridays too.")
    assert service_facet.times([shut])["days"] == 0b10000


def facet(service_id: int) -> ServiceFacet:
    db.session.flush()
    db.session.expire_all()
    query = select(ServiceFacet).where(ServiceFacet.service_id == service_id)
    return db.session.scalars(query.order_by(ServiceFacet.spot)).one()


def test_the_rows_follow_whatever_is_saved(app: Flask) -> None:
    made = the.service("Choir")
    made.costs = [CostOption(amount=Decimal(2))]
    made.schedules = [Schedule(byday="MO", freq="WEEKLY")]
    place = Location(latitude=53.5, longitude=-2.2)
    made.places_at = [ServiceAtLocation(location=place)]
    first = facet(made.id)
    assert (first.price, first.days, first.access, first.latitude) == (2, 1, 0, 53.5)
    place.accessibility = ["Step-free"]
    made.costs[0].amount = Decimal(0)
    made.schedules.clear()
    changed = facet(made.id)
    assert (changed.price, changed.days, changed.access) == (0, 0, 1)
    assert db.session.scalar(select(ServiceSession.service_id)) is None
    made.places_at.clear()
    made.listed = False
    assert (facet(made.id).latitude, facet(made.id).listed) == (None, False)
    db.session.delete(made)
    db.session.flush()
    assert db.session.scalar(select(ServiceFacet.service_id)) is None
