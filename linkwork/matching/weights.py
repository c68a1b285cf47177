"""How much each thing counts in a ranking: the few numbers that are fitted on judged people.

They are fitted on some sets of people and held to others they have not seen (the bench of
matching does it again: ``--leave-one-out``); near the defaults the figures hardly move.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts for a service, as shares of what fits best, and of a confirmed need."""

    heard: float = 0.6
    """A concept whose words were heard for certain, where a confirmed one has 2.5."""
    meant: float = 0.27
    """The most that a concept has which only a model takes the note to mean."""
    near: float = 0.85
    """A concept that goes with a wanted one, times how near it is."""
    each_further: float = 0.6
    """Each further concept a service meets, times that of the one before."""
    text: float = 0.1
    """Words that a service shares with the labels of what is wanted."""
    likeness: float = 0.5
    """How like the note the text of a service sounds to a model."""


FITTED = Weights()
