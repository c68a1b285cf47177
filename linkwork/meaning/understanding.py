"""From the vectors of a note to what it means for a ranking: nearness to concepts and services.

Pure numbers: the caller says what is encoded and what is kept. A bench calls it as a page does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwork.matching import Concept, Lexicon, Meaning
from linkwork.matching.evidence import NO_MEANING
from linkwork.meaning.encoder import DIMENSIONS, Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of sentence and concept: below the first nothing is in common, from the second it is the same.
FAR, SAME = 0.20, 0.60
PHRASES = 6
# How many standard deviations above the mean of the directory a service is fully alike.
ALIKE = 4.0
MOST_ALIKE = 1000
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Known:
    """Things and the vectors of each: rows of ``vectors`` belong to ``ids`` in their order.

    A thing may stand there more than once, with several vectors.
    """

    ids: tuple[str, ...]
    vectors: NDArray[Any]


def nothing() -> Known:
    """Nothing known: no things and no rows."""
    import numpy as np

    return Known((), np.zeros((0, DIMENSIONS), dtype=np.float32))


def service_text(name: str, description: str | None, terms: Iterable[str] = ()) -> str:
    """What is encoded of a service: its name, what it is filed under, and what it says."""
    parts = (name, ", ".join(sorted(terms)), description or "")
    return ". ".join(" ".join(part.split()).rstrip(".") for part in parts if part.strip())


def concept_texts(concept: Concept) -> list[str]:
    """What is encoded of a concept: its label with its other names, and how people speak of it."""
    return [", ".join((concept.label, *concept.also[:PHRASES])), *concept.people_say[:PHRASES]]


def of_concepts(lexicon: Lexicon, encoder: Encoder) -> Known:
    """The concepts with the vectors of their texts; some seconds for a whole lexicon."""
    texts = [
        (concept.id, text)
        for concept in lexicon.concepts.values()
        for text in concept_texts(concept)
    ]
    return Known(tuple(one for one, _ in texts), encoder.encode([text for _, text in texts]))


def understand(sentences: NDArray[Any], concepts: Known, services: Known) -> Meaning:
    """What a note means, from the vectors of its sentences: the same numbers, the same answer.

    A concept is as near as its nearest sentence. A service is alike by how far its cosine to the
    whole note stands out from the directory, from 0 at the mean to 1 at four standard deviations
    above it; only the thousand most alike are kept, and none of fewer than two services.
    """
    if not len(sentences):
        return NO_MEANING
    return Meaning(_near(sentences, concepts), _alike(sentences, services))


def _near(sentences: NDArray[Any], concepts: Known) -> dict[str, float]:
    if not concepts.ids:
        return {}
    best = (sentences @ concepts.vectors.T).max(axis=0)
    shares = ((best - FAR) / (SAME - FAR)).clip(0.0, 1.0).round(DECIMALS).tolist()
    found: dict[str, float] = {}
    for concept, share in zip(concepts.ids, shares, strict=True):
        if share > found.get(concept, 0.0):
            found[concept] = share
    return found


def _alike(sentences: NDArray[Any], services: Known) -> dict[str, float]:
    import numpy as np

    if len(services.ids) < 2:
        return {}
    whole = sentences.sum(axis=0)
    cosines = services.vectors @ (whole / (np.linalg.norm(whole) or 1.0))
    spread = float(cosines.std())
    if not spread:
        return {}
    shares = ((cosines - cosines.mean()) / (ALIKE * spread)).clip(0.0, 1.0).round(DECIMALS)
    least = _least_kept(shares)
    return {services.ids[row]: float(shares[row]) for row in np.flatnonzero(shares > least)}


def _least_kept(shares: NDArray[Any]) -> float:
    """What the thousandth has: those as near as it stay out too, so that order decides nothing."""
    import numpy as np

    if len(shares) <= MOST_ALIKE:
        return 0.0
    return float(np.partition(shares, -MOST_ALIKE - 1)[-MOST_ALIKE - 1])


def rows_of(ids: Sequence[str], vectors: NDArray[Any]) -> Known:
    """Things with one vector each, in the order of their ids, whatever order they came in."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return Known(tuple(ids[row] for row in order), vectors[order])
