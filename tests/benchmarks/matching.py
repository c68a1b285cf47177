"""How well and how quickly the engine ranks, on a folder of people with judged activities.

    python -m tests.benchmarks.matching --data DIR --set NAME [--confirmed] [--json]

DIR holds ``activities.jsonl``, ``queries_NAME.jsonl`` and ``qrels_NAME.jsonl``. Notes go through
the product's own proposer, ``--confirmed`` words through the look-up a worker types into, and
full text through a table in memory, so that no application is needed.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import time as clock
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from math import log2
from pathlib import Path
from typing import Any

from linkwork.matching import (
    Lexicon,
    Limits,
    Offer,
    Session,
    audience,
    describe,
    find_concept,
    propose,
    rank,
    read_sessions,
)
from linkwork.matching.words import Text
from linkwork.paths import SEED_DATA

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
STOP = frozenset(
    "the and to of a in is was her his he she for on not at that it has had since but they would "
    "been from who by be as my i no up out have so this are or after when about with them him if "
    "an all can does doesn don s t".split()
)


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


def offer_of(row: Row, lexicon: Lexicon) -> Offer:
    """Return the activity as the import would hand it to the engine."""
    rules = row["eligibility"] or {}
    known = row["accessibility"]
    said = audience(row["eligibility_text"] or "", lexicon)
    gender = rules.get("gender")
    return Offer(
        id=row["id"],
        name=row["name"],
        provider=row["organisation"],
        concepts=describe(
            name=row["name"],
            description=row["description"],
            taxonomy=row["taxonomy"] or (),
            lexicon=lexicon,
        ),
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


class FullText:
    """The words of every activity in an in-memory FTS5 table."""

    def __init__(self, activities: Iterable[Row]) -> None:
        """Index name, taxonomy and description."""
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "create virtual table t using fts5(id unindexed, n, x, d, tokenize='porter unicode61')"
        )
        self._db.executemany(
            "insert into t values (?, ?, ?, ?)",
            (
                (row["id"], row["name"], " ".join(row["taxonomy"] or ()), row["description"])
                for row in activities
            ),
        )

    def scores(self, words: Iterable[str]) -> dict[str, float]:
        """Return a positive score for each activity that shares a word."""
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(words) if word not in STOP)
        if not asked:
            return {}
        found = self._db.execute(
            "select id, -bm25(t, 0, 3, 2, 1) from t where t match ? order by 2 desc limit 200",
            (asked,),
        )
        return dict(found.fetchall())


def confirmed_of(words: Iterable[str], lexicon: Lexicon) -> dict[str, int]:
    """Return the concepts that a worker gets for the words typed."""
    found = (find_concept(word, lexicon) for word in words)
    return {concepts[0].id: 2 for concepts in found if concepts}


def ranked(
    person: Row, offers: Sequence[Offer], text: FullText, lexicon: Lexicon, with_confirmed: bool
) -> list[str]:
    """Return the ids of the matches for one person, best first."""
    proposals = propose(person["text"], lexicon)
    confirmed = confirmed_of(person.get("confirmed", ()), lexicon) if with_confirmed else {}
    asked = [*Text.of(person["text"]).words, *(person.get("confirmed", ()) if confirmed else ())]
    ranking = rank(
        offers,
        confirmed=confirmed,
        cues={proposal.concept: proposal.strength for proposal in proposals},
        cue_words={proposal.concept: proposal.words for proposal in proposals},
        text_scores=text.scores(asked),
        limits=limits_of(person["person"]),
        lexicon=lexicon,
        on=ON,
    )
    # A card shows its near duplicates ("also in Dewsbury"), which are judged one by one.
    return [one.id for match in ranking.matches for one in (match.offer, *match.also)]


def ndcg(found: Sequence[str], grades: Mapping[str, int], at: int = 10) -> float:
    """Return normalised discounted gain at ``at``, gain 2^grade - 1, ideal from all grades."""
    gains = [2 ** grades.get(one, 0) - 1 for one in found[:at]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:at]
    best = sum(gain / log2(place + 2) for place, gain in enumerate(ideal))
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains)) / best if best else 0.0


def measures(found: Sequence[str], person: Person) -> dict[str, float]:
    """Return the figures of one person's list; relevant is a grade of at least 2."""
    relevant = {one for one, grade in person.grades.items() if grade >= 2}
    first = next((place for place, one in enumerate(found, 1) if one in relevant), 0)
    top = found[:5]
    return {
        "ndcg10": ndcg(found, person.grades),
        "recall10": len(set(found[:10]) & relevant) / len(relevant) if relevant else 0.0,
        "precision5": len(set(top) & relevant) / 5,
        "mrr": 1 / first if first else 0.0,
        "violations5": sum(1 for one in top if person.violations.get(one)) / max(len(top), 1),
    }


def people(folder: Path, name: str) -> list[Person]:
    """Return the people of one set with their judgements."""
    judged = {row["id"]: row for row in rows(folder / f"qrels_{name}.jsonl")}
    return [
        Person(row, judged[row["id"]]["grades"], judged[row["id"]].get("violations", {}))
        for row in rows(folder / f"queries_{name}.jsonl")
    ]


def benchmark(folder: Path, name: str, *, with_confirmed: bool) -> dict[str, float]:
    """Return the mean figures of a set, and the latency of one person's list in milliseconds."""
    lexicon = Lexicon.load(SEED_DATA / "concepts")
    activities = list(rows(folder / "activities.jsonl"))
    offers = [offer_of(row, lexicon) for row in activities]
    text = FullText(activities)
    figures: list[dict[str, float]] = []
    taken: list[float] = []
    for person in people(folder, name):
        started = clock.perf_counter()
        found = ranked(person.row, offers, text, lexicon, with_confirmed)
        taken.append((clock.perf_counter() - started) * 1000)
        figures.append(measures(found, person))
    means = {key: round(statistics.fmean(one[key] for one in figures), 4) for key in figures[0]}
    taken.sort()
    return means | {
        "latency_ms_p50": round(statistics.median(taken), 2),
        "latency_ms_p95": round(taken[min(len(taken) - 1, int(0.95 * len(taken)))], 2),
    }


def main() -> None:
    """Read the command line, run one set, print its figures."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.matching", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the bench")
    parser.add_argument("--set", dest="name", required=True, help="dev, oblique, plain, ...")
    parser.add_argument("--confirmed", action="store_true", help="also use the confirmed needs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    figures = benchmark(asked.data, asked.name, with_confirmed=asked.confirmed)
    if asked.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{key:16} {value:8.3f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
