"""The public API: who may read what of the directory, by which filters, and what is refused."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from linkwork.casework import services
from linkwork.database import db
from tests.cast import Cast, sign_in
from tests.conftest import NOW, Clock
from tests.exchange.feeds import key, service
from tests.pages import Reader
from tests.statements import watching
from tests.web.feeds import HERBS, NATURE, ROOT, ask, entry, names, publish, term, told

LISTS = ("/services", "/service_at_locations", "/taxonomies", "/taxonomy_terms")


def test_the_directory_is_open_to_anybody_and_sets_no_cookie(
    client: Reader, tmp_path: Path
) -> None:
    publish(tmp_path)
    answer = ask(client, "/services")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers


def test_who_is_signed_in_reads_the_same_and_their_cookie_changes_nothing(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    publish(tmp_path, service(1), service(2))
    services.unlist(entry(2), by=cast.editor, at=NOW)
    db.session.commit()
    sign_in(client, cast.editor)
    answer = ask(client, "/services")
    assert answer.json["total_items"] == 1
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_list_is_short_and_a_record_is_full(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, service(1))
    (short,) = told(client, "/services")["contents"]
    full = told(client, f"/services/{key(1)}")
    assert not {"schedules", "service_at_locations"} & set(short)
    assert short.items() <= {**full, "organization": short["organization"]}.items()
    assert full["schedules"][0]["byday"] == "TU,TH"
    assert full["linkwork"]["kind"] == "activity"


def test_full_records_are_listed_where_they_are_asked_for(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path)
    listed = told(client, "/services?full=true")["contents"]
    assert listed == [told(client, f"/services/{key(number)}") for number in (1, 2)]


def test_what_is_not_listed_or_over_is_not_published(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    publish(tmp_path, service(1), service(2), service(3, status="temporarily closed"))
    services.unlist(entry(1), by=cast.editor, at=NOW)
    entry(2).ends_on = NOW.date().replace(day=1)
    db.session.commit()
    assert names(client, "/services") == ["Allotment 3"]
    assert len(told(client, "/service_at_locations")["contents"]) == 1
    for number, status in ((1, 404), (2, 404), (3, 200)):
        assert ask(client, f"/services/{key(number)}").status_code == status


def test_pages_say_where_they_stand(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, *(service(number) for number in range(1, 6)))
    facts = "total_items total_pages page_number size first_page last_page empty".split()
    expected = {
        1: [5, 3, 1, 2, True, False, False],
        3: [5, 3, 3, 1, False, True, False],
        4: [5, 3, 4, 0, False, False, True],
    }
    for number, wanted in expected.items():
        page = told(client, f"/services?page={number}&per_page=2")
        assert [page[fact] for fact in facts] == wanted
        assert len(page["contents"]) == page["size"]


def test_an_empty_directory_has_one_page_with_nothing_on_it(client: Reader) -> None:
    for path in LISTS:
        page = told(client, path)
        assert (page["total_pages"], page["empty"], page["contents"]) == (1, True, [])
        assert (page["first_page"], page["last_page"]) == (True, True)


def test_taxonomies_and_their_terms_are_listed(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, service(1, attributes=[term("Herbs", NATURE, HERBS)]))
    (taxonomy,) = told(client, "/taxonomies")["contents"]
    assert taxonomy == {"id": HERBS, "name": "Things to do", "description": "Things to do"}
    (herbs,) = told(client, "/taxonomy_terms")["contents"]
    assert herbs == told(client, f"/taxonomy_terms/{NATURE}")
    assert told(client, f"/taxonomies/{HERBS}") == {**taxonomy, "taxonomy_terms": [herbs]}
    assert told(client, f"/taxonomy_terms?taxonomy_id={NATURE}")["empty"]


def test_what_only_unlisted_activities_are_filed_under_is_not_told(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    publish(tmp_path, service(1, attributes=[term("Herbs", NATURE, HERBS)]))
    services.unlist(entry(1), by=cast.editor, at=NOW)
    db.session.commit()
    for path in ("/taxonomies", "/taxonomy_terms"):
        assert told(client, path)["empty"]
    for path in (f"/taxonomy_terms/{NATURE}", f"/taxonomies/{HERBS}"):
        assert ask(client, path).status_code == 404


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/services/1", 404),
        ("GET", f"/services/{NATURE}", 404),
        ("GET", "/services/%00", 404),
        ("GET", f"/taxonomies/{NATURE}", 404),
        ("GET", "/taxonomies/x", 404),
        ("GET", f"/taxonomy_terms/{NATURE}", 404),
        ("GET", f"/service_at_locations/{NATURE}", 404),
        ("POST", "/services", 405),
        ("DELETE", f"/services/{NATURE}", 405),
    ],
)
def test_a_refusal_is_told_to_a_program(
    client: Reader, method: str, path: str, status: int
) -> None:
    answer = client.open(ROOT + path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert json.loads(answer.text)["status"] == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.one_engine
def test_other_sites_are_told_beforehand_that_they_may_ask(client: Reader) -> None:
    answer = client.options(f"{ROOT}/services")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_what_did_not_change_is_not_sent_again(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path)
    for path in ("/services", f"/services/{key(1)}", "/openapi.json"):
        tag = ask(client, path).headers["ETag"]
        again = ask(client, path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    since = ask(client, f"/services/{key(1)}").headers["Last-Modified"]
    asked = {"If-Modified-Since": since}
    assert ask(client, f"/services/{key(1)}", headers=asked).status_code == 304
    tag = ask(client, "/services").headers["ETag"]
    entry(1).fees = "£2"
    db.session.commit()
    assert ask(client, "/services", headers={"If-None-Match": tag}).status_code == 200


def test_answers_are_packed_for_who_can_unpack_them(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, *(service(number) for number in range(1, 9)))
    plain = ask(client, "/services")
    small = ask(client, "/services", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["ETag"] == plain.headers["ETag"]
    assert int(small.headers["Content-Length"]) < len(plain.data) / 2
    for declined in ("identity", "gzip;q=0"):
        answer = ask(client, "/services", headers={"Accept-Encoding": declined})
        assert "Content-Encoding" not in answer.headers
    head = client.head(f"{ROOT}/services")
    assert (head.data, head.headers["ETag"]) == (b"", plain.headers["ETag"])


def test_a_page_costs_the_same_few_queries_however_long_it_is(
    client: Reader, tmp_path: Path
) -> None:
    publish(tmp_path, *(service(number) for number in range(1, 101)))
    for path, most in (("/services", 1), ("/services?full=true", 6), ("/service_at_locations", 2)):
        for size in (2, 100):
            with watching() as asked:
                page = told(client, f"{path}{'&' if '?' in path else '?'}per_page={size}")
            assert page["size"] == size
            assert len(asked) <= most, (path, [statement for statement, _ in asked])


@pytest.mark.one_engine
def test_who_asks_too_often_is_told_how_long_to_wait(
    make_app: Callable[..., Flask], clock: Clock
) -> None:
    client = make_app(PUBLIC_API_PER_MINUTE=3, TRUSTED_PROXIES=1).test_client()

    def status(address: str) -> int:
        return ask(client, "/", headers={"X-Forwarded-For": address}).status_code

    assert [status("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert status("192.0.2.2") == 200
    refused = ask(client, "/", headers={"X-Forwarded-For": "192.0.2.1"})
    assert (refused.headers["Retry-After"], refused.mimetype) == ("20", "application/problem+json")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    clock.advance(seconds=20)
    assert [status("192.0.2.1") for _ in range(2)] == [200, 429]


@pytest.mark.one_engine
def test_the_api_can_be_switched_off(make_app: Callable[..., Flask]) -> None:
    client = make_app(PUBLIC_API=False).test_client()
    for path in ("/", "/services", "/docs", "/openapi.json"):
        answer = ask(client, path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert "does not publish" in answer.text


@pytest.mark.one_engine
def test_the_api_says_what_it_is(client: Reader) -> None:
    found = told(client, "/")
    assert found["version"] == "HSDS-UK-3.0"
    assert found["openapi_url"] == "http://localhost/api/oruk/openapi.json"
    assert ask(client, "").status_code == 200
