"""How much speaks for every service at once, before any limit.

The same formula for ten services and for a hundred thousand. What is wanted is held against what
each service is about; the terms of a service count the less the more of them there are, so that
one that is exactly what is wanted does not lose to one that touches on everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log1p

import numpy as np

from linkwork.matching.facts import Flags, Floats
from linkwork.matching.meant import Meaning
from linkwork.matching.prepared import Prepared
from linkwork.matching.wanting import Want
from linkwork.matching.weights import FITTED, Weights

TEXT_ALONE = 0.75
"""A service that only shares words with the note is shown when its text is this near the best.

This and likeness show only what is about something known and nothing sensitive."""
LIKE_ALONE = 0.5
"""A service that only sounds like the note is shown when it stands out this far."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for each service, before any limit; 0 and False for all others."""

    worth: Mapping[str, float]
    """What a whole mention of each wanted concept counts."""
    is_candidate: Flags
    score: Floats


def weigh(
    prepared: Prepared,
    wanted: Mapping[str, Want],
    text_scores: Mapping[str, float],
    meaning: Meaning,
    without: Collection[str] = (),
    weights: Weights = FITTED,
) -> Evidence:
    """Return every service with evidence, scored by its share of the best there is.

    Those ``without`` which it is asked are no candidates, but still say how common a concept is.
    """
    worth = {c: want.weight * rarity(prepared, c) for c, want in wanted.items()}
    terms = _terms(prepared, worth)
    text = _shares(prepared, text_scores)
    likeness = column(prepared, meaning.likeness, 0.0)
    alone = (text >= TEXT_ALONE) | (likeness >= LIKE_ALONE)
    speaks = prepared.with_any(worth) | alone & prepared.is_plain
    is_candidate = speaks & _may_be_seen(prepared, wanted)
    is_candidate[[prepared.numbers[one] for one in without if one in prepared.numbers]] = False
    together = np.where(is_candidate, _together(terms, weights.each_further), 0.0)
    best = float(together.max(initial=0.0)) or 1.0
    score = together / best + weights.text * text
    score += weights.likeness * likeness
    return Evidence(worth, is_candidate, score)


def rarity(prepared: Prepared, concept: str) -> float:
    """Return how telling a concept is: 1 for a rare one, less for common ones."""
    of_it = len(prepared.about[concept].numbers) if concept in prepared.about else 0
    whole = log1p(len(prepared)) or 1.0
    return log1p(len(prepared) / (1 + of_it)) / whole


def _terms(prepared: Prepared, worth: Mapping[str, float]) -> Floats:
    """Return the terms of each service in a row, the greatest first, then nothing."""
    met = [concept for concept in worth if concept in prepared.about]
    counted = np.bincount(
        np.concatenate([np.zeros(0, np.intp), *(prepared.about[one].numbers for one in met)]),
        minlength=len(prepared),
    )
    table = np.zeros((len(prepared), int(counted.max(initial=0))))
    so_far = np.zeros(len(prepared), np.intp)
    for concept in met:
        numbers, weights = prepared.about[concept]
        table[numbers, so_far[numbers]] = worth[concept] * weights
        so_far[numbers] += 1
    some = np.flatnonzero(so_far > 1)
    table[some] = -np.sort(-table[some], axis=1)
    return table


def _together(terms: Floats, each_further: float) -> Floats:
    """Return the evidence of all terms, each further one counting for less than the one before."""
    total = np.zeros(len(terms))
    for place in range(terms.shape[1]):
        total += terms[:, place] * each_further**place
    return total


def _shares(prepared: Prepared, text_scores: Mapping[str, float]) -> Floats:
    """Return how near the words of each service are to those of the best, 0 to 1."""
    best = max(text_scores.values(), default=0.0)
    if best <= 0:
        return np.zeros(len(prepared))
    return column(prepared, text_scores, 0.0) / best


def column(prepared: Prepared, values: Mapping[str, float], otherwise: float | Floats) -> Floats:
    """Return a value for each service: that of its id, or else the other one."""
    found = np.full(len(prepared), otherwise, np.float64)
    for code, value in values.items():
        if (number := prepared.numbers.get(code)) is not None:
            found[number] = value
    return found


def _may_be_seen(prepared: Prepared, wanted: Mapping[str, Want]) -> Flags:
    """Sensitive services need their own concept to be confirmed or clearly heard."""
    seen = ~prepared.is_sensitive
    for concept, numbers in prepared.sensitive.items():
        if concept in wanted and wanted[concept].is_explicit:
            seen[numbers] = True
    return seen
