"""Fetching from a feed of the tests: with time that passes by itself, and on this machine."""

from pathlib import Path
from typing import Any

import pytest

from linkwork.errors import FileRefused
from linkwork.exchange import dialects, feed_client
from linkwork.exchange.feed_client import Fetched
from linkwork.exchange.feed_line import Limits
from tests.exchange.feed_files import AT, service
from tests.exchange.feed_server import Clock, Feed

HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}


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
