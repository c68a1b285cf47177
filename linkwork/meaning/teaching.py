"""What is taught about concepts: from vectors of how each is said, how near a sentence is to it.

One layer over the vectors of the model: ridge regression of every concept against all the others,
solved in closed form, so that the same concept files always teach the same. Held on people whose
words it had not seen, it finds more than twice as many needs as the nearest phrase does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from linkwork.matching import Concept
from linkwork.meaning.encoder import DIMENSIONS
from linkwork.meaning.small_talk import SMALL_TALK

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIDGE = 0.5
"""How much a layer that is simple is preferred to one that fits; from 0.3 to 10 differ little."""
LEAST_SPREAD = 1e-6
DECIMALS = 6
OFTEN = {
    "loneliness": 1.5,
    "low_mood": 1.2,
    "anxiety": 1.2,
    "benefits": 0.7,
    "exercise": 0.7,
    "befriending": 0.5,
    "bereavement": 0.5,
    "debt": 0.5,
    "social_club": 0.5,
    "talking_therapy": 0.5,
    "carers": 0.4,
    "housing": 0.4,
    "coffee_morning": 0.3,
    "confidence": 0.3,
    "craft": 0.3,
    "employment": 0.3,
    "gardening": 0.3,
    "peer_support": 0.3,
    "volunteering": 0.3,
    "walking": 0.3,
    "weight": 0.3,
}
"""What many come to a link worker with is meant sooner than what few do: by these deviations.

Known of the work itself (what people are referred for in England), not taken from any notes.
"""
RECIPE = f"{RIDGE} {OFTEN}"
"""Differs when the same lessons would be learnt otherwise."""
NOTHING = ""
"""Taught beside the concepts: a sentence that stands in notes and says nothing of a need."""
SOMEBODY = "her"
"""Stands in for "any word" of a phrase, which is most often a possessive ("lost _ husband")."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A layer: ``weights`` has a column for each of ``ids``; the rest centres and scales.

    ``middle`` is the mean vector of all texts; ``usual`` and ``spread`` are the mean and the
    standard deviation of the scores that a concept gives to the texts of all others.
    """

    ids: tuple[str, ...]
    weights: NDArray[Any]
    middle: NDArray[Any]
    usual: NDArray[Any]
    spread: NDArray[Any]

    def scores(self, vectors: NDArray[Any]) -> NDArray[Any]:
        """Return the deviations by which each concept (column) stands out for each vector (row)."""
        found: NDArray[Any] = ((vectors - self.middle) @ self.weights - self.usual) / self.spread
        return found

    def to_bytes(self) -> bytes:
        """Return the numbers as they are kept: float32, first the weights."""
        import numpy as np

        parts = (self.weights, self.middle, self.usual, self.spread)
        return np.concatenate([part.astype("<f4").ravel() for part in parts]).tobytes()

    @classmethod
    def from_bytes(cls, ids: Sequence[str], kept: bytes) -> Taught:
        """Return what ``to_bytes`` gave of these concepts; raises ValueError otherwise."""
        import numpy as np

        many = len(ids)
        numbers = np.frombuffer(kept, dtype="<f4").astype(np.float32)
        if len(numbers) != DIMENSIONS * many + DIMENSIONS + 2 * many:
            raise ValueError("These are not the numbers of as many concepts.")
        ends = (DIMENSIONS * many, DIMENSIONS * (many + 1), DIMENSIONS * (many + 1) + many)
        weights, middle, usual, spread = np.split(numbers, ends)
        return cls(tuple(ids), weights.reshape(DIMENSIONS, many), middle, usual, spread)


def lessons(concepts: Iterable[Concept]) -> list[tuple[str, str]]:
    """Return all that a model is taught, in pairs of a concept's id and a text; ``NOTHING`` too."""
    said = [(concept.id, text) for concept in concepts for text in concept_texts(concept)]
    return [*said, *((NOTHING, text) for text in SMALL_TALK)]


def concept_texts(concept: Concept) -> list[str]:
    """Return what is said of a concept: its names, people's and directories' words, examples.

    Hints are left out: a word that only may mean it would teach the layer the other meanings too.
    """
    phrases = (*concept.people_say, *concept.directories_say)
    said = [_plain(phrase) for phrase in phrases if not phrase.startswith("?")]
    texts = (concept.label, *concept.also, *said, *concept.examples)
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _plain(phrase: str) -> str:
    words = (SOMEBODY if word == "_" else word.rstrip("*") for word in phrase.split())
    return " ".join(words)


def taught(of: Sequence[str], vectors: NDArray[Any]) -> Taught:
    """Return the layer for texts of which ``of`` says whose concept each row of vectors is.

    Every concept counts the same, however many texts it has. Time is that of one system of 384
    equations, some tenths of a second.
    """
    import numpy as np

    ids = tuple(sorted(set(of)))
    place = {concept: column for column, concept in enumerate(ids)}
    column = np.array([place[concept] for concept in of], dtype=np.intp)
    exact = vectors.astype(np.float64)
    middle = exact.mean(axis=0)
    centred = exact - middle
    share = 1.0 / np.bincount(column, minlength=len(ids))[column]
    share *= len(of) / share.sum()
    is_it = np.zeros((len(of), len(ids)))
    is_it[np.arange(len(of)), column] = 1.0
    weighted = (centred * share[:, None]).T
    ridge = RIDGE * len(of) / DIMENSIONS * np.eye(DIMENSIONS)
    weights = np.linalg.solve(weighted @ centred + ridge, weighted @ (is_it - is_it.mean(axis=0)))
    usual, spread = _of_others(centred @ weights, is_it)
    usual -= spread * [OFTEN.get(concept, 0.0) for concept in ids]
    return Taught(ids, *(part.astype(np.float32) for part in (weights, middle, usual, spread)))


def _of_others(scores: NDArray[Any], is_it: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The mean and standard deviation, for each concept, of the scores of all others' texts."""
    import numpy as np

    others = 1.0 - is_it
    many = np.maximum(others.sum(axis=0), 1.0)
    usual = (scores * others).sum(axis=0) / many
    spread = np.sqrt((((scores - usual) ** 2) * others).sum(axis=0) / many)
    return usual, np.maximum(spread, LEAST_SPREAD)
