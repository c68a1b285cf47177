"""A feed for the tests of what is done with what was fetched; the client has tests of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linkwork.errors import FileRefused
from linkwork.exchange import feed_client
from linkwork.exchange.feed_client import Fetched, Kind
from tests.exchange.feeds import service

ADDRESS = "https://feed.example/services"


class Feed:
    """What is at the address: services, or a refusal; and what was asked of it."""

    def __init__(self) -> None:
        self.services: list[dict[str, Any]] = [service(n) for n in range(1, 11)]
        self.refusal: str | None = None
        self.facts: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []
        self.meanwhile: Callable[[], None] | None = None

    def fetch(self, address: str, into: Path, **how: Any) -> Fetched:
        """Answer as the client would."""
        self.asked.append({"address": address, **how})
        if self.meanwhile:
            self.meanwhile()
        if self.refusal:
            raise FileRefused(self.refusal)
        path = into / "services.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in self.services))
        told = {"kind": Kind.FEED, "path": path, "name": "services.jsonl", **self.facts}
        return Fetched(**told)

    @classmethod
    def at_the_address(cls, monkeypatch: pytest.MonkeyPatch, folder: Path) -> "Feed":
        """Put it where the client would look."""
        made = cls()
        monkeypatch.setattr(feed_client, "fetch", made.fetch)
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        return made
