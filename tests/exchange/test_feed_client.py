"""A feed is followed to its end, each service is fetched once, and a file is fetched whole."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linkwork.exchange import dialects, feed_address
from linkwork.exchange.feed_client import Kind
from linkwork.exchange.feed_line import Answer
from linkwork.exchange.feed_requests import _asked_for
from tests.exchange.feed_files import AT, key, service
from tests.exchange.feed_server import Clock, Said, feed_server
from tests.exchange.fetching import HTML, JSON, all_names, get, names, refusal, services

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"per_page": 7},
        {"first_version": True, "per_page": 5},
        {"first_version": True, "per_page": 5, "starts_at": 0, "asks_from": 0},
        {"first_version": True, "per_page": 5, "starts_at": 0, "asks_from": 1},
    ],
)
def test_each_service_of_every_page_is_fetched_whole(tmp_path: Path, how: dict[str, Any]) -> None:
    told: list[tuple[int, int | None]] = []
    with feed_server(services(12), **how) as feed:
        fetched = get(feed.address, tmp_path, progress=lambda *said: told.append(said))
    assert (fetched.kind, fetched.services, fetched.missing) == (Kind.FEED, 12, [])
    assert names(fetched) == all_names(12)
    assert told[-1] == (12, 12)
    assert fetched.path
    assert next(iter(dialects.records(fetched.path)))["schedules"][0]["byday"] == "TU,TH"  # type: ignore[index]


def test_an_address_above_the_services_leads_to_them(tmp_path: Path) -> None:
    with feed_server(services(2)) as feed:
        feed.says["/api"] = [Said(200, b"<html>Documentation", HTML)]
        assert names(get(feed.address.removesuffix("/services"), tmp_path)) == all_names(2)


def test_a_feed_that_moved_is_followed_to_where_it_is(tmp_path: Path) -> None:
    with feed_server(services(2)) as feed:
        feed.says["/old"] = [Said(302, b"<html>Moved", {"Location": "/api/services", **HTML})]
        assert names(get(feed.address.replace("/api/services", "/old"), tmp_path)) == all_names(2)
        assert feed.asked.count("/old") == 1


def listing(*listed: dict[str, Any]) -> Said:
    count = len(listed)
    page = {"total_items": count, "total_pages": 1, "page_number": 1, "contents": listed}
    return Said(200, json.dumps(page).encode(), JSON)


def test_a_list_that_gives_whole_services_is_not_followed(tmp_path: Path) -> None:
    with feed_server(services(20)) as feed:
        feed.says["/api/services"] = [listing(*services(20))]
        assert names(get(feed.address, tmp_path)) == all_names(20)
        assert len(feed.asked) == 5


def test_a_list_that_gives_a_part_of_more_is_followed(tmp_path: Path) -> None:
    kept = ("id", "name", "status", "service_at_locations")
    some = [{name: one[name] for name in kept} | {"schedules": []} for one in services(2)]
    with feed_server(services(2)) as feed:
        feed.says["/api/services"] = [listing(*some)]
        fetched = get(feed.address, tmp_path)
    assert fetched.path
    found = [one for one in dialects.records(fetched.path) if isinstance(one, dict)]
    assert [len(one["schedules"]) for one in found] == [1, 1]


def test_a_service_without_a_name_to_ask_for_is_given_as_it_is_listed(tmp_path: Path) -> None:
    with feed_server(services(1)) as feed:
        feed.says["/api/services"] = [listing({"name": "Nameless"}, service(1))]
        assert names(get(feed.address, tmp_path)) == ["Nameless", "Allotment 1"]


def test_a_busy_server_is_asked_again_when_it_says(tmp_path: Path) -> None:
    clock = Clock()
    with feed_server(services(1)) as feed:
        feed.says[f"/api/services/{key(1)}"] = [
            Said(429, headers={"Retry-After": "30"}),
            Said(503),
            Said(200, json.dumps(service(1)).encode(), JSON),
        ]
        assert names(get(feed.address, tmp_path, clock=clock)) == all_names(1)
    assert clock.now >= 32  # and two seconds of our own
    assert max(clock.slept) == pytest.approx(30, abs=1)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("7", 7),
        ("Wed, 18 Nov 2026 10:30:45 GMT", 45),
        ("Wed, 18 Nov 2026 09:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(words: str, seconds: float | None) -> None:
    headers = {"retry-after": words, "date": "Wed, 18 Nov 2026 10:30:00 GMT"}
    answer = Answer(503, headers, feed_address.read("https://feed.example"), 0)
    assert _asked_for(answer) == seconds


def test_a_server_that_wants_to_rest_for_hours_is_left_alone(tmp_path: Path) -> None:
    with feed_server(services(1)) as feed:
        feed.says["/api/services"] = [Said(429, headers={"Retry-After": "7200"})]
        assert "to be left alone for 120 minutes" in refusal(feed, tmp_path)
        assert len(feed.asked) == 1


def test_a_service_that_does_not_come_is_missing_and_not_gone(tmp_path: Path) -> None:
    with feed_server(services(3)) as feed:
        feed.says[f"/api/services/{key(2)}"] = [Said(500)]
        feed.says[f"/api/services/{key(3)}"] = [Said(404)]
        fetched = get(feed.address, tmp_path)
    assert (names(fetched), fetched.missing) == (all_names(1), [key(2)])


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b'{"id": "another"}', b"[" * 3000, b""])
def test_an_answer_that_is_no_service_is_missing(tmp_path: Path, body: bytes) -> None:
    with feed_server(services(2)) as feed:
        feed.says[f"/api/services/{key(2)}"] = [Said(200, body, JSON)]
        fetched = get(feed.address, tmp_path)
    assert (names(fetched), fetched.missing) == (all_names(1), [key(2)])


def test_too_many_missing_end_it_and_the_next_run_goes_on_from_there(tmp_path: Path) -> None:
    with feed_server(services(30)) as feed:
        for number in range(16, 31):
            feed.says[f"/api/services/{key(number)}"] = [Said(500)]
        said = refusal(feed, tmp_path, limits={"tries": 1, "workers": 1})
        assert "11 services of the feed could not be fetched" in said
        feed.says.clear()
        feed.asked.clear()
        assert names(get(feed.address, tmp_path)) == all_names(30)
        assert 17 <= len(feed.asked) <= 25
        feed.asked.clear()
        get(feed.address, tmp_path)
        assert len(feed.asked) == 32


def test_what_is_kept_too_long_is_fetched_again(tmp_path: Path) -> None:
    with feed_server(services(12)) as feed:
        broken = [f"/api/services/{key(number)}" for number in range(1, 12)]
        feed.says = {path: [Said(500)] for path in broken}
        refusal(feed, tmp_path, limits={"tries": 1})
        feed.says = {f"/api/services/{key(12)}": [Said(500)]}
        fetched = get(feed.address, tmp_path, at=AT + timedelta(hours=13))
    assert (names(fetched), fetched.missing) == (all_names(11), [key(12)])


def test_only_what_changed_is_asked_for_where_the_feed_can_tell(tmp_path: Path) -> None:
    dated = [service(n, last_modified=f"2026-11-{n:02}T00:00:00Z") for n in range(1, 11)]
    since = AT.replace(day=8, hour=12)
    with feed_server(dated, knows_modified_after=True) as feed:
        fetched = get(feed.address, tmp_path, since=since)
        assert (names(fetched), fetched.partial) == (["Allotment 9", "Allotment 10"], True)
        assert any("modified_after=2026-11-08T12%3A30%3A00Z" in asked for asked in feed.asked)
        fetched = get(feed.address, tmp_path, since=AT)
        assert (names(fetched), fetched.partial) == ([], True)
        feed.knows_modified_after = False
        fetched = get(feed.address, tmp_path, since=since)
        assert (fetched.services, fetched.partial) == (10, False)


def test_a_feed_that_refuses_more_than_the_number_of_a_page_is_asked_without(
    tmp_path: Path,
) -> None:
    with feed_server(services(3)) as feed:
        page = json.dumps(feed._page({})).encode()
        feed.says["/api/services"] = [Said(200, page), Said(400), Said(400), Said(200, page)]
        fetched = get(feed.address, tmp_path, since=AT)
        assert (names(fetched), fetched.partial) == (all_names(3), False)
        assert [asked.partition("?")[2] for asked in feed.asked[1:4]] == [
            "modified_after=2026-11-18T10%3A30%3A00Z&page=1&per_page=100",
            "modified_after=2026-11-18T10%3A30%3A00Z&page=1",
            "page=1",
        ]


def test_requests_are_spaced_out(tmp_path: Path) -> None:
    clock = Clock()
    with feed_server(services(9)) as feed:
        get(feed.address, tmp_path, clock=clock, limits={"gap_seconds": 1})
    assert clock.now >= 9


def test_nothing_inside_a_network_is_fetched_unless_that_is_allowed(tmp_path: Path) -> None:
    with feed_server(services(1)) as feed:
        assert "LINKWORK_PRIVATE_FEEDS" in refusal(feed, tmp_path, allow_private=False)
        assert feed.asked == []


def test_a_file_is_fetched_and_only_once_while_it_stays_the_same(tmp_path: Path) -> None:
    whole = json.dumps({"services": services(2)}).encode()
    marked = {**JSON, "ETag": '"7"', "Last-Modified": "Wed, 18 Nov 2026 10:00:00 GMT"}
    with feed_server() as feed:
        feed.says["/gm.json"] = [Said(200, whole, marked), Said(304)]
        address = feed.address.replace("/api/services", "/gm.json")
        first = get(address, tmp_path)
        again = get(address, tmp_path, etag=first.etag, modified=first.last_modified)
        assert feed.headers[1]["If-None-Match"] == '"7"'
    assert (first.kind, first.name, names(first)) == (Kind.JSON, "gm.json", all_names(2))
    assert (again.kind, again.path) == (Kind.UNCHANGED, None)


def test_a_table_is_told_from_a_directory(tmp_path: Path) -> None:
    with feed_server() as feed:
        feed.says["/clubs.csv"] = [Said(200, b"Name,Postcode\nChess,M1 1AA\n")]
        fetched = get(feed.address.replace("/api/services", "/clubs.csv"), tmp_path)
    assert (fetched.kind, fetched.name) == (Kind.TABLE, "clubs.csv")
    assert fetched.path
    assert fetched.path.suffix == ".csv"
