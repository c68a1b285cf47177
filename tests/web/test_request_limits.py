"""How often one sender may ask: over all processes, in memory that does not grow."""

import os

import pytest

from linkwork.web import request_limits
from linkwork.web.request_limits import RequestLimit, network_of


def asked(limit: RequestLimit, address: str, times: int, at: float = 1_000_000.0) -> list[int]:
    return [limit.wait_seconds(address, at=at) for _ in range(times)]


def test_as_many_as_allowed_in_a_row_and_then_one_at_a_time() -> None:
    limit = RequestLimit(60)
    assert asked(limit, "192.0.2.1", 61) == [0] * 60 + [1]
    assert asked(limit, "192.0.2.1", 2, at=1_000_001.0) == [0, 1]
    assert asked(limit, "192.0.2.1", 61, at=1_000_100.0) == [0] * 60 + [1]


def test_a_refused_request_costs_nothing() -> None:
    limit = RequestLimit(2)
    assert asked(limit, "192.0.2.1", 50)[2:] == [30] * 48
    assert asked(limit, "192.0.2.1", 1, at=1_000_030.0) == [0]


def test_one_sender_does_not_use_up_what_others_have() -> None:
    limit = RequestLimit(1)
    refused = [n for n in range(2_000) if limit.wait_seconds(f"10.0.{n // 250}.{n % 250}", at=5e5)]
    assert len(refused) <= 20  # two places shared with others, of 32,768 each


def test_every_process_counts_into_the_same_table() -> None:
    limit = RequestLimit(4)
    child = os.fork()
    if child == 0:
        asked(limit, "192.0.2.1", 3)
        os._exit(0)
    os.waitpid(child, 0)
    assert asked(limit, "192.0.2.1", 2) == [0, 15]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("not an address", "not an address"),
        ("", ""),
    ],
)
def test_a_household_is_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_table_is_as_large_as_it_ever_gets() -> None:
    limit = RequestLimit(1)
    size = request_limits.ROWS * request_limits.PLACES * request_limits.CELL.size
    asked(limit, "192.0.2.1", 10)
    assert len(limit._table) == size == 524_288
