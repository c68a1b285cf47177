"""What a request of the public API may ask for: one table that reads, refuses and describes.

The names and what they mean are those of Open Referral UK 3.0; ``full`` and ``modified_after`` are
of HSDS. Anything else in an address is passed over. A value that cannot be used is refused, with
the name of its parameter and what it may be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from linkwork import geography
from linkwork.casework.public_services import Asked
from linkwork.exchange.oruk_values import uuid_of
from linkwork.matching.wording import DAYS as DAY_NAMES

MOST_PAGES = 1_000_000
MOST_PER_PAGE = 500
MOST_FULL = 100
USUAL_PER_PAGE = 100
OLDEST_AGE = 150
FURTHEST_METRES = 500_000
LONGEST_SEARCH = 200
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = {
    **{code: code for code in CODES},
    **{name.upper(): code for name, code in zip(DAY_NAMES, CODES, strict=True)},
}


class Unusable(ValueError):
    """A value that cannot be used: what it may be instead."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: how it is read, what it means, and its JSON Schema."""

    read: Callable[[str], Any]
    description: str
    schema: Mapping[str, Any]
    example: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """A parameter whose value was refused, and why."""

    parameter: str
    reason: str


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= most:
            raise Unusable(f"must be a whole number from 1 to {most}.")
        return int(text)

    return read


def _number(most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not 0 <= number <= most:
            raise Unusable(f"must be a number from 0 to {most:g}.")
        return number

    return read


def _search(text: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise Unusable(f"must have at most {LONGEST_SEARCH} characters.")
    return text


def _uuid(text: str) -> str:
    key = uuid_of(text)
    if key is None:
        raise Unusable("must be a UUID.")
    return key


def _day(text: str) -> str:
    if text.upper() not in DAYS:
        raise Unusable("must be a day such as MO or Monday.")
    return DAYS[text.upper()]


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise Unusable("must be a time such as 09:30.") from None


def _moment(text: str) -> datetime:
    # A plus sign that was not written as %2B arrives as a space.
    try:
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unusable("must be a date or a moment such as 2026-11-18T10:30:00Z.") from None


def _postcode(text: str) -> geography.Place:
    place = geography.place_of(text)
    if place is None:
        raise Unusable("is not a postcode, or half of one, that is known here.")
    return place


def _yes(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise Unusable("must be true or false.")
    return text.lower() == "true"


def _integer(most: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


AGE = {"type": "number", "minimum": 0, "maximum": OLDEST_AGE}
KEY = {"type": "string", "format": "uuid"}
PARAMETERS: dict[str, Parameter] = {
    "page": Parameter(_whole(MOST_PAGES), "Which page, from 1.", _integer(MOST_PAGES, 1), 2),
    "per_page": Parameter(
        _whole(MOST_PER_PAGE),
        f"How many on a page; at most {MOST_FULL} full records.",
        _integer(MOST_PER_PAGE, USUAL_PER_PAGE),
        USUAL_PER_PAGE,
    ),
    "search": Parameter(
        _search,
        "Words to look for in names, descriptions, places and terms. All must be there.",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "gardening",
    ),
    "taxonomy_term_id": Parameter(
        _uuid,
        "Services filed under this term.",
        KEY,
        "2f0c6a5e-9d0b-4c57-8f43-6a1f8d0f7c11",
    ),
    "taxonomy_id": Parameter(
        _uuid,
        "Services filed under any term of this taxonomy.",
        KEY,
        "b1d7a3c4-55e8-4f0a-9c2e-3d8e7b6a9f20",
    ),
    "minimum_age": Parameter(
        _number(OLDEST_AGE), "Services whose youngest age is this or more.", AGE, 18
    ),
    "maximum_age": Parameter(
        _number(OLDEST_AGE), "Services whose oldest age is this or less.", AGE, 65
    ),
    "day": Parameter(
        _day,
        "Services that meet on this day of the week, as a code or in full.",
        {"type": "string"},
        "TU",
    ),
    "start_time": Parameter(
        _time,
        "Services that begin at this time or later, on the day asked for if there is one.",
        {"type": "string"},
        "09:30",
    ),
    "end_time": Parameter(
        _time,
        "Services that end at this time or earlier, on the day asked for if there is one.",
        {"type": "string"},
        "17:00",
    ),
    "postcode": Parameter(
        _postcode,
        "Services at a known place, nearest to this postcode first. The first half is enough.",
        {"type": "string"},
        "M16",
    ),
    "proximity": Parameter(
        _number(FURTHEST_METRES),
        "With a postcode: only places within so many metres of it.",
        {"type": "number", "minimum": 0, "maximum": FURTHEST_METRES},
        5000,
    ),
    "modified_after": Parameter(
        _moment,
        "Services that changed at this moment or later.",
        {"type": "string", "format": "date-time"},
        "2026-11-18T10:30:00Z",
    ),
    "full": Parameter(
        _yes,
        "Full records instead of summaries.",
        {"type": "boolean", "default": False},
        True,
    ),
}
PAGING = ("page", "per_page")
FILTERS = tuple(name for name in PARAMETERS if name not in {*PAGING, "full"})
OF_SERVICES = (*PAGING, *FILTERS, "full")
OF_TERMS = (*PAGING, "taxonomy_id")


def read(given: Mapping[str, str], names: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
    """The values of these parameters that were given, and what is wrong with the others."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in names:
        text = given.get(name, "").strip()
        if not text:
            continue
        try:
            values[name] = PARAMETERS[name].read(text)
        except Unusable as wrong:
            faults.append(Fault(name, str(wrong)))
    return values, [*faults, *_together(values)]


def asked(values: Mapping[str, Any]) -> Asked:
    """What these values ask of the directory."""
    names = {"postcode": "near", "proximity": "metres"}
    return Asked(**{names.get(name, name): v for name, v in values.items() if name != "full"})


def _together(values: dict[str, Any]) -> list[Fault]:
    """What does not fit together; a full record is many times a summary, so a page has fewer."""
    faults = []
    if "proximity" in values and "postcode" not in values:
        faults.append(Fault("proximity", "needs a postcode to be near to."))
    if values.get("full") and values.get("per_page", USUAL_PER_PAGE) > MOST_FULL:
        faults.append(Fault("per_page", f"must be at most {MOST_FULL} with full records."))
    return faults
