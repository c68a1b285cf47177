"""The figures of ranked lists, and how far they would move with other people of the same kind."""

import random
import statistics
from collections.abc import Mapping, Sequence
from math import log2

from tests.benchmarks.judged import Person, Row, is_stated

RESAMPLES, SEED = 2000, 20261110
ASKED_FOR = ("ndcg10", "recall10", "precision5", "mrr", "violations5")
Figures = dict[str, float]


def ndcg(found: Sequence[str], grades: Mapping[str, int], at: int = 10) -> float:
    """Return normalised discounted gain at ``at``, gain 2^grade - 1, ideal from all grades."""
    gains = [2 ** grades.get(one, 0) - 1 for one in found[:at]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:at]
    best = sum(gain / log2(place + 2) for place, gain in enumerate(ideal))
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains)) / best if best else 0.0


def measures(
    found: Sequence[str], person: Person, activities: Mapping[str, Row] | None = None
) -> Figures:
    """Return the figures of one person's list; relevant is a grade of at least 2.

    Violations are shares of the top five: all of them, those that a field of the activity states,
    and those of which every field concerned is blank.
    """
    relevant = {one for one, grade in person.grades.items() if grade >= 2}
    first = next((place for place, one in enumerate(found, 1) if one in relevant), 0)
    top = found[:5]
    broken = {one: person.violations[one] for one in top if person.violations.get(one)}
    known = activities or {}
    stated = [one for one, limits in broken.items() if _states_one(known.get(one), limits)]
    return {
        "ndcg10": ndcg(found, person.grades),
        "recall10": len(set(found[:10]) & relevant) / len(relevant) if relevant else 0.0,
        "precision5": len(set(top) & relevant) / 5,
        "mrr": 1 / first if first else 0.0,
        "violations5": len(broken) / max(len(top), 1),
        "violations5_stated": len(stated) / max(len(top), 1),
        "violations5_blank": (len(broken) - len(stated)) / max(len(top), 1),
    }


def _states_one(row: Row | None, limits: Sequence[str]) -> bool:
    return row is None or any(is_stated(row, limit) for limit in limits)


def means(each: Sequence[Figures]) -> Figures:
    """Return the mean of every figure over the people who have it; 0 for nobody."""
    names = dict.fromkeys(name for figures in each for name in figures)
    return {name: statistics.fmean(f[name] for f in each if name in f) for name in names}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return where 95 % of the means lie when the people are drawn again, by a fixed seed."""
    if not values:
        return 0.0, 0.0
    chance = random.Random(SEED)
    drawn = sorted(
        statistics.fmean(chance.choices(values, k=len(values))) for _ in range(RESAMPLES)
    )
    return drawn[round(0.025 * (RESAMPLES - 1))], drawn[round(0.975 * (RESAMPLES - 1))]


def intervals(each: Sequence[Figures]) -> dict[str, tuple[float, float]]:
    """Return the interval of every figure."""
    names = dict.fromkeys(name for figures in each for name in figures)
    return {name: interval([f[name] for f in each if name in f]) for name in names}


def gain_over(ours: Sequence[Figures], theirs: Sequence[Figures], name: str) -> tuple[float, ...]:
    """Return by how much we are better, person by person: the mean and its interval."""
    gains = [one[name] - other[name] for one, other in zip(ours, theirs, strict=True)]
    return statistics.fmean(gains), *interval(gains)
