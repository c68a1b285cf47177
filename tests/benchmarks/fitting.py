"""Weights fitted on all sets of people but one, and held to the one that is left out.

A small grid around the weights that ship, one weight at a time, until a turn over all of them
brings nothing. What a set gains by weights that were fitted without it says whether the shipped
ones were fitted too closely to the people they were tuned on.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from linkwork.matching.weights import FITTED, Weights
from tests.benchmarks.figures import interval, ndcg
from tests.benchmarks.judged import Person

GRID: Mapping[str, Sequence[float]] = {
    "heard": (0.45, 0.6, 0.8),
    "meant": (0.18, 0.27, 0.36),
    "near": (0.5, 0.7, 0.9),
    "each_further": (0.6, 0.7, 0.8),
    "text": (0.0, 0.1),
    "likeness": (0.3, 0.5, 0.7),
}
LEAST_GAIN = 1e-4
Asked = Sequence[tuple[Person, Mapping[str, Any]]]
"""People, and what ``rank`` is asked for each but the weights."""


class Ranks(Protocol):
    """What ranks for somebody: the ids of the matches, best first."""

    def __call__(self, asked: Mapping[str, Any], weights: Weights) -> list[str]:
        """Rank by these weights."""


def leave_one_out(sets: Mapping[str, Asked], rank: Ranks) -> dict[str, dict[str, Any]]:
    """Return for each set the weights fitted on the others, and what they do on it.

    ``ndcg10`` with its interval, ``shipped`` the same by the weights that ship, and ``gain``
    person by person of the fitted over the shipped ones, with its interval.
    """
    found = {}
    for name, held_out in sets.items():
        others = [asked for other, asked in sets.items() if other != name]
        fitted = fit(others, rank)
        each, shipped = _each(held_out, rank, fitted), _each(held_out, rank, FITTED)
        gains = [one - other for one, other in zip(each, shipped, strict=True)]
        changed = {
            key: value for key in GRID if (value := getattr(fitted, key)) != getattr(FITTED, key)
        }
        found[name] = {
            "changed": changed,
            "ndcg10": _with_interval(each),
            "shipped": _with_interval(shipped),
            "gain": _with_interval(gains),
        }
    return found


def fit(sets: Sequence[Asked], rank: Ranks) -> Weights:
    """Return the best weights of the grid for these sets, each set counting the same."""
    best, score = FITTED, _mean(sets, rank, FITTED)
    while True:
        before = score
        for name, values in GRID.items():
            for value in values:
                tried = replace(best, **{name: value})
                if tried != best and (reached := _mean(sets, rank, tried)) > score + LEAST_GAIN:
                    best, score = tried, reached
        if score == before:
            return best


def _mean(sets: Sequence[Asked], rank: Ranks, weights: Weights) -> float:
    return statistics.fmean(statistics.fmean(_each(asked, rank, weights)) for asked in sets)


def _each(asked: Asked, rank: Ranks, weights: Weights) -> list[float]:
    return [ndcg(rank(of_them, weights), person.grades) for person, of_them in asked]


def _with_interval(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in (statistics.fmean(values), *interval(values))]
