"""A feed is followed to its end, or refused in a sentence that says what it did."""

import gzip
import json
import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import dialects, feed_address, feed_client, feed_pages
from linkwork.exchange.feed_client import Fetched, Kind
from linkwork.exchange.feed_line import Answer, Limits
from linkwork.exchange.feed_requests import _asked_for
from tests.exchange.feed_files import AT, key, service
from tests.exchange.feed_server import Clock, Feed, Said, feed_server

pytestmark = pytest.mark.one_engine
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
NAMES = [*feed_pages.FRAME, "contents", "id", "name", "services"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=9,
)


def services(count: int) -> list[dict[str, Any]]:
    return [service(n) for n in range(1, count + 1)]


def get(address: str, into: Path, **how: Any) -> Fetched:
    clock = how.pop("clock", Clock())
    limits = Limits(**{"sleep": clock.sleep, "clock": clock, **how.pop("limits", {})})
    told = {"at": AT, "allow_private": True, "limits": limits, **how}
    return feed_client.fetch(address, into, **told)


def names(fetched: Fetched) -> list[str]:
    assert fetched.path is not None
    return [one["name"] for one in dialects.records(fetched.path) if isinstance(one, dict)]


def all_names(count: int) -> list[str]:
    return [f"Allotment {n}" for n in range(1, count + 1)]


def refusal(feed: Feed, into: Path, **how: Any) -> str:
    with pytest.raises(FileRefused) as refused:
        get(feed.address, into, **how)
    return str(refused.value)


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


def test_a_list_that_gives_whole_services_is_not_followed(tmp_path: Path) -> None:
    page = {"total_items": 2, "total_pages": 1, "page_number": 1, "contents": services(2)}
    with feed_server() as feed:
        feed.says["/api/services"] = [Said(200, json.dumps(page).encode(), JSON)]
        assert names(get(feed.address, tmp_path)) == all_names(2)
        assert len(feed.asked) == 2


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
        feed.says.clear()
        feed.asked.clear()
        get(feed.address, tmp_path, at=AT + timedelta(hours=13))
        assert f"/api/services/{key(12)}" in feed.asked


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


def test_a_feed_that_refuses_the_length_of_a_page_is_asked_without(tmp_path: Path) -> None:
    with feed_server(services(3)) as feed:
        page = json.dumps(feed._page({})).encode()
        feed.says["/api/services"] = [Said(200, page), Said(400), Said(200, page)]
        assert names(get(feed.address, tmp_path)) == all_names(3)


def test_pages_that_go_round_in_a_circle_are_noticed(tmp_path: Path) -> None:
    with feed_server(services(20), circles=True, per_page=5) as feed:
        assert "round in a circle" in refusal(feed, tmp_path)
        assert len(feed.asked) < 12


def test_pages_that_never_end_are_left(tmp_path: Path) -> None:
    with feed_server(services(60), per_page=1, promises=10**9) as feed:
        said = refusal(feed, tmp_path, limits={"pages": 20})
        assert "does not end" in said
        said = refusal(feed, tmp_path, limits={"services": 20})
        assert "does not end" in said


