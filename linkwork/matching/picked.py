"""Some offers of a directory, looked up only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from linkwork.matching.offers import Offer


class Picked(Sequence[Offer]):
    """Offers by their numbers: their count costs nothing, and a slice costs its length."""

    __slots__ = ("_numbers", "_offers")

    def __init__(self, offers: Sequence[Offer], numbers: Sequence[int]) -> None:
        """Pick the offers with these numbers, in this order."""
        self._offers = offers
        self._numbers = numbers

    def __len__(self) -> int:
        """How many were picked."""
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Offer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Offer, ...]: ...
    def __getitem__(self, place: int | slice) -> Offer | tuple[Offer, ...]:
        """The offer at a place, or those at a slice."""
        if isinstance(place, slice):
            return tuple(self._offers[number] for number in self._numbers[place])
        return self._offers[self._numbers[place]]

    def __eq__(self, other: object) -> bool:
        """Whether the very same offers stand in the same order."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Equal for equal offers."""
        return hash(tuple(offer.id for offer in self))

    def __repr__(self) -> str:
        """How many, and no more: there may be thousands."""
        return f"<Picked {len(self)} offers>"
