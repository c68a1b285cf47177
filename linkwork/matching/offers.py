"""A service seen only through what matching may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from linkwork.matching.lexicon import Lexicon

IN_PERSON, HOME, PHONE, ONLINE, TEXT = "in_person", "home", "phone", "online", "text"
AT_A_DISTANCE = frozenset({PHONE, ONLINE, TEXT})
WITHOUT_LEAVING_HOME = AT_A_DISTANCE | {HOME}

CAPACITY, WAITLIST, NO_CAPACITY = "capacity", "waitlist", "no-capacity"
ASSESSMENT = "additional-assessment-required"

NEARLY_FIRST = 0.8
SPOKEN_OF = 0.5


class Session(NamedTuple):
    """A weekly time: weekday 0 is Monday; a missing hour was not stated."""

    weekday: int
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One service as matching sees it; what its directory entry leaves blank is None or empty.

    ``concepts`` come from ``describe`` at import; places are (latitude, longitude) in degrees;
    ``cost`` is pounds a session; ``gender`` is "women", "men" or None for everyone; ``groups`` are
    concepts it is only for; ``access`` None means that nothing is known about the building.
    """

    id: str
    name: str
    provider: str = ""
    concepts: Mapping[str, float] = field(default_factory=dict)
    places: tuple[tuple[float, float], ...] = ()
    channels: frozenset[str] = frozenset()
    sessions: tuple[Session, ...] = ()
    sessions_text: str = ""
    cost: Decimal | None = None
    cost_text: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    gender: str | None = None
    groups: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    access: frozenset[str] | None = None
    capacity_status: str | None = None
    verified_on: date | None = None
    ends_on: date | None = None
    open_for_us: int = 0
    """How many of our referrals to it are open: the less busy one is shown first."""

    @property
    def is_free(self) -> bool:
        """Say whether the entry says that it costs nothing."""
        return self.cost == 0 or (self.cost is None and self.cost_text.lower().startswith("free"))


def sensitive_concepts(offer: Offer, lexicon: Lexicon) -> frozenset[str]:
    """Return the sensitive concepts that a service speaks of plainly, usually none.

    A whole mention in the description is plain, whatever stands in the name: a women’s centre for
    those who live with violence is not for everybody who asks for company. A hint is not.
    """
    found = lexicon.sensitive & offer.concepts.keys()
    return frozenset(concept for concept in found if offer.concepts[concept] >= SPOKEN_OF)


def meant_for(offer: Offer, belongs_to: frozenset[str], lexicon: Lexicon) -> str | None:
    """Return the group that the service seems to be for, when the person is not known to belong.

    Read from what it is mainly about, for the many entries that leave their audience blank.
    """
    first = max(offer.concepts.values(), default=0.0)
    for concept, weight in offer.concepts.items():
        known = lexicon.concepts.get(concept)
        if known and known.is_audience and weight >= NEARLY_FIRST * first:
            return None if belongs_to & offer.concepts.keys() else concept
    return None
