"""Whatever a feed does wrong, it is refused in a sentence that says what, within its limits."""

import gzip
import json
import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import feed_pages
from linkwork.exchange.feed_line import Limits
from tests.exchange.feed_server import Said, feed_server
from tests.exchange.fetching import HTML, JSON, get, refusal, services

pytestmark = pytest.mark.one_engine
NAMES = [*feed_pages.FRAME, "contents", "id", "name", "services"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=9,
)


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


@pytest.mark.parametrize("headers", [{}, {"Connection": "close"}])
def test_a_server_that_speaks_a_letter_at_a_time_is_cut_off(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    with feed_server() as feed:
        feed.says["/api/services"] = [Said(200, b"[" * 500, headers, slowly=True)]
        said = refusal(feed, tmp_path, limits={"request_seconds": 0.1, "tries": 2})
        assert "did not answer in time" in said
        assert len(feed.asked) == 2
        assert feed.dripped < 500


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
