"""The list of the directory: put right, sorted, loosened, near somebody without saying where."""

from datetime import time
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import AuditEntry, Location, Schedule, Service, ServiceAtLocation, service_text
from tests import cast as the
from tests.cast import Cast, sign_in
from tests.pages import Reader


@pytest.fixture
def reader(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def service(name: str, **facts: Any) -> Service:
    made = the.service(name, **facts)
    service_text.reindex([made.id])
    db.session.commit()
    return made


def at(made: Service, latitude: float, *, approximate: bool = False) -> None:
    place = Location(latitude=latitude, longitude=-2.2, city="Harrowfield")
    place.is_approximate = approximate
    made.places_at = [ServiceAtLocation(location=place)]


def test_what_was_put_right_is_said_and_can_be_taken_back(reader: Reader) -> None:
    service("Gardening club")
    page = reader.page("/services?words=gardning&need=")
    assert "Showing results for gardening . Search instead for gardning" in page.text
    assert "/services?words=gardning&exactly=1" in page.values
    page = reader.page("/services?words=gardning&exactly=1")
    assert "Showing results" not in page.text
    assert "0 activities found" in page.text


def test_each_filter_that_keeps_something_out_is_named_with_what_it_would_bring(
    reader: Reader,
) -> None:
    for number in range(3):
        service(f"Choir {number}", needs=["loneliness"], minimum_age=60)
    service("Choir for all", needs=["food"])
    page = reader.page("/services?words=choir&need=loneliness&age=30")
    assert "Without Aged 30 : 3 activities" in page.text
    assert "Without Loneliness : 1 activity" in page.text
    assert page.text.index("Without Aged 30") < page.text.index("Without Loneliness")
    assert "Without “choir”" not in page.text
    assert "/services?words=choir&need=loneliness" in page.values
    page = reader.page("/services?words=choir&need=memory&age=30&cost=free&access=parking")
    assert "Remove two or more filters" in page.text


def test_it_is_sorted_as_is_asked_and_says_how(reader: Reader) -> None:
    for name, north, day in (("B far", 53.6, "TH"), ("A near", 53.47, None), ("C mid", 53.5, "WE")):
        made = service(name)
        at(made, north)
        if day:
            made.schedules = [Schedule(byday=day, opens_at=time(14), closes_at=time(15))]
    db.session.commit()
    for order, wanted in (
        ("", ["A near", "C mid", "B far"]),
        ("&order=name", ["A near", "B far", "C mid"]),
        ("&order=next", ["C mid", "B far", "A near"]),
    ):
        page = reader.page(f"/services?postcode=M14{order}")
        assert sorted(wanted, key=page.text.index) == wanted, order
    assert "Next: Today, 2pm to 3pm" in page.text
    assert "Nearest" not in reader.page("/services?order=nearest").text


def test_a_distance_says_no_more_than_is_known(reader: Reader) -> None:
    at(service("Choir"), 53.5)
    db.session.commit()
    assert "(about 4 miles)" in reader.page("/services?postcode=M14+5AA").text


def test_near_a_person_their_postcode_is_in_no_address_and_the_look_is_noted(
    reader: Reader, cast: Cast
) -> None:
    case = the.case(cast.northside, worker=cast.amina)
    case.person.postcode = "M14 5AA"
    at(service("Near"), 53.46)
    at(service("Far"), 53.9)
    db.session.commit()
    page = reader.page(f"/services?case={case.key}&miles=5")
    assert "Within 5 miles of this person" in page.text
    assert "1 activity found" in page.text
    assert not any("M14" in address for address in page.values)
    counted = select(func.count()).where(AuditEntry.event == "case.opened")
    assert db.session.scalar(counted) == 1
    assert "data-live" not in reader.get(f"/services?case={case.key}").text


def test_a_case_of_others_gives_no_distance(client: Reader, cast: Cast) -> None:
    theirs = the.case(cast.southside, worker=cast.cath)
    mine = the.case(cast.northside, worker=cast.ben)
    db.session.commit()
    sign_in(client, cast.amina)
    assert client.get(f"/services?case={theirs.key}").status_code == 404
    assert client.get("/services?case=nothing").status_code == 404
    assert client.get(f"/services?case={mine.key}").status_code == 303
    sign_in(client, cast.editor)
    assert client.get(f"/services?case={mine.key}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "meets=x&part=x&cost=x&access=x&access=toilet&group=x&route=x&room=x&order=x&gender=x",
        "language=" + "%25" * 20,
        "order=next&page=9&meets=today",
        "cost=20&order=nearest&exactly=1",
    ],
)
def test_an_address_somebody_made_up_is_answered(reader: Reader, query: str) -> None:
    service("Choir")
    assert reader.get(f"/services?{query}").status_code == 200