def test_a_feed_that_lists_far_fewer_than_it_says_is_refused(tmp_path: Path) -> None:
    with feed_server(services(5), promises=50) as feed:
        assert "says it has 50 services and lists 5" in refusal(feed, tmp_path)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Said(200, b"<html>Sign in", HTML), "web page"),
        (Said(200, b"<!doctype html><p>Sign in"), "web page"),
        (Said(404), "has nothing at that address"),
        (Said(401), "asks for a password"),
        (Said(403), "does not let us in"),
        (Said(418), "answered 418"),
        (Said(500), "fault of its own"),
        (Said(200, b""), "nothing at all"),
        (Said(200, b'{"contents": [', JSON), "breaks off"),
        (Said(200, b"%PDF-1.7"), "no directory and no table"),
        (Said(200, b"\x89PNG\r\n\x1a\n\0\0"), "no directory and no table"),
        (Said(200, b'{"people": []}', JSON), "no list of services"),
        (Said(200, b'{"a": 1}', JSON, cut=True), "broke off in the middle"),
        (Said(200, b"rubbish", {"Content-Encoding": "gzip"}), "cannot be unpacked"),
        (Said(200, b" " * 3_000_000), "more than 2 MB"),
        (Said(200, gzip.compress(b" " * 3_000_000), {"Content-Encoding": "gzip"}), "more than 2"),
        (Said(200, b"[" * 500 + b"]" * 500), "levels deep"),
        (Said(302, headers={"Location": "/api/services"}), "without end"),
        (Said(302, headers={"Location": "file:///etc/passwd"}), "not an address of the web"),
        (Said(302, headers={"Location": "http://u:p@127.0.0.1/"}), "user name or a password"),
        (Said(302, headers={"Location": "http://169.254.169.254/"}), "inside a network"),
    ],
)
def test_whatever_an_address_answers_it_is_said_in_a_sentence(
    tmp_path: Path, said: Said, sentence: str
) -> None:
    with feed_server() as feed:
        feed.says["/api/services"] = [said]
        assert sentence in refusal(feed, tmp_path, limits={"tries": 2, "file_bytes": 2_000_000})


def test_a_server_that_speaks_a_letter_at_a_time_is_cut_off(tmp_path: Path) -> None:
    with feed_server() as feed:
        feed.says["/api/services"] = [Said(200, b"[" * 500, slowly=True)]
        said = refusal(feed, tmp_path, limits={"request_seconds": 0.1, "tries": 2})
        assert "did not answer in time" in said
        assert len(feed.asked) == 2


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with feed_server() as feed:
        body = {"Transfer-Encoding": "chunked"}
        feed.says["/api/services"] = [Said(200, b"", body)]
        said = refusal(feed, tmp_path, limits={"connect_seconds": 0.1, "tries": 1})
        assert "did not answer in time" in said


def test_a_feed_that_takes_too_long_in_all_is_left(tmp_path: Path) -> None:
    with feed_server(services(50)) as feed:
        said = refusal(feed, tmp_path, limits={"gap_seconds": 10, "total_seconds": 120})
        assert "took longer than 2 minutes" in said
        assert len(feed.asked) <= 14


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


def test_a_name_that_is_misspelt_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def lookup(*_: Any, **__: Any) -> None:
        asked.append(1)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(FileRefused, match="spelling"):
        get("https://feed.example/services", tmp_path)
    assert asked == [1]


def test_nobody_there_is_said(tmp_path: Path) -> None:
    with feed_server() as feed:
        address = feed.address
    with pytest.raises(FileRefused, match="does not take connections"):
        get(address, tmp_path, limits={"tries": 1})


def test_https_is_believed_only_with_a_certificate_of_that_name(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not there to make a certificate")
    secret, certificate = tmp_path / "secret.pem", tmp_path / "certificate.pem"
    asked = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=feed -keyout {secret}"
    subprocess.run([openssl, *asked.split(), "-out", certificate], check=True, capture_output=True)
    with feed_server(services(1)) as feed:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, secret)
        feed.socket.socket = context.wrap_socket(feed.socket.socket, server_side=True)
        address = feed.address.replace("http://", "https://")
        with pytest.raises(FileRefused, match=r"certificate of 127\.0\.0\.1 is not valid"):
            get(address, tmp_path)
        assert feed.asked == []


def test_a_server_that_stalls_while_a_line_is_made_safe_is_cut_off(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        address = f"https://127.0.0.1:{ear.getsockname()[1]}/services"
        limits = {"tries": 1, "request_seconds": 0.1}
        with pytest.raises(FileRefused, match="did not answer in time"):
            get(address, tmp_path, limits=limits)


@given(body=st.binary(max_size=40) | anything.map(lambda value: json.dumps(value).encode()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_answer_is_a_page_or_refused(tmp_path: Path, body: bytes) -> None:
    words = body.decode("utf-8", "replace")
    with suppress(FileRefused):
        page = feed_pages.read(words)
        if page is not None:
            pages = feed_pages.all_of(page, lambda _number: page, Limits(pages=9))
            assert sum(len(one.records) for one in pages) < 40
