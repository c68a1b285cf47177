"""A service in words: when, where, for whom, for how much, and how far what we know is recent.

What a directory leaves blank is said to be blank ("Cost not stated"), never guessed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

from linkwork import clock, geography
from linkwork.casework import schedule_words
from linkwork.geography import Place
from linkwork.matching import wording
from linkwork.models import CapacityStatus, CostOption, Location, Schedule, Service

FRESH_DAYS, STALE_DAYS = 90, 180
KM_PER_MILE = 1.609344
ROOM = {
    CapacityStatus.CAPACITY: "Has places",
    CapacityStatus.WAITLIST: "Waiting list",
    CapacityStatus.NO_CAPACITY: "Full",
    CapacityStatus.ASSESSMENT: "Places after an assessment",
}
GENDERS = {"women": "women only", "men": "men only"}


class Freshness(StrEnum):
    """How long ago somebody made sure of what an entry says."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Checked:
    """How fresh an entry is, in a word and in words."""

    freshness: Freshness
    words: str


def checked(service: Service, *, on: date) -> Checked:
    """How fresh the entry is: under 90 days fresh, over 180 stale."""
    if service.verified_at is None:
        return Checked(Freshness.NEVER, "Never checked")
    days = max((on - clock.london(service.verified_at).date()).days, 0)
    words = {0: "Checked today", 1: "Checked yesterday"}.get(days, f"Checked {days} days ago")
    if days < FRESH_DAYS:
        return Checked(Freshness.FRESH, words)
    return Checked(Freshness.STALE if days > STALE_DAYS else Freshness.AGEING, words)


def fresh_since(on: date) -> date:
    """The day after which a check is fresh."""
    return on - timedelta(days=FRESH_DAYS)


def stale_until(on: date) -> date:
    """The day before which a check is stale."""
    return on - timedelta(days=STALE_DAYS)


def when(service: Service) -> list[str]:
    """Each time the service meets: "Tuesdays, 10am to 12 noon"."""
    return schedule_words.when(service)


def times(schedule: Schedule) -> str:
    """One schedule in words: its days and hours, or the provider's own words where it has none."""
    return schedule_words.times(schedule)


def cost(service: Service) -> str:
    """What it costs: the price, the provider's words, or that neither is stated."""
    said = [sentence for option in service.costs if (sentence := price(option))]
    if service.fees and service.fees not in said:
        said.append(service.fees)
    return "; ".join(dict.fromkeys(said)) or "Cost not stated"


def price(option: CostOption) -> str:
    """One cost in words: its amount, the words for it, or both; empty where it says nothing."""
    if option.amount is None:
        return option.option or ""
    amount = _amount(option.amount, option.currency)
    words = (option.option or "").strip()
    if not words or words.lower() == amount.lower():
        return amount
    return f"{amount} ({words[0].lower()}{words[1:]})"


def _amount(amount: Decimal, currency: str | None) -> str:
    if not amount:
        return "Free"
    return wording.pounds(amount) if currency in (None, "GBP") else f"{amount} {currency}"


def for_whom(service: Service) -> str:
    """Ages and gender, or that it is for everybody as far as the entry says."""
    said = []
    if service.minimum_age is not None or service.maximum_age is not None:
        said.append(wording.ages(service.minimum_age, service.maximum_age))
    if service.gender in GENDERS:
        said.append(GENDERS[service.gender])
    said += [group.replace("_", " ") for group in service.audience]
    words = ", ".join(said)
    return words[:1].upper() + words[1:] if words else "Anybody, as far as we know"


def room(service: Service) -> str:
    """Whether there are places, and how many where that is known."""
    if service.capacity_status is None:
        return "Places not known"
    words = ROOM[service.capacity_status]
    if service.capacity_status is CapacityStatus.CAPACITY and service.places:
        return f"{words} ({service.places})"
    return words


def address(location: Location) -> str:
    """A place on one line, without a name that only repeats what follows."""
    parts = [location.name, location.address, location.city, location.postcode]
    kept: list[str] = []
    for part in (part for part in parts if part):
        if not any(part.lower() in before.lower() for before in kept):
            kept = [before for before in kept if before.lower() not in part.lower()]
            kept.append(part)
    return ", ".join(kept) or "Place not stated"


def town(service: Service, near: Place | None = None) -> str:
    """Where it is in a word or two, for a list: the place nearest to ``near``, else the first."""
    found = nearest(service, near) if near else None
    places = [link.location for link in service.places_at]
    for place in [found[0], *places] if found else places:
        words = [part for part in (place.city, place.postcode) if part] or [place.name or ""]
        if words[0]:
            return ", ".join(words)
    return "Place not stated"


def access(service: Service) -> str:
    """What is said of access at any of its places; empty where nothing is."""
    said = [words for link in service.places_at for words in link.location.accessibility]
    return ", ".join(dict.fromkeys(said))


def nearest(service: Service, near: Place) -> tuple[Location, float] | None:
    """The nearest place it is at, with the miles as the crow flies; None where none is known."""
    found = [
        (place, geography.distance_km(near, Place(place.latitude, place.longitude)) / KM_PER_MILE)
        for place in (link.location for link in service.places_at)
        if place.latitude is not None and place.longitude is not None
    ]
    return min(found, key=lambda pair: pair[1], default=None)


def distance(service: Service, near: Place, *, is_exact: bool) -> str:
    """How far it is, no more exactly than both ends are known; empty where no place is known.

    An outward code is some miles across, so a distance from or to the middle of one is "about".
    """
    found = nearest(service, near)
    if found is None:
        return ""
    place, miles = found
    if is_exact and not place.is_approximate:
        return "less than 0.1 miles" if miles < 0.1 else f"{miles:.1f} miles"
    whole = round(miles)
    if whole == 0:
        return "less than a mile"
    return f"about {whole} mile{'' if whole == 1 else 's'}"


def is_web_address(address: str) -> bool:
    """Whether this is an http or https address with a host: all that may become a link."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in address
    except ValueError:
        return False
