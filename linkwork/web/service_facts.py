"""What an entry of the directory says, field by field, in words: for history and comparisons."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from linkwork.casework import lexicon, service_facts, service_words
from linkwork.forms import services as choices_of
from linkwork.models import Location, Service
from linkwork.web.display import day, need_label

LABELS = {
    "name": "Name",
    "provider": "Who runs it",
    "description": "What happens there",
    "kind": "Kind",
    "needs": "What it helps with",
    "channels": "How people take part",
    "schedules": "Sessions",
    "places_at": "Places",
    "costs": "Costs",
    "fees": "Cost in words",
    "gender": "Women or men",
    "minimum_age": "Youngest age",
    "maximum_age": "Oldest age",
    "audience": "Made for",
    "eligibility": "Who it is for, in words",
    "languages": "Languages",
    "areas": "Only for people who live in",
    "referral_route": "How people get in",
    "capacity_status": "Is there room?",
    "places": "Free places",
    "phone": "Phone",
    "email": "Email address",
    "url": "Web address",
    "status": "Is it running?",
    "closed_until": "Opens again on",
    "alert": "Notice",
    "opens_on": "Opens on",
    "ends_on": "Ends on",
    "delivered_by": "Delivered by",
    "co_produced_by": "Made together with",
    "terms": "Filed under",
    "listed": "Listed",
    "verified_at": "Checked",
    "merged_into": "Merged",
}
CODES: dict[str, Mapping[Any, str]] = {
    "kind": choices_of.KINDS,
    "status": choices_of.STATUSES,
    "gender": choices_of.GENDERS,
    "referral_route": choices_of.ROUTES,
    "capacity_status": choices_of.CAPACITY,
    "channels": choices_of.CHANNELS,
}
DAYS = frozenset({"opens_on", "ends_on", "closed_until"})
NOTHING = "Nothing"


def label(name: str) -> str:
    """What a field is called."""
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def words(name: str, value: Any) -> str:
    """What a field says, from its plain value: a line for each session, place or cost."""
    if value in (None, "", [], {}):
        return "Everybody" if name == "gender" else NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name == "verified_at":
        return day(datetime.fromisoformat(value))
    if isinstance(value, dict):
        return str(value.get("name", NOTHING))
    if isinstance(value, list):
        return _listed(name, value)
    return _code(name, value)


def now(service: Service, names: list[str]) -> list[tuple[str, str]]:
    """What an entry says now of these fields: what each is called, and the words."""
    return [(label(name), words(name, service_facts.plain(service, name))) for name in names]


def _listed(name: str, rows: list[Any]) -> str:
    if name in ROWS:
        return "\n".join(ROWS[name](row) for row in rows)
    if isinstance(rows[0], dict):
        return ", ".join(str(row.get("name", "")) for row in rows)
    return ", ".join(_code(name, row) for row in rows)


def _code(name: str, value: Any) -> str:
    if name == "needs":
        return need_label(value)
    if name == "audience":
        return lexicon.groups().get(value) or str(value).replace("_", " ")
    return CODES.get(name, {}).get(value, str(value))


def _session(row: dict[str, Any]) -> str:
    return service_words.times(service_facts.row_of("schedules", row)) or NOTHING


def _place(row: dict[str, Any]) -> str:
    facts = {name: row.get(name) for name in ("name", "address", "city", "postcode")}
    said = service_words.address(Location(**facts))
    access = row.get("accessibility") or []
    return f"{said} ({', '.join(access)})" if access else said


def _cost(row: dict[str, Any]) -> str:
    return service_words.price(service_facts.row_of("costs", row)) or NOTHING


ROWS = {"schedules": _session, "places_at": _place, "costs": _cost}
