"""The model of meaning for a bench: what it makes of a note, with no database.

Teaching it our concepts takes half a minute, so its vectors are kept from run to run in a file of
the system's folder for temporary things, under a name that changes with every word.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from linkwork import meaning
from linkwork.matching import Lexicon, Meaning
from tests.benchmarks.judged import Row


class Model:
    """The model that is installed, taught the concepts of a lexicon and told of activities."""

    def __init__(self, lexicon: Lexicon, activities: Iterable[Row]) -> None:
        """Load and teach it; raises ModelUnusable where there is none."""
        self._encoder = meaning.encoder()
        said = meaning.lessons(lexicon.concepts.values())
        known = list(activities)
        texts = [
            meaning.service_text(row["name"], row["description"], row["taxonomy"] or ())
            for row in known
        ]
        self._services = meaning.rows_of([row["id"] for row in known], self._kept(texts))
        vectors = self._kept([text for _, text in said])
        self._taught = meaning.taught([concept for concept, _ in said], vectors)

    def understand(self, note: str, wished: Sequence[str] = ()) -> Meaning:
        """Return what a note and the labels of what is wished mean, as a page would be told."""
        said = meaning.sentences(note)
        return meaning.understand(
            self._encoder.encode(said),
            self._taught,
            self._services,
            said=said,
            wished=self._encoder.encode(wished) if wished else None,
        )

    def order(self, note: str) -> list[str]:
        """Return the ids of all activities by how alike their text is to the note, and no more."""
        vector = self._encoder.encode([note])[0]
        cosines = self._services.vectors @ vector
        return [self._services.ids[row] for row in (-cosines).argsort(kind="stable")]

    def _kept(self, texts: Sequence[str]) -> Any:
        import numpy as np  # after linkwork.meaning, which holds it to one thread

        name = hashlib.sha256("\n".join((meaning.MODEL_HASH, *texts)).encode()).hexdigest()[:24]
        file = Path(tempfile.gettempdir()) / f"linkwork-benchmark-{name}.npy"
        if not file.is_file():
            made = file.with_suffix(".part.npy")
            np.save(made, self._encoder.encode(texts))
            made.replace(file)
        return np.load(file)
