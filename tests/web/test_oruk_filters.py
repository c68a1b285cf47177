"""What may be asked of the public API, what is found by it, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from linkwork.casework import services, timetables
from linkwork.database import db
from tests.cast import Cast
from tests.conftest import NOW, Clock
from tests.exchange.feeds import bring_in, key, service
from tests.pages import Reader
from tests.web.feeds import HERBS, NATURE, ask, entry, names, publish, term, told


def meets(byday: str, opens: str, closes: str) -> list[dict[str, Any]]:
    return [{"freq": "WEEKLY", "byday": byday, "opens_at": opens, "closes_at": closes}]


def at(number: int, postcode: str, latitude: float, longitude: float) -> dict[str, Any]:
    source = service(number)
    (link,) = source["service_at_locations"]
    place = link["location"] | {"id": key(1000 + number), "name": f"Place {number}"}
    place |= {"latitude": latitude, "longitude": longitude}
    place["addresses"] = [{"address_1": "1 High Street", "postal_code": postcode}]
    return source | {"service_at_locations": [link | {"location": place}]}


def test_services_are_found_by_every_filter(client: Reader, tmp_path: Path) -> None:
    publish(
        tmp_path,
        service(1, description="Carrots", minimum_age=18, maximum_age=64),
        service(
            2, attributes=[term("Herbs", NATURE, HERBS)], schedules=meets("TU", "9:00", "12:00")
        ),
        service(3, schedules=meets("WE", "18:00", "20:00"), minimum_age=50),
    )
    for query, found in {
        "search=carrots": [1],
        "search=carrots+unheardof": [],
        "search=%22%27*": [],
        f"taxonomy_term_id={NATURE}": [2],
        f"taxonomy_id={HERBS.upper()}": [2],
        f"taxonomy_id={NATURE}": [],
        "minimum_age=19": [3],
        "maximum_age=64": [1],
        "day=WE": [3],
        "day=tuesday": [1, 2],
        "day=TU&start_time=09:30": [1],
        "start_time=17:30": [3],
        "end_time=12:00": [2],
        "day=TU&start_time=17:30": [],
    }.items():
        wanted = [f"Allotment {number}" for number in found]
        assert names(client, f"/services?{query}") == wanted, query
        links = told(client, f"/service_at_locations?{query}")["contents"]
        assert [link["service"]["name"] for link in links] == wanted, query


def test_days_that_were_only_guessed_from_words_are_not_told(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    words = "Tuesdays 10am-12pm and Thursdays 1pm-2pm. Bring wellies"
    publish(tmp_path, service(1, schedules=[{"description": words}]))
    assert {one.doubt for one in entry(1).schedules} == {"partly"}
    assert names(client, "/services?day=TU") == []
    (told_of,) = told(client, f"/services/{key(1)}")["schedules"]
    assert set(told_of) == {"id", "description"}
    timetables.confirm(entry(1), by=cast.editor, at=NOW)
    db.session.commit()
    assert names(client, "/services?day=TU") == ["Allotment 1"]
    assert len(told(client, f"/services/{key(1)}")["schedules"]) == 2


def test_what_a_time_depends_on_is_told_with_it(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, service(1))
    (schedule,) = entry(1).schedules
    schedule.term_time_only, schedule.closed_bank_holidays = True, True
    db.session.commit()
    (told_of,) = told(client, f"/services/{key(1)}")["schedules"]
    assert told_of["description"] == "In term time only; closed on bank holidays"
    assert told_of["linkwork"] == {"closed_bank_holidays": True, "term_time_only": True}
    schedule.description = "Ask for the key."
    db.session.commit()
    (told_of,) = told(client, f"/services/{key(1)}")["schedules"]
    assert told_of["description"].startswith("Ask for the key.\nIn term time only")


def test_the_nearest_come_first_and_what_is_too_far_is_left_out(
    client: Reader, tmp_path: Path
) -> None:
    publish(
        tmp_path,
        at(1, "ZZ9 1AA", 53.60, -2.20),
        at(2, "ZZ2 3FY", 53.47, -2.21),
        service(3, service_at_locations=[]),
    )
    assert names(client, "/services?postcode=ZZ2") == ["Allotment 2", "Allotment 1"]
    near = "postcode=ZZ2&proximity=4000"
    assert names(client, f"/services?{near}") == ["Allotment 2"]
    assert told(client, f"/service_at_locations?{near}")["total_items"] == 1


def test_only_what_changed_since_is_told_to_who_follows(
    client: Reader, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    publish(tmp_path)
    clock.advance(days=2)
    bring_in(tmp_path, service(1), service(2), at=clock.now)
    services.edit(entry(2), {"fees": "£1"}, version=entry(2).version, by=cast.editor, at=clock.now)
    db.session.commit()
    since = "modified_after=2026-11-19T00:00:00Z"
    (changed,) = told(client, f"/services?{since}")["contents"]
    assert (changed["id"], changed["last_modified"]) == (key(2), "2026-11-20T10:30:00.000Z")
    assert told(client, f"/services?{since.replace('19', '21')}")["empty"]


def test_who_follows_is_told_of_what_no_field_of_an_entry_shows(
    client: Reader, clock: Clock, tmp_path: Path
) -> None:
    publish(tmp_path)
    by = {**service(1)["organization"], "description": "Gardens for all."}
    for days, more in enumerate(({"organization": by}, {"accreditations": "Green Flag"}), start=1):
        clock.advance(days=1)
        bring_in(tmp_path, service(1, **more), service(2), at=clock.now)
        db.session.commit()
        since = f"modified_after=2026-11-{18 + days}T00:00:00Z"
        assert names(client, f"/services?{since}") == ["Allotment 1"]
        answer = ask(client, f"/services/{key(1)}")
        assert answer.headers["Last-Modified"] == f"{clock.now:%a, %d %b %Y %H:%M:%S} GMT"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("page=٣", "page"),
        ("per_page=501", "per_page"),
        ("per_page=101&full=true", "per_page"),
        ("full=perhaps", "full"),
        ("taxonomy_term_id=4", "taxonomy_term_id"),
        ("taxonomy_id=x", "taxonomy_id"),
        ("minimum_age=old", "minimum_age"),
        ("minimum_age=nan", "minimum_age"),
        ("maximum_age=-1", "maximum_age"),
        ("day=someday", "day"),
        ("start_time=25:00", "start_time"),
        ("end_time=late", "end_time"),
        ("postcode=XYZ", "postcode"),
        ("postcode=ZZ2&proximity=inf", "proximity"),
        ("proximity=100", "proximity"),
        ("modified_after=yesterday", "modified_after"),
        ("search=" + "x" * 201, "search"),
    ],
)
@pytest.mark.one_engine
def test_a_value_that_cannot_be_used_is_refused_by_name(
    client: Reader, query: str, parameter: str
) -> None:
    answer = ask(client, f"/services?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    told = json.loads(answer.text)
    assert [one["parameter"] for one in told["errors"]] == [parameter]
    assert all(one["reason"] for one in told["errors"])


@pytest.mark.one_engine
@pytest.mark.parametrize("given", ["2026-11-18", "2026-11-18T10:30:00+00:00", "2026-11-18T10:30Z"])
def test_a_moment_may_be_written_in_many_ways(client: Reader, given: str) -> None:
    assert told(client, f"/services?modified_after={given}")["empty"]
