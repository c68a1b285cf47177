"""From the vectors of a note to what it means for a ranking: nearness to concepts and services.

Pure numbers: the caller says what is encoded and what is kept. A bench calls it as a page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwork.matching import Meaning
from linkwork.meaning.encoder import DIMENSIONS
from linkwork.meaning.teaching import NOTHING, Taught

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Deviations by which a concept stands out from what others' texts say of it: up to the first it
# is as far as any, from the second on it could not be said more plainly.
USUAL, PLAIN = 2.0, 8.0
MOST_CONCEPTS = 15
FEWEST_WORDS = 3
# How many standard deviations above the mean of the directory a service is fully alike.
ALIKE = 3.5
MOST_ALIKE = 1000
LEAST_SPREAD = 1e-6
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Known:
    """Things and the vector of each: rows of ``vectors`` belong to ``ids`` in their order."""

    ids: tuple[str, ...]
    vectors: NDArray[Any]


def nothing() -> Known:
    """Nothing known: no things and no rows."""
    import numpy as np

    return Known((), np.zeros((0, DIMENSIONS), dtype=np.float32))


def rows_of(ids: Sequence[str], vectors: NDArray[Any]) -> Known:
    """Things with one vector each, in the order of their ids, whatever order they came in."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return Known(tuple(ids[row] for row in order), vectors[order])


def service_text(name: str, description: str | None, terms: Iterable[str] = ()) -> str:
    """What is encoded of a service: its name, what it is filed under, and what it says."""
    parts = (name, ", ".join(sorted(terms)), description or "")
    return ". ".join(" ".join(part.split()).rstrip(".") for part in parts if part.strip())


def understand(
    vectors: NDArray[Any],
    taught: Taught | None,
    services: Known,
    *,
    said: Sequence[str] = (),
    wished: NDArray[Any] | None = None,
) -> Meaning:
    """What a note means, from the vectors of its sentences: the same numbers, the same answer.

    A concept is as near as its nearest sentence, from 0 to 1; ``said`` are the sentences in the
    order of the vectors, of which the nearest is given back. A service is alike by how far its
    cosine to the whole note stands out from the directory, and as much by how far that to the
    nearest of what is ``wished`` does (vectors of the labels of what was confirmed): from 0 at the
    mean to 1 at three and a half standard deviations above it. Only the thousand most alike are
    kept, and none of fewer than two services.
    """
    concepts, sentences = ({}, {}) if taught is None else _near(vectors, taught, said)
    return Meaning(concepts, _alike(vectors, wished, services), sentences)


def _near(
    vectors: NDArray[Any], taught: Taught, said: Sequence[str]
) -> tuple[dict[str, float], dict[str, str]]:
    if not len(vectors):
        return {}, {}
    scores = _that_say_something(taught, vectors, said)
    shares = ((scores.max(axis=0) - USUAL) / (PLAIN - USUAL)).clip(0.0, 1.0).round(DECIMALS)
    nearest = scores.argmax(axis=0)
    order = sorted(range(len(taught.ids)), key=lambda row: (-shares[row], taught.ids[row]))
    kept = [row for row in order[:MOST_CONCEPTS] if shares[row] > 0]
    concepts = {taught.ids[row]: float(shares[row]) for row in kept}
    return concepts, {taught.ids[row]: said[nearest[row]] for row in kept if said}


def _that_say_something(taught: Taught, vectors: NDArray[Any], said: Sequence[str]) -> NDArray[Any]:
    """Scores by sentence and concept; of small talk, and of a word or two, none stands out."""
    import numpy as np

    scores = taught.scores(vectors)
    silent = np.array([len(sentence.split()) < FEWEST_WORDS for sentence in said] or [False])
    if NOTHING in taught.ids:
        nothing = taught.ids.index(NOTHING)
        silent = silent | (scores.argmax(axis=1) == nothing)
        scores[:, nothing] = USUAL
    return np.where(silent[:, None], USUAL, scores)


def _alike(vectors: NDArray[Any], wished: NDArray[Any] | None, services: Known) -> dict[str, float]:
    import numpy as np

    if len(services.ids) < 2:
        return {}
    outstanding = np.zeros(len(services.ids))
    if len(vectors):
        whole = vectors.sum(axis=0)
        outstanding += _standing_out(services.vectors @ (whole / (np.linalg.norm(whole) or 1.0)))
    if wished is not None and len(wished):
        each = services.vectors @ wished.T
        outstanding += _standing_out(_standing_out(each).max(axis=1))
    shares = (_standing_out(outstanding) / ALIKE).clip(0.0, 1.0).round(DECIMALS)
    least = _least_kept(shares)
    return {services.ids[row]: float(shares[row]) for row in np.flatnonzero(shares > least)}


def _standing_out(values: NDArray[Any]) -> NDArray[Any]:
    """By how many standard deviations each is above the mean; nothing where all are the same."""
    import numpy as np

    spread = values.std(axis=0)
    deviation = np.where(spread > LEAST_SPREAD, spread, 1.0)
    found: NDArray[Any] = (values - values.mean(axis=0)) / deviation
    return found


def _least_kept(shares: NDArray[Any]) -> float:
    """What the thousandth has: those as near as it stay out too, so that order decides nothing."""
    import numpy as np

    if len(shares) <= MOST_ALIKE:
        return 0.0
    return float(np.partition(shares, -MOST_ALIKE - 1)[-MOST_ALIKE - 1])
