"""A directory is fetched from the public internet, and from nowhere else."""

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import feed_address
from linkwork.exchange.feed_address import connected, may_use, read

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("https://feed.example", "https://feed.example/"),
        ("  HTTPS://Feed.Example:443/a b", None),
        ("https://feed.example/services?x=1&y=%20#part", "https://feed.example/services?x=1&y=%20"),
        ("http://feed.example:8080/é", "http://feed.example:8080/%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
    ],
)
def test_an_address_is_written_one_way(words: str, whole: str | None) -> None:
    if whole is None:
        with pytest.raises(FileRefused):
            read(words)
    else:
        assert read(words).whole == whole


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "not an address"),
        ("feed.example/services", "not an address"),
        ("ftp://feed.example/", "not an address"),
        ("file:///etc/passwd", "not an address"),
        ("gopher://feed.example:70/_x", "not an address"),
        ("https:///services", "not an address"),
        ("https://feed.example:0/", "not an address"),
        ("https://feed.example:99999/", "not an address"),
        ("https://feed.example\\@inside.example/", "not an address"),
        ("https://feed.example/\r\nHost: inside", "not an address"),
        ("https://[::1", "not an address"),
        ("https://user:secret@feed.example/", "user name or a password"),
        ("https://user@feed.example/", "user name or a password"),
        ("https://feed.example/" + "x" * 2000, "longer than"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(words: str, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        read(words)


def test_a_query_is_kept_and_asked_again() -> None:
    address = read("https://feed.example/services/?key=1&page=7")
    assert address.asking(page=2, per_page=None).target == "/services/?key=1&page=2"
    assert address.below("a/../b").path == "/services/a%2F..%2Fb"
    assert address.elsewhere("../other?x").whole == "https://feed.example/other?x"
    with pytest.raises(FileRefused, match="without HTTPS"):
        address.elsewhere("http://feed.example/")


PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
PRIVATE = ["127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "::1", "fd00::1"]
PRIVATE += ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"]
NEVER = ["169.254.169.254", "fe80::1", "fe80::1%eth0", "224.0.0.1", "ff02::1", "0.0.0.0", "::"]
NEVER += ["255.255.255.255", "240.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe"]
NEVER += ["2002:a9fe:a9fe::1", "100.64.0.1", "nonsense", ""]
CLOUDS = ["192.0.0.192", "168.63.129.16", "100.100.100.200", "169.254.170.2", "fd00:ec2::254"]
CLOUDS += ["fd00:ec2::23", "fd20:ce::254", "fd00:c1::a9fe:a9fe", "::ffff:168.63.129.16"]
CLOUDS += ["2002:c000:c0::1", "64:ff9b::a83f:8110"]
STAND_INS = ["64:ff9b:1::a00:1", "::ffff:0:a00:1", "::ffff:0:7f00:1", "5f00::1", "192.88.99.1"]
STAND_INS += ["2001::1", "100::1", "100:0:0:1::1", "3fff::1", "fec0::1"]


@pytest.mark.parametrize(
    ("numbers", "usual", "allowed"),
    [
        (PUBLIC, True, True),
        (PRIVATE, False, True),
        (NEVER, False, False),
        (CLOUDS, False, False),
        (STAND_INS, False, False),
    ],
)
def test_only_public_numbers_are_used_and_private_ones_where_that_is_allowed(
    numbers: list[str], usual: bool, allowed: bool
) -> None:
    assert {n: may_use(n) for n in numbers} == dict.fromkeys(numbers, usual)
    assert {n: may_use(n, allow_private=True) for n in numbers} == dict.fromkeys(numbers, allowed)


@pytest.mark.parametrize("number", ["fec0::1", "192.0.2.1", "198.18.0.1", "2001:db8::1", "fc00::"])
def test_numbers_of_nobody_on_the_internet_are_not_used(number: str) -> None:
    assert not may_use(number)


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost"])
def test_other_ways_to_write_this_machine_lead_nowhere(host: str) -> None:
    with pytest.raises(FileRefused, match="inside a network"):
        connected(host, 80, seconds=1, allow_private=False)


def test_the_connection_goes_to_the_number_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that stands for another number the second time it is asked gets nowhere."""
    answers = [["10.0.0.1", "8.8.8.8"], ["10.0.0.1"]]
    went: list[Any] = []

    def lookup(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", (number, 80)) for number in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", lambda to, _seconds: went.append(to))
    connected("feed.example", 80, seconds=1, allow_private=False)
    assert (went, len(answers)) == ([("8.8.8.8", 80)], 1)
    with pytest.raises(FileRefused):
        connected("feed.example", 80, seconds=1, allow_private=False)


@given(
    words=st.text(max_size=30) | st.text("htps:/@[]%.\\?#x1é ", max_size=40).map("http://".__add__)
)
def test_any_words_are_an_address_or_refused(words: str) -> None:
    try:
        address = read(words)
    except FileRefused:
        return
    assert feed_address.read(address.whole) == address
    assert address.target.isascii()
    assert " " not in address.whole
