"""People with judged activities, read from a folder as the engine would be handed them.

The folder holds ``activities.jsonl``, and for each set ``queries_NAME.jsonl`` (notes, forms and
confirmed words) and ``qrels_NAME.jsonl`` (grades from 0 to 3, and hard limits that are broken).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from linkwork.matching import Lexicon, Limits, Offer, Session, describe, read_sessions
from linkwork.matching.for_whom import for_whom

Row = dict[str, Any]
ON = date(2026, 11, 10)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GROUPS = {
    "southasian": "south_asian",
    "africancaribbean": "african_caribbean",
    "parent": "under_fives",
    "carer": "carers",
    "lung": "lungs",
    "cardiac": "heart",
    "sight": "sight_loss",
    "hearing": "hearing_loss",
    "ms": "multiple_sclerosis",
    "ld": "learning_disability",
    "nhsstaff": "staff_wellbeing",
    "prison": "prison_leavers",
    "migrant": "immigration",
    "veteran": "veterans",
}
"""The bench's short words for groups, where they differ from the concept's."""
RULES = {"age": ("min_age", "max_age"), "gender": ("gender",), "group": ("groups",)}
FIELDS = {
    "distance": ("lat", "delivery"),
    "housebound": ("delivery",),
    "cost": ("cost",),
    "time": ("schedule",),
    "language": ("languages",),
    "access": ("accessibility",),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the bench with what was judged for them."""

    row: Row
    grades: Mapping[str, int]
    violations: Mapping[str, Sequence[str]]


def rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a file with one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def people(folder: Path, name: str) -> list[Person]:
    """Return the people of one set with their judgements."""
    judged = {row["id"]: row for row in rows(folder / f"qrels_{name}.jsonl")}
    return [
        Person(row, judged[row["id"]]["grades"], judged[row["id"]].get("violations", {}))
        for row in rows(folder / f"queries_{name}.jsonl")
    ]


def offer_of(row: Row, lexicon: Lexicon) -> Offer:
    """Return the activity as the import would hand it to the engine."""
    rules = row["eligibility"] or {}
    known, terms = row["accessibility"], row["taxonomy"] or ()
    name, description = row["name"], row["description"] or ""
    said = for_whom(
        name=name,
        description=description,
        eligibility=row["eligibility_text"] or "",
        taxonomy=terms,
        lexicon=lexicon,
    )
    gender = rules.get("gender")
    return Offer(
        id=row["id"],
        name=name,
        provider=row["organisation"],
        concepts=describe(name=name, description=description, taxonomy=terms, lexicon=lexicon),
        places=((row["lat"], row["lon"]),) if row["lat"] is not None else (),
        channels=frozenset(row["delivery"] or ()),
        sessions=tuple(session_of(one) for one in row["schedule"] or ())
        or read_sessions(row["schedule_text"] or ""),
        sessions_text=row["schedule_text"] or "",
        cost=None if row["cost"] is None else Decimal(str(row["cost"])),
        cost_text=row["cost_text"] or "",
        minimum_age=first_known(rules.get("min_age"), said.minimum_age),
        maximum_age=first_known(rules.get("max_age"), said.maximum_age),
        gender=gender if gender in ("women", "men") else said.gender,
        groups=frozenset(groups_of(rules.get("groups") or ())) or said.groups,
        languages=frozenset(row["languages"] or ()),
        access=None if known is None else frozenset(known),
    )


def first_known(stated: int | None, read: int | None) -> int | None:
    """Return the structured value, or what the free text says where it is blank."""
    return read if stated is None else stated


def groups_of(words: Iterable[str]) -> Iterator[str]:
    """Yield the concepts of the bench's group words."""
    return (GROUPS.get(word, word) for word in words)


def session_of(row: Row) -> Session:
    """Return one weekly time of the bench."""
    return Session(DAYS.index(row["day"]), hour(row["start"]), hour(row["end"]))


def hour(written: str | None) -> time | None:
    """Return "09:30" as a time, 24:00 as the last minute of the day."""
    if not written:
        return None
    return time(23, 59) if written.startswith("24") else time.fromisoformat(written)


def limits_of(person: Row) -> Limits:
    """Return the person's hard limits as a worker would have filled them in."""
    begins, ends = person["time"]
    whole_day = begins <= 0 and ends >= 24
    return Limits(
        origin=(person["lat"], person["lon"]),
        max_km=person["max_km"],
        days=frozenset(DAYS.index(day) for day in person["days"]),
        from_time=None if whole_day else time(int(begins), round(begins % 1 * 60)),
        to_time=None if whole_day or ends >= 24 else time(int(ends), round(ends % 1 * 60)),
        age=person["age"],
        gender=person["gender"],
        max_cost=None if person["max_cost"] is None else Decimal(str(person["max_cost"])),
        access=frozenset(person["access"]),
        languages=frozenset(person["languages"]),
        groups=frozenset(groups_of(person["groups"])),
        housebound=person["housebound"],
        online=person["online"],
    )


def is_stated(row: Row, limit: str) -> bool:
    """Say whether the fields of an activity state what a limit needs; free text is not a field."""
    if limit in RULES:
        rules = row["eligibility"] or {}
        return any(rules.get(name) not in (None, "", "any", []) for name in RULES[limit])
    # What this bench does not know of is taken to be stated: the harder reading.
    return all(row.get(name) not in (None, "", []) for name in FIELDS.get(limit, ()))
