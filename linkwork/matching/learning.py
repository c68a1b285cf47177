"""What became of earlier people with the same needs, as a factor near 1 for each service.

A service is lifted where clearly more of those it was offered to went than usual for that need,
and lowered where clearly fewer did. Being offered often is no merit: what counts is the share of
those it was offered to, as low as the numbers allow (the bound of Wilson’s interval, 1927, J. Am.
Stat. Assoc. 22), and no service gains or loses more than ``CAP``. One that was rarely offered
stands a little better than one that is offered all the time (``EXPLORED`` at most), so that new
and small groups get their chance. Nothing here is left to chance: same input, same factors.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

LEAST_CASES = 20
"""People with a need whose case is closed, at least, before anything is learnt from them."""
LEAST_OFFERED = 8
"""People a service was offered to, at least, before its own record counts."""
CAP = 0.15
EXPLORED = 0.03
HALF_EXPLORED = 10
"""Times offered after which half of ``EXPLORED`` is gone."""
SURE, FAIRLY_SURE = 1.96, 1.2816
"""Standard deviations: an interval of 95 %, and a bound that holds nine times in ten."""


@dataclass(frozen=True, slots=True)
class Told:
    """That a service was offered in a case which has ended, and whether the person went."""

    person: int
    service: str
    concepts: tuple[str, ...]
    went: bool


@dataclass(frozen=True, slots=True)
class Record:
    """How many people a service was offered to, and how many of them went."""

    offered: int
    went: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Records by concept and service, and how many people each concept is known from."""

    records: Mapping[str, Mapping[str, Record]]
    cases: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lift:
    """A factor for one service, and the record that it comes from; ``acts`` from -1 to 1."""

    factor: float
    acts: float
    concept: str
    record: Record

    def words(self, label: str) -> str:
        """Say in words what is known; ``label`` is the name of the concept."""
        went, offered = self.record.went or "none", self.record.offered
        return f"{went} of {offered} people here with {label} who were offered this went"


def wilson(part: int, whole: int, z: float = SURE) -> tuple[float, float]:
    """Return Wilson’s interval for the share ``part`` of ``whole``; of nothing it is 0 to 1.

    ``z`` is how many standard deviations wide it is to each side.
    """
    if whole <= 0:
        return (0.0, 1.0)
    share, square = part / whole, z * z
    middle = share + square / (2 * whole)
    spread = z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    below = 1 + square / whole
    low, high = (middle - spread) / below, (middle + spread) / below
    # Rounding must not leave the share itself outside.
    return (max(0.0, min(low, share)), min(1.0, max(high, share)))


def remember(told: Iterable[Told]) -> Memory:
    """Count what was told. Each person counts once for a service, and as gone if they ever went."""
    concepts: dict[tuple[int, str], set[str]] = defaultdict(set)
    went: dict[tuple[int, str], bool] = defaultdict(bool)
    for one in told:
        concepts[one.person, one.service].update(one.concepts)
        went[one.person, one.service] |= one.went
    offered: dict[str, Counter[str]] = defaultdict(Counter)
    gone: dict[str, Counter[str]] = defaultdict(Counter)
    cases: dict[str, set[int]] = defaultdict(set)
    for (person, service), about in concepts.items():
        for concept in about:
            cases[concept].add(person)
            offered[concept][service] += 1
            gone[concept][service] += went[person, service]
    records = {
        concept: {service: Record(n, gone[concept][service]) for service, n in services.items()}
        for concept, services in offered.items()
    }
    return Memory(records, {concept: len(known) for concept, known in cases.items()})


def lifts(memory: Memory, wanted: Iterable[str]) -> dict[str, Lift]:
    """Return a lift for each service of which something is known for what is wanted, by offer id.

    A concept with fewer than ``LEAST_CASES`` closed cases says nothing. Where several speak of a
    service, the one it was offered for most often does.
    """
    found: dict[str, Lift] = {}
    for concept in sorted(set(wanted)):
        if memory.cases.get(concept, 0) >= LEAST_CASES:
            records = memory.records[concept]
            usual = _usual(records.values())
            for service, record in records.items():
                known = found.get(service)
                if known is None or record.offered > known.record.offered:
                    found[service] = _lift(concept, record, usual)
    return found


def _usual(records: Iterable[Record]) -> float:
    known = list(records)
    return sum(record.went for record in known) / sum(record.offered for record in known)


def _lift(concept: str, record: Record, usual: float) -> Lift:
    acts = _strength(record, usual)
    known = record.offered / (record.offered + HALF_EXPLORED)
    return Lift((1 + CAP * acts) * (1 - EXPLORED * known), acts, concept, record)


def _strength(record: Record, usual: float) -> float:
    """From -1 to 1: how far the surest bound is from the usual share; 0 where that lies within."""
    if record.offered < LEAST_OFFERED:
        return 0.0
    low, high = wilson(record.went, record.offered, FAIRLY_SURE)
    if low > usual:
        return (low - usual) / (1 - usual)
    return (high - usual) / usual if high < usual else 0.0
