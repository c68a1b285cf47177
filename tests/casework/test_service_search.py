"""The directory is searched by what people ask, in a handful of queries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from linkwork.casework import service_search, service_words
from linkwork.casework.service_search import PAGE_SIZE, Criteria, Found, search
from linkwork.database import db
from linkwork.geography import Place
from linkwork.models import (
    CostOption,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceKind,
    ServiceStatus,
    User,
    service_text,
)
from tests import cast as the

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
ON = date(2026, 11, 18)
HERE = Place(53.5, -2.2)


def found(cast: Any, who: str = "peer_coordinator", **criteria: Any) -> list[str]:
    return [one.name for one in page(cast, who, **criteria).services]


def page(cast: Any, who: str = "peer_coordinator", number: int = 1, **criteria: Any) -> Found:
    asked = replace(Criteria(), **criteria)
    return search(asked, user=cast.users[who], at=AT, number=number)


def service(name: str, **facts: Any) -> Service:
    made = the.service(name, **facts)
    service_text.reindex([made.id])
    return made


def at(place: Service, latitude: float | None, longitude: float | None, **facts: Any) -> None:
    where = Location(latitude=latitude, longitude=longitude, **facts)
    db.session.add(where)
    place.places_at.append(ServiceAtLocation(location=where))
    db.session.flush()


def test_everything_listed_and_running_is_found_by_default(cast: Any) -> None:
    service("Running")
    service("Paused", status=ServiceStatus.TEMPORARILY_CLOSED)
    service("Last day", ends_on=ON)
    service("Unlisted", listed=False)
    service("Ended", ends_on=ON - timedelta(days=1))
    service("Gone", status=ServiceStatus.DEFUNCT)
    assert found(cast) == ["Last day", "Paused", "Running"]
    assert len(found(cast, "editor", everything=True)) == 6
    assert "Unlisted" not in found(cast, everything=True)


def test_each_filter_finds_what_fits_and_nothing_else(cast: Any) -> None:
    choir = service("Choir", needs=["loneliness"], channels=["in_person"], minimum_age=60)
    service("Football", kind=ServiceKind.COURSE, maximum_age=30, needs=["physical_activity"])
    choir.verified_at = AT - timedelta(days=89)
    choir.schedules = [Schedule(byday="TU,-1FR", freq="MONTHLY")]
    at(choir, 53.5, -2.2, accessibility=["Step-free", "Parking"])
    db.session.flush()
    only_choir: list[dict[str, Any]] = [
        {"words": "choir"},
        {"need": "loneliness"},
        {"channel": "in_person"},
        {"day": "FR"},
        {"age": 60},
        {"freshness": "fresh"},
        {"access": ("step_free",)},
        {"near": HERE, "miles": 1.0},
    ]
    for criteria in only_choir:
        assert found(cast, **criteria) == ["Choir"], criteria
    only_football: list[dict[str, Any]] = [
        {"kind": ServiceKind.COURSE},
        {"age": 30},
        {"freshness": "stale"},
        {"words": "football", "need": "physical_activity"},
    ]
    for criteria in only_football:
        assert found(cast, **criteria) == ["Football"], criteria
    assert found(cast, day="MO") == found(cast, need="food") == []


def test_a_day_in_the_providers_own_words_counts(cast: Any) -> None:
    pantry = service("Pantry")
    pantry.schedules = [Schedule(description="Wednesday from 11am")]
    db.session.flush()
    assert (found(cast, day="WE"), found(cast, day="TH")) == (["Pantry"], [])


@pytest.mark.parametrize(
    ("costs", "fees", "is_free"),
    [
        ([CostOption(amount=Decimal(0))], None, True),
        ([CostOption(option="Free of charge")], None, True),
        ([], "Free", True),
        ([CostOption(amount=Decimal("2.50"))], None, False),
        ([CostOption(amount=Decimal(0)), CostOption(amount=Decimal(3))], None, False),
        ([], "£2", False),
        ([], None, False),
    ],
)
def test_free_is_what_is_said_to_be_free(
    cast: Any, costs: list[CostOption], fees: str | None, is_free: bool
) -> None:
    made = service("Club", fees=fees)
    made.costs = [CostOption(option=cost.option, amount=cost.amount) for cost in costs]
    db.session.flush()
    assert bool(found(cast, price=0.0)) is is_free


def test_the_nearest_place_of_each_comes_first_and_distances_are_miles(cast: Any) -> None:
    for name, north in (("Far", 0.2), ("Near", 0.01), ("Middle", 0.05)):
        at(service(name), HERE.latitude + north, HERE.longitude)
    two = service("Two places")
    at(two, HERE.latitude + 3, HERE.longitude)
    at(two, HERE.latitude + 0.02, HERE.longitude)
    at(service("Nowhere"), None, None)
    assert found(cast, near=HERE) == ["Near", "Two places", "Middle", "Far"]
    assert found(cast, near=HERE, miles=5.0) == ["Near", "Two places", "Middle"]
    found_at = service_words.nearest(two, HERE)
    assert found_at is not None
    assert found_at[1] == pytest.approx(1.38, abs=0.01)
    assert service_words.distance(two, HERE, is_exact=True) == "1.4 miles"
    assert service_words.distance(two, HERE, is_exact=False) == "about 1 mile"


def test_some_of_the_words_will_do_where_no_service_has_them_all(cast: Any) -> None:
    service("Choir")
    some = page(cast, words="choir trampoline")
    assert (some.any_word, [one.name for one in some.services]) == (True, ["Choir"])
    assert not page(cast, words="choir").any_word


def test_what_was_never_checked_sinks(cast: Any) -> None:
    service("A never checked")
    service("Z checked", verified_at=AT)
    assert found(cast) == ["Z checked", "A never checked"]


def test_a_long_list_comes_in_pages_and_a_page_beyond_it_is_the_first(cast: Any) -> None:
    for number in range(PAGE_SIZE + 3):
        service(f"Club {number:02}")
    second = page(cast, number=2)
    assert (second.total, second.pages, len(second.services)) == (28, 2, 3)
    beyond = page(cast, number=9)
    assert (beyond.number, len(beyond.services)) == (1, 25)


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def test_a_page_takes_four_queries_however_long_it_is(cast: Any) -> None:
    for number in range(30):
        made = service(f"Garden club {number}", needs=["loneliness"])
        made.schedules, made.costs = [Schedule(byday="MO")], [CostOption(amount=Decimal(0))]
        at(made, 53.5, -2.2)
    db.session.commit()
    who = cast.users["peer_coordinator"]
    assert who.roles
    with counted() as queries:
        asked = Criteria(words="garden", need="loneliness", day="MO", near=HERE, miles=5)
        for one in search(asked, user=who, at=AT).services:
            service_words.when(one)
            service_words.cost(one)
            service_words.town(one)
            assert one.provider
    assert len([query for query in queries if query.startswith(("SELECT", "select"))]) <= 4


def plan_of(engine: str, statement: str, parameters: Any) -> str:
    connection = db.session.connection()
    if engine == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row[3] for row in rows)
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return "\n".join(row[0] for row in rows)


def test_the_nearest_of_many_are_those_of_all(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(PAGE_SIZE + 5):
        made = Service(name=f"Club {number:02}")
        made.places_at = [
            ServiceAtLocation(location=Location(latitude=53.5 + north, longitude=-2.2))
            for north in (number / 400, 1.0)
        ]
        db.session.add(made)
    db.session.flush()
    first, second = page(cast, near=HERE), page(cast, near=HERE, number=2)
    monkeypatch.setattr(service_search, "NEARBY_MILES", ())
    for quick, number in ((first, 1), (second, 2)):
        plain = page(cast, near=HERE, number=number)
        assert (quick.total, quick.services) == (plain.total, plain.services)
    assert [len(first.services), len(second.services), first.total] == [25, 5, 30]


ASKED: tuple[dict[str, Any], ...] = (
    {"words": "garden", "need": "loneliness"},
    {"price": 0.0, "access": ("step_free",), "day": "MO", "part": "morning", "age": 70},
    {"near": HERE, "miles": 5.0},
    {"meets": "now", "room": "places"},
    {"order": "next"},
)


def test_a_search_reads_narrow_rows_and_never_all_services(cast: Any, engine: str) -> None:
    """What is searched stands in the index of words and in rows of numbers, not in the texts."""
    for number in range(300):
        made = Service(name=f"Garden club {number}", needs=["loneliness"], description="x" * 200)
        made.schedules = [Schedule(byday="WE", opens_at=time(10), closes_at=time(12))]
        made.places_at = [ServiceAtLocation(location=Location(latitude=51 + number / 60))]
        made.places_at[0].location.longitude = -2.2
        db.session.add(made)
    db.session.flush()
    service_text.reindex_all()
    if engine == "postgresql":
        db.session.execute(text("ANALYZE"))
    for asked in ASKED:
        reads_narrow_rows(cast.users["peer_coordinator"], engine, asked)


def reads_narrow_rows(user: User, engine: str, asked: dict[str, Any]) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    search(Criteria(**asked), user=user, at=AT)
    event.remove(Engine, "before_cursor_execute", note)
    finding = [one for one in sent if "service_facet" in one[0] or "service_session" in one[0]]
    assert finding
    for statement, parameters in finding:
        plan = plan_of(engine, statement, parameters)
        for table in ("service", "location", "schedule", "cost_option", "service_at_location"):
            assert f"SCAN {table}\n" not in f"{plan}\n", plan
            assert f"Seq Scan on {table} " not in plan, plan
        if "miles" in asked and engine == "sqlite":
            assert "ix_service_facet_latitude" in plan


def test_of_several_places_the_very_one_must_have_what_is_asked(cast: Any) -> None:
    choir = service("Choir")
    at(choir, 53.5, -2.2, accessibility=["No wheelchair access"])
    at(choir, 53.9, -2.2, accessibility=["Step-free"])
    at(service("Club"), 53.6, -2.2, accessibility=["Wheelchair access: No"])
    assert found(cast, access=("step_free",)) == ["Choir"]
    assert found(cast, access=("step_free",), near=HERE) == ["Choir"]
    assert found(cast, access=("step_free",), near=HERE, miles=5.0) == []
    assert found(cast, near=HERE, miles=5.0) == ["Choir"]


def test_a_day_that_is_over_is_not_found_because_another_goes_on(cast: Any) -> None:
    club = service("Club")
    club.schedules = [
        Schedule(byday="TU", freq="WEEKLY", opens_at=time(10), valid_to=date(2025, 1, 1)),
        Schedule(byday="TH", freq="WEEKLY", opens_at=time(10)),
    ]
    db.session.flush()
    assert found(cast, day="TH") == found(cast, day="TH", part="morning") == ["Club"]
    assert found(cast, day="TU") == found(cast, day="TU", part="morning") == []
    assert found(cast, part="morning") == ["Club"]
