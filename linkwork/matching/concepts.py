"""A concept: one thing that a person may want, live with or belong to, and a service may offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NEEDS = frozenset(
    "loneliness bereavement low_mood anxiety carer_stress money_debt benefits food housing work "
    "skills_learning physical_activity weight healthy_eating long_term_condition memory "
    "alcohol_drugs safety_abuse family_parenting language digital transport purpose_volunteering "
    "culture_faith work_stress".split()
)
"""The codes of the needs a worker records, in the words of the models."""


class Kind(StrEnum):
    """What a concept is: something needed, liked, lived with, belonged to or required."""

    NEED = "need"
    INTEREST = "interest"
    CONDITION = "condition"
    GROUP = "group"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a person may want and a service may offer."""

    id: str
    label: str
    kind: Kind
    need: str | None
    people_say: tuple[str, ...]
    directories_say: tuple[str, ...]
    also: tuple[str, ...]
    near: Mapping[str, float]
    """Concepts that help as well, with weights from 0 to 1."""
    sensitive: bool
    """Shown only on an explicit cue or a confirmed need."""
    of_others: bool
    """Said of somebody else it still concerns the person (a death, a parent's dementia)."""
    open_to_all: bool
    """Services that speak of this group take others too (older people, a church hall)."""
    examples: tuple[str, ...] = ()
    """Whole sentences that people or workers would say of this: a model of meaning reads them."""
    taxonomy: tuple[str, ...] = ()
    """Terms of taxonomies that services are filed under, which mean this."""
    openactive: Mapping[str, str] = field(default_factory=dict)
    """Terms of the OpenActive activity list that mean this, with the identifier of each."""
    file: str = ""
    """The file that says this, and the one that last changed it."""

    @property
    def is_audience(self) -> bool:
        """Say whether a service that is mainly about this is for these people only."""
        return self.kind in (Kind.GROUP, Kind.CONDITION) and not self.open_to_all

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term a directory may file a service under to mean this."""
        return (*self.taxonomy, *self.openactive)


def names_of(concept: Concept) -> tuple[str, ...]:
    """Return what a worker may type to mean this concept: label, id and other names."""
    return (concept.label, concept.id.replace("_", " "), *concept.also)
