"""Services as a feed gives them, and files made of them, without a directory to bring them into."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
FEED = uuid5(NAMESPACE_DNS, "feed.example")


def key(number: int = 1) -> str:
    """The identifier of a service of the feed."""
    return str(uuid5(FEED, f"service {number}"))


def service(number: int = 1, **facts: Any) -> dict[str, Any]:
    """One full service; ``facts`` replace what it says."""
    usual = {
        "id": key(number),
        "name": f"Allotment {number}",
        "status": "active",
        "description": "Gardening for beginners.",
        "organization": {"id": str(uuid5(FEED, "green")), "name": "Green Fingers"},
        "service_at_locations": [
            {
                "id": str(uuid5(FEED, f"at {number}")),
                "location": {
                    "id": str(uuid5(FEED, "mill lane")),
                    "location_type": "physical",
                    "name": "Mill Lane",
                    "latitude": 53.46,
                    "longitude": -2.21,
                    "addresses": [{"address_1": "1 Mill Lane", "postal_code": "ZZ2 3FY"}],
                    "accessibility": [{"description": "Step-free"}],
                },
            }
        ],
        "schedules": [
            {"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:30:00"}
        ],
        "cost_options": [{"option": "A session", "amount": "2.50"}],
        "attributes": [{"taxonomy_term": {"name": "Nature"}}],
    }
    return {**usual, **facts}


def file_of(folder: Path, content: Any, name: str = "feed.json") -> Path:
    """A file that holds this: bytes as they are, anything else as JSON."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file
