"""A look at what fits beside a note, the note saved, and what is ticked on its page."""

from typing import Any

from linkwork.models import SupportCase
from tests.pages import read

NOTE = "She would love to be gardening again."
SAVED = {"on": "2026-11-18", "at": "10:15", "mode": "phone", "minutes": "25", "once": "one"}


def look(client: Any, case: SupportCase, **typed: str | list[str]) -> dict[str, Any]:
    answer = client.post(f"/cases/{case.key}/matches/live", data=typed)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json
    return told


def save(client: Any, case: SupportCase, **typed: str | list[str]) -> Any:
    return client.post(f"/cases/{case.key}/contacts/new", data={**SAVED, "notes": NOTE, **typed})


def ticked(html: str) -> list[str | None]:
    names = ("needs", "yes", "no", "talk")
    fields = [f for f in read(html).fields if f.get("name") in names and "checked" in f]
    return [f.get("value") for f in fields]
