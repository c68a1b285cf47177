"""What a model of meaning says of a note, where there is one; without it everything works too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Meaning:
    """How near a note is to concepts and to services, from 0 (nothing in common) to 1.

    By concept and by offer id; what is not near is left out.
    """

    concepts: Mapping[str, float] = field(default_factory=dict)
    likeness: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    """The sentence of the note that is nearest to each of the concepts, as it was written."""


NO_MEANING = Meaning()
