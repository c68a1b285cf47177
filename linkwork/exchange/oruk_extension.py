"""What Linkwork knows of an activity beyond Open Referral UK, in our own files only.

Other feeds' extensions are not believed: whether an activity was checked is ours to say.
"""

from datetime import date, datetime, timedelta
from typing import Any

from linkwork.exchange.oruk_values import LINE, Values
from linkwork.models import CapacityStatus, Need, ServiceKind

CHANNELS = ("in_person", "home", "phone", "online", "text")
GENDERS = ("women", "men")
PLAIN = ("referral_route", "co_produced_by", "delivered_by", "phone")
FURTHEST_DAYS = 3660


def columns(extension: Values, *, today: date, at: datetime) -> dict[str, Any]:
    """The columns an extension sets; days are counted from ``today``, moments from ``at``."""
    given = extension.values
    found: dict[str, Any] = {
        "kind": _one_of(extension, "kind", list(ServiceKind)),
        "capacity_status": _one_of(extension, "capacity_status", list(CapacityStatus)),
        "gender": _one_of(extension, "gender", GENDERS),
        "needs": _some_of(extension, "needs", list(Need)),
        "channels": _some_of(extension, "channels", CHANNELS),
        "audience": _words(given.get("audience")),
        "places": _days(extension, "places", least=0),
        "opens_on": _day(extension, "opens_in_days", today),
        "ends_on": _day(extension, "ends_in_days", today),
        **{name: extension.text(name, LINE) for name in PLAIN},
    }
    if isinstance(given.get("listed"), bool):
        found["listed"] = given["listed"]
    checked = _days(extension, "verified_days_ago", least=0)
    if checked is not None:
        found["verified_at"] = at - timedelta(days=checked)
        if found["capacity_status"] is not None:
            found["capacity_confirmed_at"] = found["verified_at"]
    return {name: value for name, value in found.items() if value is not None}


def _one_of(extension: Values, name: str, known: Any) -> Any:
    words = extension.text(name, LINE)
    found = next((one for one in known if one == words), None)
    if words is not None and found is None:
        extension.warn(name, f"“{words[:40]}” is not one of {', '.join(known)}.")
    return found


def _some_of(extension: Values, name: str, known: Any) -> list[str] | None:
    words = _words(extension.values.get(name))
    if words is None:
        return None
    for word in words:
        if word not in list(known):
            extension.warn(name, f"“{word[:40]}” is not one of {', '.join(known)}.")
    return [word for word in words if word in list(known)]


def _words(given: Any) -> list[str] | None:
    return [str(word) for word in given if word] if isinstance(given, list) else None


def _days(extension: Values, name: str, least: int = -FURTHEST_DAYS) -> int | None:
    number = extension.number(name)
    if number is None or least <= number <= FURTHEST_DAYS:
        return None if number is None else int(number)
    extension.warn(name, f"{number} is out of range.")
    return None


def _day(extension: Values, name: str, today: date) -> date | None:
    days = _days(extension, name)
    return None if days is None else today + timedelta(days=days)
