"""What the entries of a directory say, in arrays: one place for each service, in their order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from linkwork.matching.asked import is_one_to_one, mainly
from linkwork.matching.offers import Offer, Session

Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Days = NDArray[np.int32]
NEVER = 0
"""The day of an entry that states none, as an ordinal."""


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Services in kinds that a rule cannot tell apart: it is asked once for each kind."""

    of: Numbers
    """The kind of each service."""
    examples: tuple[Offer, ...]
    """One service of each kind."""

    @classmethod
    def by(cls, key: Callable[[Offer], Hashable], offers: Sequence[Offer]) -> Kinds:
        """Put services with the same key into one kind."""
        known: dict[Hashable, int] = {}
        examples: list[Offer] = []
        of = np.empty(len(offers), np.intp)
        for number, offer in enumerate(offers):
            of[number] = kind = known.setdefault(key(offer), len(known))
            if kind == len(examples):
                examples.append(offer)
        return cls(of, tuple(examples))

    def where(self, holds: Callable[[Offer], bool]) -> Flags:
        """Say of each service whether something holds of its kind."""
        return np.fromiter(map(holds, self.examples), np.bool_, len(self.examples))[self.of]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Every place of every service: whose it is, and where in degrees."""

    of: Numbers
    latitude: Floats
    longitude: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Every weekly time of every service: whose it is, and which of the different ones."""

    of: Numbers
    which: Numbers
    different: tuple[Session, ...]


READS: dict[str, Callable[[Offer], Hashable]] = {
    "unwanted": mainly,
    "gender": lambda offer: offer.gender,
    "mixed": lambda offer: (offer.gender, offer.channels, is_one_to_one(offer)),
    "age": lambda offer: (offer.minimum_age, offer.maximum_age),
    # What a service is about makes thousands of kinds: it counts only where it has groups.
    "group": lambda offer: (offer.groups, mainly(offer) if offer.groups else None),
    "language": lambda offer: (offer.languages, is_one_to_one(offer)),
    "channel": lambda offer: offer.channels,
    "cost": lambda offer: (offer.is_free, offer.cost),
    "access": lambda offer: (offer.access, offer.channels),
}
"""All that each limit reads of a service, by its name in ``limits.JUDGES``; a test holds it so."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What is asked of all services at once; days are ordinals."""

    kinds: dict[str, Kinds]
    """The kinds of services for each limit of ``READS``."""
    capacity: Kinds
    ends_on: Days
    verified_on: Days
    open_for_us: Floats
    places: Places
    times: Times

    @classmethod
    def of(cls, offers: Sequence[Offer]) -> Facts:
        """Read the facts of these services."""
        return cls(
            kinds={name: Kinds.by(key, offers) for name, key in READS.items()},
            capacity=Kinds.by(lambda offer: offer.capacity_status, offers),
            ends_on=_days(offer.ends_on for offer in offers),
            verified_on=_days(offer.verified_on for offer in offers),
            open_for_us=np.array([offer.open_for_us for offer in offers], np.float64),
            places=_places(offers),
            times=_times(offers),
        )


def flags(size: int, numbers: Iterable[Numbers]) -> Flags:
    """Return a flag for each of ``size`` services, set for those that are numbered."""
    found = np.zeros(size, np.bool_)
    for some in numbers:
        found[some] = True
    return found


def _days(days: Iterable[date | None]) -> Days:
    return np.fromiter((NEVER if day is None else day.toordinal() for day in days), np.int32)


def _places(offers: Sequence[Offer]) -> Places:
    rows = [(number, *place) for number, offer in enumerate(offers) for place in offer.places]
    table = np.array(rows, np.float64).reshape(len(rows), 3)
    return Places(table[:, 0].astype(np.intp), table[:, 1].copy(), table[:, 2].copy())


def _times(offers: Sequence[Offer]) -> Times:
    known: dict[Session, int] = {}
    rows = [
        (number, known.setdefault(session, len(known)))
        for number, offer in enumerate(offers)
        for session in offer.sessions
    ]
    table = np.array(rows, np.intp).reshape(len(rows), 2)
    return Times(table[:, 0].copy(), table[:, 1].copy(), tuple(known))
